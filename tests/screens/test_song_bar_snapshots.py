"""Pictures of the song bar on Listen while a song is heard: each state, at both sizes, looked at before accepted."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.pilot import Pilot

from tests.screens.test_snapshots import LARGE, SMALL, Before, Snap, picture
from whisul_tui.app import WhisulApp
from whisul_tui.listening.steering import Steer
from whisul_tui.messages import JobsChanged

PLAYS = Steer("laptop", "Rain on Neon", started=True, position=62.0, length=182.0, volume=85.0)
AWAY = "The connection to laptop is broken; it is taken up when ssh is back."
STATES = [
    pytest.param(PLAYS, id="playing"),
    pytest.param(replace(PLAYS, paused=True), id="paused"),
    pytest.param(replace(PLAYS, away=AWAY), id="away"),
    pytest.param(replace(PLAYS, failed="mpv could not play it: loading failed."), id="failed"),
]


def hears(steer: Steer, number: int = 7) -> Before:
    """The song of this number is heard as the player has told."""

    async def write(pilot: Pilot[int]) -> None:
        app = pilot.app
        assert isinstance(app, WhisulApp)
        assert app.desk is not None
        await pilot.pause()
        hearing = app.desk.hearing
        hearing.number, hearing.name, hearing.sentence = number, "Night Bus", "Starting on laptop."
        hearing.playing, hearing.seen = True, lambda: steer
        app.desk.changed.publish(JobsChanged(frozenset({number})))
        await pilot.pause()

    return write


@pytest.mark.parametrize("size", [SMALL, LARGE])
@pytest.mark.parametrize("steer", STATES)
def test_the_song_is_heard_elsewhere(snap_compare: Snap, steer: Steer, size: tuple[int, int]) -> None:
    """Where it plays, how far it is, how loud; a pause, a broken connection and a failure each look their own way."""
    assert picture(snap_compare, "listen", before=hears(steer), size=size)


def test_another_song_is_heard(snap_compare: Snap) -> None:
    """It is named, since the card shows another one."""
    assert picture(snap_compare, "listen", before=hears(PLAYS, 5))


@pytest.mark.parametrize("glyphs", ["ascii"])
def test_plain_signs_do(snap_compare: Snap, glyphs: str) -> None:
    """On a terminal without Unicode."""
    assert picture(snap_compare, "listen", before=hears(PLAYS), glyphs=glyphs)


def test_without_colour(snap_compare: Snap, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is still to come is a thinner line."""
    monkeypatch.setenv("NO_COLOR", "1")
    assert picture(snap_compare, "listen", before=hears(PLAYS))
