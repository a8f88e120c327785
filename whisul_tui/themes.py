"""The themes: the program's own, the terminal's palette, and Textual's made readable; colours of states for all."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from functools import cache
from typing import Any

from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

from whisul_tui.contrast import LEAST, lowest, readable_on

DARK = Theme(
    name="whisul-dark",
    primary="#7aa2f7",
    secondary="#b197e6",
    accent="#e0af68",
    foreground="#c8d0e0",
    background="#12151c",
    surface="#171b24",
    panel="#1f2531",
    success="#8fc379",
    warning="#e0af68",
    error="#f07178",
    dark=True,
    variables={
        "quiet": "#949eb4",
        "line": "#2b3342",
        "cursor": "#253049",
        "state-held": "#9aa5bd",
        "state-sending": "#7fc8d6",
        "state-running": "#7aa2f7",
        "state-unconfirmed": "#e0af68",
        "state-completed": "#8fc379",
        "state-failed": "#f07178",
        "state-rejected": "#f07178",
        "state-expired": "#949eb4",
    },
)

LIGHT = Theme(
    name="whisul-light",
    primary="#2856b8",
    secondary="#6f42c1",
    accent="#7f5200",
    foreground="#20242c",
    background="#fbfbf8",
    surface="#f3f3ee",
    panel="#e8e8e1",
    success="#2f6f2f",
    warning="#7f5200",
    error="#b3261e",
    dark=False,
    variables={
        "quiet": "#5c6370",
        "line": "#d0d0c8",
        "cursor": "#d6e0f5",
        "state-held": "#5c6370",
        "state-sending": "#1d6472",
        "state-running": "#2856b8",
        "state-unconfirmed": "#7f5200",
        "state-completed": "#2f6f2f",
        "state-failed": "#b3261e",
        "state-rejected": "#b3261e",
        "state-expired": "#5c6370",
    },
)

# The states of these two are furthest apart in simulated protanopia and deuteranopia (tests/test_themes.py), around the
# hues of Okabe and Ito's palette: blue, bluish green, vermilion, yellow, purple, grey.
COLOURBLIND_DARK = Theme(
    name="colourblind-dark",
    primary="#56b4e9",
    secondary="#d397bd",
    accent="#f0e442",
    foreground="#e5ebe5",
    background="#0e1116",
    surface="#151a21",
    panel="#1d242e",
    success="#0fb877",
    warning="#fef030",
    error="#ea7f29",
    dark=True,
    variables={
        "quiet": "#aab4c0",
        "line": "#3a4655",
        "cursor": "#22303f",
        "state-held": "#e5ebe5",
        "state-sending": "#c981b2",
        "state-running": "#359cf6",
        "state-unconfirmed": "#fef030",
        "state-completed": "#0fb877",
        "state-failed": "#ea7f29",
        "state-rejected": "#ea7f29",
        "state-expired": "#aab4c0",
    },
)

COLOURBLIND_LIGHT = Theme(
    name="colourblind-light",
    primary="#0a42c6",
    secondary="#8f107e",
    accent="#6b3f00",
    foreground="#1f1e21",
    background="#ffffff",
    surface="#f7f8f6",
    panel="#eff1ee",
    success="#176d4f",
    warning="#352b00",
    error="#b1410a",
    dark=False,
    variables={
        "quiet": "#50555d",
        "line": "#b9c0c7",
        "cursor": "#e0eaf5",
        "state-held": "#1f1e21",
        "state-sending": "#8f107e",
        "state-running": "#0a42c6",
        "state-unconfirmed": "#352b00",
        "state-completed": "#176d4f",
        "state-failed": "#b1410a",
        "state-rejected": "#b1410a",
        "state-expired": "#50555d",
    },
)

# In the terminal's own sixteen colours, of those that can be read on black (or white) in xterm's palette and in VGA's:
# dark blue, red and magenta cannot on black; green, cyan, yellow, bright red and bright black cannot on white.
ANSI_DARK = replace(
    BUILTIN_THEMES["ansi-dark"],
    primary="ansi_bright_cyan",
    secondary="ansi_bright_magenta",
    accent="ansi_bright_yellow",
    warning="ansi_bright_yellow",
    error="ansi_bright_red",
    success="ansi_green",
    variables={**BUILTIN_THEMES["ansi-dark"].variables, "state-running": "ansi_cyan"},
)
ANSI_LIGHT = replace(
    BUILTIN_THEMES["ansi-light"],
    primary="ansi_blue",
    secondary="ansi_magenta",
    accent="ansi_magenta",
    warning="ansi_magenta",
    error="ansi_red",
    success="ansi_default",
    variables={**BUILTIN_THEMES["ansi-light"].variables, "state-sending": "ansi_bright_blue"},
)

OWN_THEMES = (DARK, LIGHT, COLOURBLIND_DARK, COLOURBLIND_LIGHT, ANSI_DARK, ANSI_LIGHT)
_OWN = {theme.name: theme for theme in OWN_THEMES}
_SOUGHT = LEAST + 0.1  # a little more than is asked for: colours are rounded on their way to the terminal
_TEXTS = ("foreground", "primary", "secondary", "accent", "success", "warning", "error")
_GROUNDS = ("background", "surface", "panel")


def state_colours(theme: Theme) -> dict[str, str]:
    """The colours of states and quiet text for themes that do not bring them: Textual's own and the user's."""
    made = None if theme.ansi else _solid(theme.to_color_system().generate())
    held = _quiet(made) if made else theme.foreground or "ansi_default"
    return {
        "quiet": held,
        "line": _line(made) if made else "ansi_bright_black",
        "cursor": _cursor(made).hex if made else "ansi_blue",
        "state-held": held,
        "state-sending": theme.secondary or theme.primary,
        "state-running": theme.primary,
        "state-unconfirmed": theme.warning or theme.primary,
        "state-completed": theme.success or theme.primary,
        "state-failed": theme.error or theme.primary,
        "state-rejected": theme.error or theme.primary,
        "state-expired": held,
    }


def brings_all(theme: Theme) -> bool:
    """Whether none of `state_colours` is needed."""
    return theme.variables.keys() >= _NAMES


def _cursor(colours: dict[str, Color]) -> Color:
    """The ground of the row that the cursor is on."""
    return colours["surface"].blend(colours["primary"], 0.2, alpha=1.0)


def _line(colours: dict[str, Color]) -> str:
    return colours["background"].blend(colours["foreground"], 0.25, alpha=1.0).hex


def _quiet(colours: dict[str, Color]) -> str:
    text = colours["foreground"].blend(colours["surface"], 0.35, alpha=1.0)
    return readable_on(text, (*(colours[part] for part in _GROUNDS), _cursor(colours)), _SOUGHT).hex


_NAMES = frozenset(state_colours(ANSI_DARK))


def offered(name: str) -> Theme | None:
    """The theme of this name as it is offered: Textual's own made readable; None for the user's own, and no name."""
    return _OWN.get(name) or (_readable(name) if name in BUILTIN_THEMES else None)


@cache
def _readable(name: str) -> Theme:
    """A theme of Textual's with the colours of texts moved as far as its own grounds need."""
    theme = BUILTIN_THEMES[name]
    colours = _solid(theme.to_color_system().generate())
    cursor = _cursor(colours)
    grounds = (*(colours[part] for part in _GROUNDS), cursor)
    texts: dict[str, Any] = {part: readable_on(colours[part], grounds, _SOUGHT).hex for part in _TEXTS}
    solid: dict[str, Any] = {part: colours[part].hex for part in _GROUNDS}
    return replace(theme, **texts, **solid, variables={**theme.variables, "cursor": cursor.hex})


