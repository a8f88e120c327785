"""No text of the program's drawing rooms is read as markup unless it is a word of the program's own."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import whisul_tui

PACKAGE = Path(whisul_tui.__file__).parent
ROOMS = ("screens", "widgets", "workers")
SOURCES = sorted(
    [path for room in ROOMS for path in (PACKAGE / room).rglob("*.py")] + [PACKAGE / "app.py", PACKAGE / "commands.py"]
)
SHOWS_ITS_ARGUMENT = {
    "Static", "Label", "Button", "Checkbox", "RadioButton", "Link", "Collapsible", "Digits", "notify", "Tab", "TabPane",
    "Toast", "Tooltip",
}  # fmt: skip
READS_MARKUP = {"OptionList", "SelectionList", "Select", "Tree", "DataTable", "RichLog", "Markdown", "Tabs"}
FORBIDDEN = {"from_markup", "render_markup", "add_row", "add_rows", "add_column", "add_columns", "add_option"}
ATTRIBUTES = {"tooltip", "border_title", "border_subtitle"}
PLAIN = {"Text", "Content", "assemble"}


def breaches(source: str) -> list[str]:
    """A line for each place where data could be read as markup."""
    return [f"{node.lineno}: {why}" for node in ast.walk(ast.parse(source)) for why in _why(node)]


def _why(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Call):
        name = _name(node.func)
        shown = [
            *node.args,
            *(key.value for key in node.keywords if key.arg in ("content", "label", "message", "title")),
        ]
        if name in SHOWS_ITS_ARGUMENT and not _without_markup(node):
            if not shown or any(not _is_own(value) or _is_empty(value) for value in shown[:1]):
                yield f"{name} shows what is no constant (or is filled later) without markup=False"
        elif name in READS_MARKUP and not _without_markup(node) and not _is_type(node):
            yield f"{name} without markup=False"
        elif name in FORBIDDEN:
            yield f"{name} reads markup"
        elif name == "exit" and any(key.arg == "message" and not _is_plain(key.value) for key in node.keywords):
            yield "exit(message=) is printed with markup: give it a Text"
    elif isinstance(node, ast.ClassDef):
        bases = {_name(base) for base in node.bases}
        if bases & {"Static", "Label", "Button", "OptionList"} and "markup=False" not in ast.unparse(node):
            yield f"{node.name} hands its text to {', '.join(sorted(bases))} without markup=False"
    elif isinstance(node, ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Attribute) and target.attr in ATTRIBUTES and not _is_own(node.value):
                yield f"{target.attr} is read as markup: give it a constant, a Text or a Content"


def _name(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _without_markup(call: ast.Call) -> bool:
    return any(
        key.arg == "markup" and isinstance(key.value, ast.Constant) and key.value.value is False
        for key in call.keywords
    )


def _is_type(call: ast.Call) -> bool:
    """`super().__init__` and events such as OptionList.OptionSelected are no constructors of ours."""
    return not isinstance(call.func, ast.Name)


def _is_own(value: ast.expr) -> bool:
    return (isinstance(value, ast.Constant) and isinstance(value.value, str)) or _is_plain(value)


def _is_empty(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value == ""


def _is_plain(value: ast.expr) -> bool:
    return isinstance(value, ast.Call) and _name(value.func) in PLAIN


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_markup_from_data(path: Path) -> None:
    assert breaches(path.read_text()) == []


@pytest.mark.parametrize(
    "source",
    [
        'Static(f"{job.name}")',
        "Static(title)",
        'Static("")',
        "Static(id='x')",
        "self.notify(error.sentence)",
        "self.notify(text, markup=True)",
        "self.app.notify(f'{x}')",
        "Button(label=name)",
        "OptionList(*rows)",
        "box.border_title = job.name",
        "widget.tooltip = f'{url}'",
        "table.add_row(job.name)",
        "app.exit(1, message=str(error))",
        "Text.from_markup(title)",
        "class Card(Static):\n    def __init__(self, text):\n        super().__init__(text)",
    ],
)
def test_the_rule_sees(source: str) -> None:
    assert breaches(source)


@pytest.mark.parametrize(
    "source",
    [
        'Static("Prompt")',
        "Static(title, markup=False)",
        "Static(Text(title))",
        "self.notify(text, markup=False)",
        'box.border_title = "Keys"',
        "app.exit(1, message=Text(str(error)))",
        "OptionList(*rows, markup=False)",
    ],
)
def test_the_rule_lets_pass(source: str) -> None:
    assert breaches(source) == []
