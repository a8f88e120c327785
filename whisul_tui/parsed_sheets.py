"""Sheets that are read in time, and parsed once: Textual parses all anew when a theme is set or a widget has its own.

Leans on Textual's internals; where they are not the known ones, Textual's own Stylesheet is left in its place.
"""

from __future__ import annotations

from typing import Any

from textual.app import App
from textual.cache import LRUCache
from textual.css.model import RuleSet
from textual.css.stylesheet import CssSource, Stylesheet
from textual.css.types import CSSLocation
from textual.screen import Screen

from whisul_tui.terminal.textual_release import KNOWN, release

_KEPT = 4  # sets of variables: the theme, and those that were looked at before
_Rules = dict[tuple[object, ...], list[RuleSet]]
_parsed: LRUCache[frozenset[tuple[str, str]], _Rules] = LRUCache(_KEPT)


class ParsedOnce(Stylesheet):
    """Rules are a sheet's and its variables' alone, and nothing changes them: all apps of a process share them."""

    def __init__(self, *, variables: dict[str, str] | None = None) -> None:
        super().__init__(variables=variables)
        self._shared = _rules_of(self._variables)
        self._done: tuple[_Rules, dict[CSSLocation, CssSource]] | None = None

    def set_variables(self, variables: dict[str, str]) -> None:
        """Others than before, or nothing happens."""
        if variables != self._variables:
            super().set_variables(variables)
            self._shared = _rules_of(variables)

    def _parse_rules(self, css: str, read_from: CSSLocation, *rest: Any, **more: Any) -> list[RuleSet]:
        key = (css, read_from, *rest, *more.values())
        rules = self._shared.get(key)
        if rules is None:
            self._shared[key] = rules = super()._parse_rules(css, read_from, *rest, **more)
        return rules

    def parse(self) -> None:
        """Raises StylesheetError."""
        super().parse()
        self._done = self._shared, self.source.copy()

    def reparse(self) -> None:
        """Raises StylesheetError, with the rules as they were."""
        if self._done is None or self._done[0] is not self._shared or self._done[1] != self.source:
            self.parse()


class SheetsInTime(App[int]):
    """Reads a screen's sheets before it is made: Textual does so after, and what a screen composes in the styles
    of its own parts has none of their colours the first time."""

    def get_screen(self, screen: Screen[Any] | str, screen_class: type[Screen[Any]] | None = None) -> Any:
        """The screen; raises KeyError, TypeError, and StylesheetError where a sheet cannot be read or parsed."""
        found: Screen[Any] = super().get_screen(screen, screen_class)
        if new := [path for path in found.css_path if not self.stylesheet.has_source(str(path), "")]:
            self.stylesheet.read_all(new)
            self.stylesheet.reparse()
        return found


def parse_once(app: App[Any]) -> None:
    """Gives an app that has read no sheet yet one for the theme that it has now."""
    if release() in KNOWN and type(app.stylesheet) is Stylesheet and not app.stylesheet.source:
        RuleSet.__hash__ = object.__hash__  # type: ignore[method-assign]  # the identity too, 400 times a node
        app.stylesheet = ParsedOnce(variables=app.get_css_variables())


def _rules_of(variables: dict[str, str]) -> _Rules:
    key = frozenset(variables.items())
    rules = _parsed.get(key)
    if rules is None:
        _parsed[key] = rules = {}
    return rules
