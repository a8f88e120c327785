"""Listening where the user sits: the TUI's keys and song bar over a real socket, with a listener at its other end."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.listening.fake_player import FakePlayer, Served, serving, short_folder
from tests.support.acting import Acting, acting
from tests.workers.staging import desk_of, until
from whisul_tui.widgets.song_bar import SongBar

SONGS = [{"title": name, "ago": 1000.0 * (9 - n)} for n, name in enumerate(("Old", "Mid", "New"))]


@pytest.fixture(autouse=True)
def over_ssh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSH_CONNECTION", "10.0.0.1 1 10.0.0.2 22")
    monkeypatch.delenv("TMUX", raising=False)


@pytest.fixture
def place() -> Iterator[Path]:
    """Where ssh leads to the user's machine."""
    with short_folder() as folder:
        yield Path(folder) / "l.sock"


@asynccontextmanager
async def far(
    place: Path, jobs: Any = SONGS, size: tuple[int, int] = (80, 24), **settings: Any
) -> AsyncIterator[tuple[Acting, Served]]:
    """The Listen screen over SSH, and the listener."""
    async with (
        serving(place) as there,
        acting("listen", jobs, size=size, listener_socket=str(place), **settings) as shown,
    ):
        yield shown, there


def loads(player: FakePlayer) -> list[str]:
    """The titles that were loaded, in order."""
    return [str(told[2]) for told in player.told if told[0] == "load"]


async def test_o_plays_where_the_user_sits_and_the_bar_follows(place: Path) -> None:
    """Rung 2: where it plays, how far it is, how long it is and how loud, each as the listener tells it."""
    async with far(place) as (shown, there):
        await shown.press("o")
        await until(shown, lambda: loads(there.player) == ["New"])
        await until(shown, lambda: desk_of(shown).hearing.seen() is not None)
        assert "▶ Starting on laptop." in shown.text()
        there.player.becomes(started=True, position=62.0, length=182.0)
        await until(shown, lambda: "▶ Playing on laptop." in shown.text())
        bar = next(line for line in shown.lines() if "1:02" in line)
        assert "3:02   vol 100%" in bar
        full, rest = bar.count("━"), bar.count("─")
        assert abs(full / (full + rest) - 62 / 182) < 0.03
        await shown.press("j")  # another song's card: what plays is told with its name
        assert "▶ New: Playing on laptop." in shown.text()
        there.player.becomes(ended=True)
        await until(shown, lambda: "New" not in shown.text().partition("Done")[2])
        await shown.press("k")
        assert "New has ended." in shown.text()
        await shown.press("space")
        assert any("Nothing plays here" in toast for toast in shown.toasts)


async def test_every_key_steers_the_far_player(place: Path) -> None:
    async with far(place) as (shown, there):
        await shown.press("o")
        await until(shown, lambda: desk_of(shown).hearing.seen() is not None)
        there.player.becomes(started=True, position=10.0, length=100.0)
        await until(shown, lambda: "Playing on laptop" in shown.text())
        for key, told in {
            "greater_than_sign": ("seek", 10.0, True),
            "less_than_sign": ("seek", -10.0, True),
            "plus": ("volume", 5.0, True),
            "minus": ("volume", -5.0, True),
            "space": ("pause", True),
        }.items():
            await shown.press(key)
            await until(shown, lambda told=told: there.player.told[-1] == told)  # type: ignore[misc]
        await until(shown, lambda: "‖ Paused on laptop." in shown.text())
        await shown.press("space")
        await until(shown, lambda: there.player.told[-1] == ("pause", False))
        await until(shown, lambda: "▶ Playing on laptop." in shown.text())
        at = next(n for n, line in enumerate(shown.lines()) if "0:10" in line)
        left = shown.lines()[at].index("━")
        await shown.pilot.click(offset=(left, at))
        await until(shown, lambda: there.player.told[-1] == ("seek", 0.0, False))
        await shown.pilot.click(offset=(shown.lines()[at].rindex("─"), at))
        await until(shown, lambda: there.player.told[-1] == ("seek", 100.0, False))


