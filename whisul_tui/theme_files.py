"""The user's own themes: a TOML file each, checked, and a sentence for what is wrong with one."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple

from textual.color import Color, ColorParseError
from textual.theme import BUILTIN_THEMES, Theme

from whisul_tui.domain.clean import clean_line
from whisul_tui.themes import OWN_THEMES, state_colours

_COLOURS = (
    "primary",
    "secondary",
    "accent",
    "foreground",
    "background",
    "surface",
    "panel",
    "success",
    "warning",
    "error",
)
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}\Z")
_TAKEN = {*BUILTIN_THEMES, *(theme.name for theme in OWN_THEMES), "auto"}
_MOST_FILES, _MOST_BYTES = 100, 65_536


class OwnFiles(NamedTuple):
    """The themes of a folder, and sentences on the files that are none."""

    themes: tuple[Theme, ...] = ()
    problems: tuple[str, ...] = ()

    @classmethod
    def read(cls, folder: Path) -> OwnFiles:
        """Reads every `NAME.toml` of the folder; one that does not exist has none."""
        try:
            paths = sorted(path for path in folder.iterdir() if path.suffix == ".toml")[:_MOST_FILES]
        except OSError:
            return cls()
        themes: list[Theme] = []
        problems: list[str] = []
        for path in paths:
            try:
                themes.append(_theme(path))
            except _ThemeError as error:
                problems.append(f"{clean_line(path.name, 60)}: {error}")
        return cls(tuple(themes), tuple(problems))


class _ThemeError(Exception):
    """Why a file is no theme."""


def _theme(path: Path) -> Theme:
    name = path.stem
    if not _NAME.match(name):
        raise _ThemeError("allowed are names of a-z, 0-9, - and _.")
    if name in _TAKEN:
        raise _ThemeError("this name is taken; allowed is another.")
    content = _content(path)
    variables = content.pop("variables", {})
    dark = content.pop("dark", True)
    known = ", ".join((*_COLOURS, "dark", "variables"))
    for key, value in content.items():
        if key not in _COLOURS:
            raise _ThemeError(f"unknown {clean_line(repr(key), 40)}; known are {known}.")
        _check_colour(key, value)
    if "primary" not in content:
        raise _ThemeError('there is no primary; allowed is a colour, as primary = "#7aa2f7".')
    if not isinstance(dark, bool):
        raise _ThemeError("dark is allowed to be true or false.")
    _check_variables(variables)
    return Theme(name=name, dark=dark, variables=variables, **content)


def _content(path: Path) -> dict[str, Any]:
    import tomllib

    try:
        raw = path.read_bytes() if path.stat().st_size <= _MOST_BYTES else b""
        if not raw:
            raise _ThemeError(f"is empty, or larger than {_MOST_BYTES // 1024} KB.")
        return tomllib.loads(raw.decode("utf-8"))
    except OSError as error:
        raise _ThemeError(f"cannot be read ({error.strerror}).") from None
    except (ValueError, RecursionError) as error:  # of the TOML, or of the text
        raise _ThemeError(f"is not valid TOML: {clean_line(str(error), 120)}.") from None


def _check_variables(variables: object) -> None:
    names = state_colours(Theme(name="any", primary="#000000"))
    if not isinstance(variables, dict):
        raise _ThemeError("variables is allowed to be a table.")
    for key, value in variables.items():
        if key not in names:
            raise _ThemeError(f"unknown variable {clean_line(repr(key), 40)}; known are {', '.join(names)}.")
        _check_colour(key, value)


def _check_colour(key: str, value: object) -> None:
    try:
        colour = Color.parse(value if isinstance(value, str) else "")
    except ColorParseError:
        colour = None
    if colour is None or colour.a != 1 or colour.ansi is not None:
        raise _ThemeError(f"{key} is {clean_line(repr(value), 40)}; allowed is a colour such as #7aa2f7 or teal.")