def _solid(made: dict[str, str]) -> dict[str, Color]:
    """The colours of a generated system, opaque."""
    found = {part: Color.parse(made[part]) for part in (*_TEXTS, *_GROUNDS)}
    return {part: Color(colour.r, colour.g, colour.b) for part, colour in found.items()}


def lowest_contrast(theme: Theme) -> float | None:
    """The lowest ratio of any text of a theme on any of its grounds; None where the terminal chooses the colours."""
    if theme.ansi:
        return None
    made = {**state_colours(theme), **theme.to_color_system().generate(), **theme.variables}
    colours = _solid(made)
    grounds = (*(colours[part] for part in _GROUNDS), Color.parse(made["cursor"]))
    states = [Color.parse(value) for name, value in made.items() if name == "quiet" or name.startswith("state-")]
    return min(lowest(text, grounds) for text in (*(colours[part] for part in _TEXTS), *states))


def in_order(names: Collection[str]) -> list[str]:
    """Names of themes in the order of use: the program's own, then the user's, then Textual's."""
    own = [name for name in _OWN if name in names]
    return [*own, *sorted(set(names) - set(own), key=lambda name: (name in BUILTIN_THEMES, name))]


def described(theme: Theme, own: Iterable[str]) -> str:
    """What a list of themes says of one."""
    words = ["dark" if theme.dark else "light"]
    if theme.ansi:
        words.append("the terminal's own")
    if theme.name.startswith("colourblind"):
        words.append("for colour-blind eyes")
    if theme.name in own:
        ratio = lowest_contrast(theme)
        words.append("your own")
        if ratio is not None and ratio < LEAST:
            words.append("hard to read")
    return ", ".join(words)
