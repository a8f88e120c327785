"""Choosing a template, or keeping the editor's text as one."""

from __future__ import annotations

from pathlib import Path

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from whisul_tui.keymap import bindings
from whisul_tui.screens.dialog import Dialog
from whisul_tui.screens.fuzzy import best_first
from whisul_tui.stylesheets import sheets
from whisul_tui.template_files import Template, TemplateError, keep_template, read_templates
from whisul_tui.widgets.cells import cut
from whisul_tui.widgets.choice_list import ChoiceList
from whisul_tui.widgets.hints import subtitle

_NAME_WIDTH = 20
_EXAMPLE = "{{mood}} lofi, {{bpm:80}} bpm"


class TemplateScreen(Dialog[str | None]):
    """Type to narrow by some letters, Enter takes the template; what was typed can name a new one."""

    CSS_PATH = sheets("composing")
    BINDINGS = bindings("templates")
    AUTO_FOCUS = "Input"
    COMPONENT_CLASSES = {"template-screen--name", "template-screen--text"}

    def __init__(self, folder: Path, text: str) -> None:
        """`text` is the editor's."""
        super().__init__()
        self._folder = folder
        self._text = text
        self._shown: list[Template] = []

    def compose(self) -> ComposeResult:
        with Vertical(id="template-box") as box:
            box.border_title = "Templates"
            ids = ("templates.take", "templates.keep", "templates.close")
            box.border_subtitle = Content(subtitle(ids, getattr(self.app, "_keymap", {})))
            yield Input(placeholder="some letters, or a name for the editor's text", max_length=80, compact=True)
            yield ChoiceList(compact=True)
            yield Static("", classes="told", markup=False)

    def on_mount(self) -> None:
        self.query_one(Input).cursor_blink = False
        self._look()

    def on_resize(self) -> None:
        self._look()

    def _look(self) -> None:
        found = read_templates(self._folder)
        search = self.query_one(Input).value
        self._shown = best_first(found.templates, lambda one: f"{one.name} {one.text}", search)
        options = self.query_one(ChoiceList)
        width = max(20, self.query_one(Input).size.width - 2)  # the list has none while it is hidden
        options.set_options([Option(self._row(one, width)) for one in self._shown])
        options.display = bool(self._shown)
        if self._shown:
            options.highlighted = 0
        told = list(found.problems[:3])
        if not self._shown:
            none = f"No template yet. One is a text file in {self._folder}, as: {_EXAMPLE}"
            told.insert(0, "No template has these letters." if found.templates else none)
        self._tell("\n".join(told))

    def _row(self, one: Template, width: int) -> Text:
        text = Text(no_wrap=True, end="")
        text.append(f"{cut(one.name, _NAME_WIDTH):<{_NAME_WIDTH}}  ", self._style("name"))
        shown = " ".join((one.about or one.text)[:400].split())
        return text.append(cut(shown, max(4, width - _NAME_WIDTH - 2)), self._style("text"))

    def _tell(self, sentence: str) -> None:
        self.query_one(".told", Static).update(sentence)

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._look()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_take()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(self._shown[event.option_index].text)

    def action_take(self) -> None:
        """The highlighted template into the editor."""
        at = self.query_one(ChoiceList).highlighted
        if at is not None and at < len(self._shown):
            self.dismiss(self._shown[at].text)

    def action_keep(self) -> None:
        """The editor's text as a template, called as was typed."""
        name = self.query_one(Input).value
        try:
            path = keep_template(self._folder, name, self._text)
        except TemplateError as error:
            self._tell(f"Type a name for the editor's text first. {error}" if not name.strip() else str(error))
        else:
            self._look()
            self._tell(f"Kept as {path.name}.")

    def action_move(self, step: int) -> None:
        """Down, or up."""
        options = self.query_one(ChoiceList)
        options.action_cursor_down() if step > 0 else options.action_cursor_up()

    def action_close(self) -> None:
        """Away with it."""
        self.dismiss(None)

    def _style(self, part: str) -> str:
        return str(self.get_component_rich_style(f"template-screen--{part}", partial=True))