async def test_a_key_held_down_is_one_command_for_all_that_waits(place: Path) -> None:
    """Or the listener would take a slow link's piled up keys for a flood. Nothing of it is lost, in any order."""
    async with far(place) as (shown, there):
        await shown.press("o")
        await until(shown, lambda: desk_of(shown).hearing.seen() is not None)

        def amounts(name: str) -> float:
            return sum(float(str(told[1])) for told in there.player.told if told[0] == name)

        sound = shown.app.sitting.sound  # type: ignore[union-attr]
        for command, amount in (*[("seek", 10)] * 200, ("volume", -5), ("volume", -5), ("pause", 0)):
            sound.steer(command, amount)
        await until(shown, lambda: there.player.told[-1] == ("pause", True))
        assert (amounts("seek"), amounts("volume")) == (2000.0, -10.0)
        assert len(there.player.told) < 10


async def test_a_broken_connection_shows_at_once_and_heals(place: Path) -> None:
    async with acting("listen", SONGS, listener_socket=str(place)) as shown:
        async with serving(place) as there:
            await shown.press("o")
            await until(shown, lambda: desk_of(shown).hearing.seen() is not None)
            there.player.becomes(started=True, position=10.0, length=100.0)
            await until(shown, lambda: "Playing on laptop" in shown.text())
        await until(shown, lambda: "! The connection to laptop is broken" in shown.text(), 2.0)
        await shown.press("space")
        await until(shown, lambda: any("The connection to laptop is broken" in toast for toast in shown.toasts))
        async with serving(place) as there:  # a listener started anew, which knows nothing of the song
            await until(shown, lambda: "was started anew and has lost the song" in shown.words())
            await shown.press("o")
            await until(shown, lambda: loads(there.player) == ["New"])


async def test_a_socket_that_ssh_left_behind_is_explained(place: Path) -> None:
    """And cleared away; then the ladder goes on to its last rung."""
    with socket.socket(socket.AF_UNIX) as gone:
        gone.bind(str(place))
    async with acting("listen", SONGS, listener_socket=str(place)) as shown:
        await shown.press("o")
        await until(shown, lambda: shown.sheet == "LinkSheet")
        assert any("was left behind by an SSH connection" in toast for toast in shown.toasts)
        assert any("StreamLocalBindUnlink" in toast for toast in shown.toasts)
        assert not place.exists()  # noqa: ASYNC240 - one look


async def test_a_link_that_the_listener_refuses_is_told_of(place: Path) -> None:
    async with far(place, [{"song_url": "https://elsewhere.example/a.mp3"}]) as (shown, there):
        await shown.press("o")
        await until(shown, lambda: desk_of(shown).hearing.failed)
        assert "whisul-tui listen --allow elsewhere.example" in shown.words()
        assert loads(there.player) == []


async def test_several_songs_play_one_after_the_other(place: Path) -> None:
    """In the order in which they were asked for; n and N go along them, and at their ends stay."""
    async with far(place) as (shown, there):
        jobs = [shown.stage.store.get(number) for number in shown.stage.numbers]
        first, *then = [job for job in jobs if job is not None]
        shown.app.sitting.sound.play(first, on_host=False, then=then)  # type: ignore[union-attr]
        await until(shown, lambda: loads(there.player) == ["Old"])
        assert any("Then 2 more." in toast for toast in shown.toasts)
        await until(shown, lambda: desk_of(shown).hearing.seen() is not None)
        there.player.becomes(started=True, ended=True)
        await until(shown, lambda: loads(there.player) == ["Old", "Mid"])
        await shown.press("n")
        await until(shown, lambda: loads(there.player) == ["Old", "Mid", "New"])
        await shown.press("n")
        await until(shown, lambda: any("no song after this one" in toast for toast in shown.toasts))
        await shown.press("N")
        await until(shown, lambda: loads(there.player)[3:] == ["Mid"])


