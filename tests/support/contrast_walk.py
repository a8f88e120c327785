"""`python -m tests.support.contrast_walk`: the lowest contrast of any text on any screen, theme by theme.

Every cell that holds a letter or a sign is looked at as it leaves the compositor: colours, reverse and dim included.
The terminal's own sixteen colours are taken from two palettes, xterm's and VGA's, on black or on white.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from rich.color import Color as RichColor
from rich.color import ColorType
from rich.segment import Segment
from textual.color import Color
from textual.pilot import Pilot

from tests.support.stage import ALL_STATES, NOW, Status, stage
from whisul_tui.app import WhisulApp
from whisul_tui.contrast import contrast
from whisul_tui.themes import OWN_THEMES, in_order

XTERM = ("000000", "cd0000", "00cd00", "cdcd00", "0000ee", "cd00cd", "00cdcd", "e5e5e5",
         "7f7f7f", "ff0000", "00ff00", "ffff00", "5c5cff", "ff00ff", "00ffff", "ffffff")  # fmt: skip
VGA = ("000000", "aa0000", "00aa00", "aa5500", "0000aa", "aa00aa", "00aaaa", "aaaaaa",
       "555555", "ff5555", "55ff55", "ffff55", "5555ff", "ff55ff", "55ffff", "ffffff")  # fmt: skip
_SIGNS_OF_BOXES = re.compile(r"[\s\u2500-\u259f\u2800-\u28ff\ue000-\uf8ff]+")  # borders, bars, half blocks


@dataclass(frozen=True)
class Scene:
    """A screen, the keys that lead to what is to be seen, and whether notes are shown over it."""

    first: str
    keys: tuple[str, ...] = ()
    notes: bool = False


SCENES: dict[str, Scene] = {
    "jobs": Scene("jobs", ("j", "space", "space"), notes=True),
    "jobs searched": Scene("jobs", ("slash", "r", "a", "i")),
    "search refused": Scene("jobs", ("slash", "b", "p", "m", "colon", "x")),
    "page of a job": Scene("jobs", ("j", "j", "j", "j", "enter")),
    "write": Scene("write", ("tab",)),
    "write, example": Scene("write"),
    "earlier prompts": Scene("write", ("ctrl+r",)),
    "nothing found": Scene("write", ("ctrl+r", "z", "z", "z")),
    "listen": Scene("listen"),
    "palette": Scene("jobs", ("colon",)),
    "palette searched": Scene("jobs", ("colon", "o", "p")),
    "help": Scene("jobs", ("question_mark",)),
    "question": Scene("jobs", ("V", "a")),
    "link sheet": Scene("listen", ("v",)),
    "copy menu": Scene("listen", ("Y",)),
    "settings": Scene("jobs", ("comma", "G", "enter", "x")),
    "themes": Scene("jobs", ("f9",)),
    "profiles": Scene("jobs", ("P",)),
    "lineage": Scene("jobs", ("t",)),
    "comparison": Scene("jobs", (*["j"] * 6, "space", "space", "C")),
    "templates": Scene("write", ("ctrl+t",)),
    "songs before they are sent": Scene(
        "write", ("left_curly_bracket", "a", "vertical_line", "b", "right_curly_bracket", "enter")
    ),
    "prompts from a file": Scene("write", ("ctrl+o",)),
    "dashboard": Scene("jobs", ("i",)),
    "outbox": Scene("jobs", ("O",)),
    "tags": Scene("jobs", ("T",)),
    "columns": Scene("jobs", ("W",)),
    "filters": Scene("jobs", ("F",)),
    "export": Scene("jobs", ("E",)),
    "setup": Scene("jobs", ("K", "enter")),
}


@dataclass(frozen=True)
class Poorest:
    """The text with the lowest contrast: its ratio, where it is, and what it says."""

    ratio: float
    scene: str = ""
    text: str = ""
    colours: str = ""


@asynccontextmanager
async def shown(scene: Scene, size: tuple[int, int]) -> AsyncIterator[tuple[WhisulApp, Pilot[int]]]:
    """The program with all states of jobs, at the beginning of this scene."""
    with stage(ALL_STATES) as made:
        made.engine.current = Status("polling", next_poll_at=NOW.timestamp() + 4)
        app = made.app(scene.first)
        async with app.run_test(size=size, notifications=True) as pilot:
            await pilot.pause()
            yield app, pilot


async def poorest(name: str, themes: Sequence[str], size: tuple[int, int] = (120, 34)) -> dict[str, Poorest]:
    """The poorest text of a scene in each of these themes."""
    found = {}
    scene = SCENES[name]
    async with shown(scene, size) as (app, pilot):
        start = app.screen
        for theme in themes:
            app.theme = theme
            await pilot.pause()
            await pilot.press(*scene.keys)
            if scene.notes:
                for severity in ("information", "warning", "error"):
                    app.notify(f"a note of {severity}", severity=severity, timeout=60)  # type: ignore[arg-type]
            await pilot.pause()
            if app.theme != theme:  # the list of themes shows the one it is on
                raise AssertionError(f"{theme} became {app.theme}")
            found[theme] = min(_texts(app, name), key=lambda poor: poor.ratio)
            app.clear_notifications()
            for _ in range(4):
                if scene.keys and (app.screen is not start or scene.first == "jobs"):
                    await pilot.press("escape")
    return found


def _texts(app: WhisulApp, scene: str) -> list[Poorest]:
    screen, dark = app.screen, app.current_theme.dark
    found: dict[tuple[object, ...], Poorest] = {}
    for y, strip in enumerate(screen._compositor.render_strips()):
        x = 0
        for segment in strip:
            letters = _SIGNS_OF_BOXES.sub("", segment.text)
            at = x + len(segment.text) - len(segment.text.lstrip())
            x += segment.cell_length
            style = segment.style
            if not letters or style is None:
                continue
            key = (style.color, style.bgcolor, style.reverse, style.dim)
            if key not in found and _is_of_this_screen(app, min(at, x - 1), y):
                found[key] = _judged(segment, scene, dark)
    return list(found.values())


def _is_of_this_screen(app: WhisulApp, x: int, y: int) -> bool:
    """Whether the cell is a widget's of the screen on top, and not what shimmers through from below."""
    widget, _ = app.screen.get_widget_at(x, y)
    return widget is not app.screen


