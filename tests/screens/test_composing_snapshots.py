"""Pictures of what lies over Write and Jobs while prompts are made, and of what came of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot

from tests.screens.kin import KIN, family_of
from tests.screens.test_snapshots import LARGE, SMALL, Before, Snap, picture
from tests.support.stage import Stage
from whisul_tui.domain.budget import Budget
from whisul_tui.paths import find_paths

FOUR = "{lofi|jazz} beat, {rain|no rain}, upright bass"


def pasting(text: str, *keys: str) -> Before:
    """Pastes a text into the editor, and presses these keys."""

    async def before(pilot: Pilot[int]) -> None:
        pilot.app.post_message(events.Paste(text))
        await pilot.pause()
        await pilot.press(*keys)

    return before


def guarded(made: Stage) -> None:
    """A budget that is half spent."""
    made.engine.budget = Budget(day=20, month=300)


@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_songs_are_counted_and_advice_given(snap_compare: Snap, size: tuple[int, int]) -> None:
    """Two lines that were not there before: how many songs, and what is left open; the budget in the header."""
    assert picture(snap_compare, size=size, before=pasting(FOUR), prepare=guarded)


def test_preview(snap_compare: Snap) -> None:
    """All of it, what it costs, and how to say yes."""
    assert picture(snap_compare, before=pasting(FOUR, "enter", "plus", "plus"), prepare=guarded)


def test_outbox(snap_compare: Snap) -> None:
    """The order, one paused, the family's sign, the keys below."""
    assert picture(snap_compare, before=pasting(FOUR, "enter", "y", "escape", "O", "j", "space"))


def test_held_prompt(snap_compare: Snap) -> None:
    """A held prompt in its own editor, over the outbox."""
    assert picture(snap_compare, before=pasting(FOUR, "enter", "y", "escape", "O", "j", "e"))


@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_compare(snap_compare: Snap, size: tuple[int, int]) -> None:
    """Beside each other where there is room, else one above the other; what differs is marked."""
    assert picture(snap_compare, "jobs", KIN, ["C"], size, prepare=family_of)


def test_lineage(snap_compare: Snap) -> None:
    """A tree of three, and the way from the second to the third."""
    assert picture(snap_compare, "jobs", KIN, ["j", "j", "j", "t", "k"], prepare=family_of)


def test_families_in_the_table(snap_compare: Snap) -> None:
    """The sign in the rows, the place on the page."""
    assert picture(snap_compare, "jobs", KIN, size=LARGE, prepare=family_of)


def test_templates(snap_compare: Snap) -> None:
    """Names and texts; the keys below."""
    folder = find_paths().config_file.parent / "templates"
    folder.mkdir(parents=True)
    Path(folder / "rainy.txt").write_text("{{mood}} lofi, {{what:soft rain}}, {{bpm:80}} bpm", encoding="utf-8")
    Path(folder / "shanty.toml").write_text('template = "sea shanty, {{who}}"\nabout = "for Anna"', encoding="utf-8")
    Path(folder / "broken.toml").write_text("template = 3", encoding="utf-8")
    assert picture(snap_compare, keys=["ctrl+t"])
