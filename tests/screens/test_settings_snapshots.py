"""Pictures of settings, themes and profiles. Each is looked at before it is accepted."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from tests.screens.test_snapshots import LARGE, SMALL, Snap, no_color, picture
from whisul_tui.paths import find_paths
from whisul_tui.widgets.choice_list import ChoiceList

__all__ = ["no_color"]


async def at_undo(pilot: Pilot[int]) -> None:
    """Opens the settings with the cursor on undo_seconds."""
    await pilot.press("comma")
    options = pilot.app.screen.query_one(ChoiceList)
    options.highlighted = options.get_option_index("undo_seconds")
    await pilot.pause()


@pytest.fixture(autouse=True)
def file(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file with some settings and two profiles, and a key in the environment."""
    path = find_paths().config_file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        'undo_seconds = 5\npoll_max_seconds = 20\n[profiles.work]\nbase_url = "https://work.example/api"\n'
        '[profiles.wrong]\nbase_url = "https://wrong.example/api"\npoll_max_seconds = 1\n'
    )
    monkeypatch.setenv("WHISUL_API_KEY", "wh_0123456789abcdef")


@pytest.mark.parametrize(("size", "theme"), [(SMALL, "whisul-dark"), (LARGE, "whisul-light")])
def test_settings(snap_compare: Snap, size: tuple[int, int], theme: str) -> None:
    """Groups, values, origins, what waits; what the setting does and what is allowed."""
    assert picture(snap_compare, first="jobs", size=size, theme=theme, before=at_undo)


def test_a_wrong_value(snap_compare: Snap) -> None:
    """The field stays open, the reason stands under it."""
    assert picture(snap_compare, first="jobs", before=at_undo, keys=["enter", "9", "9", "enter"])


@pytest.mark.usefixtures("no_color")
def test_settings_without_colour(snap_compare: Snap) -> None:
    """The chosen row is reversed."""
    assert picture(snap_compare, first="jobs", before=at_undo)


@pytest.mark.parametrize("steps", [0, 3, 5])
def test_themes(snap_compare: Snap, steps: int) -> None:
    """The screen below is seen in it: the usual one, a light one for the colour-blind, the terminal's palette."""
    assert picture(snap_compare, first="jobs", keys=["f9", *["j"] * steps])


def test_profiles(snap_compare: Snap) -> None:
    """Where each is, whether it has a key, and what is open; one cannot be used."""
    assert picture(snap_compare, first="jobs", keys=["P", "j"])


@pytest.mark.parametrize("theme", ["colourblind-dark", "colourblind-light"])
def test_jobs_in_the_themes_for_the_colour_blind(snap_compare: Snap, theme: str) -> None:
    """Every state has its sign and its word, and a colour that is told apart."""
    assert picture(snap_compare, first="jobs", size=LARGE, theme=theme)