def _judged(segment: Segment, scene: str, dark: bool) -> Poorest:
    style = segment.style
    assert style is not None
    ratios = []
    for palette in (XTERM, VGA):
        default = ("#e5e5e5", "#000000") if dark else ("#000000", "#ffffff")
        text, ground = _colour(style.color, palette, default[0]), _colour(style.bgcolor, palette, default[1])
        if style.reverse:
            text, ground = ground, text
        if style.dim:
            text = text.blend(ground, 0.5, alpha=1.0)
        ratios.append(contrast(text, ground))
    colours = f"{style.color.name if style.color else '-'} on {style.bgcolor.name if style.bgcolor else '-'}"
    return Poorest(min(ratios), scene, segment.text.strip()[:30], colours)


def _colour(colour: RichColor | None, palette: Sequence[str], default: str) -> Color:
    if colour is None or colour.type is ColorType.DEFAULT:
        return Color.parse(default)
    if colour.type is ColorType.STANDARD or (colour.type is ColorType.EIGHT_BIT and (colour.number or 0) < 16):
        return Color.parse(f"#{palette[colour.number or 0]}")
    red, green, blue = colour.get_truecolor()
    return Color(red, green, blue)


async def all_themes(scenes: Sequence[str], themes: Sequence[str]) -> dict[str, Poorest]:
    """The poorest text of each theme over these scenes."""
    found: dict[str, Poorest] = {theme: Poorest(21.0) for theme in themes}
    for scene in scenes:
        for theme, poor in (await poorest(scene, themes)).items():
            found[theme] = min(found[theme], poor, key=lambda one: one.ratio)
    return found


def names() -> list[str]:
    """Every theme that is offered."""
    from textual.theme import BUILTIN_THEMES

    return in_order({*BUILTIN_THEMES, *(theme.name for theme in OWN_THEMES)})


def main() -> None:
    """Prints the README's table, and the poorest text of each theme on standard error."""
    with tempfile.TemporaryDirectory() as home:
        for variable in ("CONFIG", "DATA", "STATE", "CACHE"):
            os.environ[f"XDG_{variable}_HOME"] = f"{home}/{variable.lower()}"
        os.environ |= {"HOME": home, "TZ": "UTC"}
        found = asyncio.run(all_themes(list(SCENES), names()))
    for theme, poor in found.items():
        print(f"{theme}: {poor.ratio:.2f} {poor.scene}: {poor.text!r} {poor.colours}", file=sys.stderr)
    print("| theme | lowest contrast |\n| --- | --- |")
    for theme, poor in found.items():
        print(f"| {theme} | {poor.ratio:.1f}:1 |")


if __name__ == "__main__":
    main()
