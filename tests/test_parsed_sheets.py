"""Sheets are parsed once for a set of variables, whatever Textual asks for, and give the rules of Textual's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.app import App, ComposeResult
from textual.color import Color
from textual.css import stylesheet as textual_sheets
from textual.css.stylesheet import Stylesheet, StylesheetParseError
from textual.screen import Screen
from textual.widgets import Static

from whisul_tui import parsed_sheets
from whisul_tui.parsed_sheets import ParsedOnce, SheetsInTime, parse_once

SHEET = "Static { color: $ink; &:focus { width: 3; } }\n#a > .b:hover { background: $ground; border: round $ink; }"


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The sheets that Textual's parser was asked for."""
    asked: list[str] = []
    parse = textual_sheets.parse  # type: ignore[attr-defined]

    def counted(scope: str, css: str, *rest: object, **more: object) -> object:
        asked.append(css)
        return parse(scope, css, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(textual_sheets, "parse", counted)
    parsed_sheets._parsed.clear()
    yield asked
    parsed_sheets._parsed.clear()


def sheet(kind: type[Stylesheet], ink: str) -> Stylesheet:
    made = kind(variables={"ink": ink, "ground": "#000000"})
    made.add_source(SHEET, ("here", ""))
    made.parse()
    return made


def test_the_same_sheet_is_parsed_once_for_all_apps_and_gives_the_rules_of_textual(parsed: list[str]) -> None:
    one = sheet(ParsedOnce, "red")
    one.reparse()
    one.set_variables(dict(one._variables))
    one.add_source("Label { width: 2; }", ("there", ""))
    one.reparse()
    assert parsed == [SHEET, "Label { width: 2; }"]
    assert sheet(ParsedOnce, "red").css == sheet(Stylesheet, "red").css != ""
    assert parsed[2:] == [SHEET]  # Textual's own


def test_another_theme_is_parsed_anew_and_the_one_before_is_still_known(parsed: list[str]) -> None:
    one = sheet(ParsedOnce, "red")
    before = one.css
    one.set_variables({**one._variables, "ink": "blue"})
    one.reparse()
    assert one.css == sheet(Stylesheet, "blue").css != before
    one.set_variables({**one._variables, "ink": "red"})
    one.reparse()
    assert one.css == before
    assert len(parsed) == 3


def test_a_sheet_that_is_wrong_is_told_and_the_rules_stay(parsed: list[str]) -> None:
    one = sheet(ParsedOnce, "red")
    before = one.css
    one.add_source("Label { width: sideways; }", ("there", ""))
    with pytest.raises(StylesheetParseError):
        one.reparse()
    assert "sideways" not in "".join(rule.css for rule in one._rules)
    assert "\n\n".join(rule.css for rule in one._rules) == before


def test_an_unknown_textual_keeps_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    app: App[None] = App()
    monkeypatch.setattr("whisul_tui.parsed_sheets.release", lambda: "9.0.0")
    parse_once(app)
    assert type(app.stylesheet) is Stylesheet
    monkeypatch.undo()
    parse_once(app)
    assert isinstance(app.stylesheet, ParsedOnce)


class Coloured(Screen[None]):
    """Writes in the style of a part of its own while it is composed."""

    COMPONENT_CLASSES = {"coloured--part"}
    told: object = None

    def compose(self) -> ComposeResult:
        self.told = self.get_component_styles("coloured--part").color
        yield Static()


async def test_a_screens_own_sheet_is_read_before_the_screen_is_made(tmp_path: Path, parsed: list[str]) -> None:
    sheet = tmp_path / "own.tcss"
    sheet.write_text("Coloured > .coloured--part { color: #ff0000; }")
    Coloured.CSS_PATH = str(sheet)
    app = SheetsInTime()
    parse_once(app)
    async with app.run_test() as pilot:
        for _ in range(2):
            screen = Coloured()
            await pilot.app.push_screen(screen)
            assert screen.told == Color(255, 0, 0)
            pilot.app.pop_screen()
        assert parsed.count(sheet.read_text()) == 1
