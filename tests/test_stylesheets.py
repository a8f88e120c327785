"""Each screen's sheets: all are read by somebody, and the order in which they are read says nothing."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections import Counter
from itertools import chain
from pathlib import Path
from typing import Any

from textual.css.model import RuleSet
from textual.css.parse import parse
from textual.screen import Screen

import whisul_tui.screens
from whisul_tui.app import WhisulApp
from whisul_tui.stylesheets import styles_dir

SHARED = ("app", "too_small")


def rules(name: str) -> list[RuleSet]:
    text = re.sub(r"\$[\w-]+", "red", (styles_dir() / f"{name}.tcss").read_text())
    return list(parse("", text, ("", ""), variable_tokens=None))


def own_sheets() -> dict[str, list[RuleSet]]:
    """Those of single screens, by name."""
    names = (path.stem for path in sorted(styles_dir().glob("*.tcss")))
    return {name: rules(name) for name in names if name not in SHARED}


def screens() -> list[type[Screen[Any]]]:
    found: list[type[Screen[Any]]] = []
    for module in pkgutil.iter_modules(whisul_tui.screens.__path__):
        members = vars(importlib.import_module(f"whisul_tui.screens.{module.name}")).values()
        found += [kind for kind in members if isinstance(kind, type) and issubclass(kind, Screen)]
    return sorted(set(found), key=lambda kind: kind.__name__)


def read_by(kind: type[Any]) -> set[str]:
    return {Path(str(path)).stem for path in kind.CSS_PATH or ()}


def test_every_sheet_is_read_by_somebody() -> None:
    read = set[str]().union(*(read_by(kind) for kind in screens())) | read_by(WhisulApp)
    assert read == {path.stem for path in styles_dir().glob("*.tcss")}


def test_a_screen_reads_the_sheets_that_name_it() -> None:
    naming = {
        name: set(re.findall(r"\b[A-Z]\w+", (styles_dir() / f"{name}.tcss").read_text())) for name in own_sheets()
    }
    for kind in screens():
        wanted = {name for name, words in naming.items() if kind.__name__ in words}
        assert wanted <= read_by(kind), kind.__name__


def test_each_rule_of_a_screens_sheet_names_something_that_no_other_sheet_names() -> None:
    """So no node is met by rules of two of them, and it does not matter which screen the user opened first."""
    names = {
        sheet: [{part.name for part in selectors.selectors} for rule in found for selectors in rule.selector_set]
        for sheet, found in own_sheets().items()
    }
    in_sheets = Counter(chain.from_iterable(set[str]().union(*found) for found in names.values()))
    for sheet, found in names.items():
        for parts in found:
            assert any(in_sheets[part] == 1 for part in parts), (sheet, parts)