async def test_n_goes_on_in_the_lists_order(place: Path) -> None:
    """After a single song nothing follows by itself; n plays the one below it in the list."""
    async with far(place) as (shown, there):
        await shown.press("n")
        await until(shown, lambda: any("Nothing was played yet" in toast for toast in shown.toasts))
        await shown.press("o")
        await until(shown, lambda: desk_of(shown).hearing.seen() is not None)
        there.player.becomes(started=True, ended=True)
        await until(shown, lambda: "New has ended." in shown.text())
        for key, title in (("n", "Mid"), ("n", "Old"), ("N", "Mid")):
            before = len(loads(there.player))
            await shown.press(key)
            await until(shown, lambda before=before: len(loads(there.player)) > before)  # type: ignore[misc]
            assert loads(there.player)[-1] == title
        await shown.press("N", "N")
        await until(shown, lambda: any("no song before this one" in toast for toast in shown.toasts))


async def test_marked_songs_are_played_in_the_lists_order(place: Path) -> None:
    """o on Jobs with marks: the order is the table's, whatever the order of the marks."""
    async with far(place) as (shown, there):
        await shown.press("escape", "j", "j", "space", "k", "k", "k", "space")
        await shown.press("o")
        await until(shown, lambda: loads(there.player) == ["New"])
        await until(shown, lambda: desk_of(shown).hearing.seen() is not None)
        there.player.becomes(started=True, ended=True)
        await until(shown, lambda: loads(there.player) == ["New", "Old"])


async def test_the_bar_ticks_only_while_it_moves_and_is_seen(place: Path) -> None:
    """Once a second, for bytes cost over SSH; not on another screen, not while paused, not after the end."""
    async with far(place) as (shown, there):
        tick = shown.app.screen.query_one(SongBar)._tick
        assert tick is not None
        await shown.press("o")
        await until(shown, lambda: desk_of(shown).hearing.seen() is not None)
        there.player.becomes(started=True, position=10.0, length=100.0)
        await until(shown, lambda: "Playing on laptop" in shown.text())
        assert tick._active.is_set()
        assert tick._interval == 1.0
        await shown.press("2")
        await until(shown, lambda: not tick._active.is_set())
        await shown.press("3")
        assert tick._active.is_set()
        there.player.becomes(paused=True)
        await until(shown, lambda: not tick._active.is_set())
        there.player.becomes(paused=False)
        await until(shown, tick._active.is_set)
        there.player.becomes(ended=True)
        await until(shown, lambda: not tick._active.is_set())


async def test_the_song_ends_with_the_program(place: Path) -> None:
    """The listener runs on a thread here: at its end the program waits a moment for it."""
    told: list[tuple[object, ...]] = []
    ready, over = threading.Event(), threading.Event()

    async def listen() -> None:
        async with serving(place) as there:
            ready.set()
            await asyncio.to_thread(over.wait, 30)
            told.extend(there.player.told)

    thread = threading.Thread(target=asyncio.run, args=(listen(),))
    thread.start()
    await asyncio.to_thread(ready.wait, 30)
    try:
        async with acting("listen", SONGS, listener_socket=str(place)) as shown:
            await shown.press("o")
            await until(shown, lambda: desk_of(shown).hearing.seen() is not None)
    finally:
        over.set()
        await asyncio.to_thread(thread.join, 30)
    assert told[-1] == ("stop",)


async def test_a_place_that_is_sought_while_paused_is_shown(place: Path) -> None:
    """Nothing ticks then: the listener's word is enough."""
    async with far(place) as (shown, there):
        await shown.press("o")
        await until(shown, lambda: desk_of(shown).hearing.seen() is not None)
        there.player.becomes(started=True, position=10.0, length=100.0, paused=True)
        await until(shown, lambda: "‖ Paused on laptop" in shown.text())
        there.player.becomes(position=70.0)
        await until(shown, lambda: "1:10" in shown.text())
