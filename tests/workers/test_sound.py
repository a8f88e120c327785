"""Making a song sound: each rung of the ladder with real programs, and a screen that says what is so."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.listening.server import Cdn, Served
from tests.listening.songs import mp3
from tests.support.acting import acting
from tests.workers.staging import desk_of, script, song, until
from whisul_tui.domain import Job
from whisul_tui.studio.errors import StudioError


def alive(pid: int) -> bool:
    """Whether a process runs."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.usefixtures("at_the_machine")
async def test_a_player_of_the_settings_plays_is_stopped_and_says_so(tmp_path: Path, cdn: Cdn) -> None:
    """Rung 1: started on the link itself, one at a time, ended by space and at the end of the program."""
    seen = tmp_path / "seen"
    player = script(tmp_path, f'echo "$$ $1" >>"{seen}"; exec sleep 60')
    async with acting("listen", [song(cdn, "a")], player=player) as shown:

        def starts() -> list[list[str]]:
            return [line.split() for line in seen.read_text().splitlines()] if seen.exists() else []

        await shown.press("o")
        await until(shown, lambda: len(starts()) == 1)
        assert starts()[0][1] == cdn.url("/a.mp3")
        await until(shown, lambda: desk_of(shown).hearing.playing)
        assert "▶ Starting player.sh on this machine." in shown.text()
        await shown.press("greater_than_sign")
        assert any("player.sh cannot be moved within a song" in toast for toast in shown.toasts)
        await shown.press("o")
        await until(shown, lambda: len(starts()) == 2)
        await until(shown, lambda: not alive(int(starts()[0][0])))
        await until(shown, lambda: desk_of(shown).hearing.playing)
        await shown.press("space")
        await until(shown, lambda: not alive(int(starts()[1][0])))
        await until(shown, lambda: "has been stopped" in shown.text())
        await shown.press("space")
        assert "Nothing plays here. o lets you listen." in shown.toasts
        await shown.press("o")
        await until(shown, lambda: len(starts()) == 3)
        await until(shown, lambda: desk_of(shown).hearing.playing)
    assert not alive(int(starts()[2][0]))


@pytest.mark.usefixtures("at_the_machine")
async def test_a_player_that_gives_up_is_told_of(tmp_path: Path, cdn: Cdn) -> None:
    cdn.files["/a.mp3"] = Served(mp3())
    async with acting("listen", [song(cdn, "a")], player=script(tmp_path, "exit 3")) as shown:
        await shown.press("o")
        await until(shown, lambda: desk_of(shown).hearing.failed)
        assert "gave up after" in shown.words()
        assert "▶" not in shown.text()


@pytest.mark.usefixtures("at_the_machine")
async def test_a_player_that_is_not_there_is_told_of() -> None:
    async with acting("listen", [{}], player="/nowhere/player {url}") as shown:
        await shown.press("p")
        await until(shown, lambda: desk_of(shown).hearing.failed)
        assert "which is not on the PATH" in shown.words()


@pytest.mark.usefixtures("at_the_machine")
async def test_a_player_of_files_gets_the_song_fetched_first(tmp_path: Path, cdn: Cdn) -> None:
    """VLC and mpg123 follow whatever a link names, so they are given a file; a second time it is there already."""
    cdn.files["/a.mp3"] = Served(mp3())
    seen = tmp_path / "seen"
    script(tmp_path, f'shift $(($#-1)); echo "$1" >>"{seen}"; exec sleep 60', "mpg123")
    async with acting("listen", [song(cdn, "a")], player=str(tmp_path / "mpg123")) as shown:
        await shown.press("o")
        await until(shown, lambda: desk_of(shown).hearing.playing)
        await until(shown, seen.exists)
        played = Path(seen.read_text().strip())
        assert played.is_relative_to(shown.app.paths.cache_dir)
        assert played.read_bytes()[-1000:] == mp3()[-1000:]  # noqa: ASYNC240 - a small file
        assert desk_of(shown).keeping == {}


@pytest.mark.usefixtures("at_the_machine")
async def test_a_song_that_cannot_be_fetched_is_told_of(tmp_path: Path, cdn: Cdn, renewals: list[Job]) -> None:
    script(tmp_path, "exit 0", "mpg123")
    async with acting("listen", [song(cdn, "forgotten")], player=str(tmp_path / "mpg123")) as shown:
        await shown.press("o")
        await until(shown, lambda: desk_of(shown).hearing.failed)
        assert "The link of the song is dead" in shown.words()
        assert "Whisul no longer knows it." in shown.words()
        assert len(renewals) == 1


@pytest.mark.usefixtures("at_the_machine")
async def test_a_dead_link_is_asked_for_anew_once_and_played(tmp_path: Path, cdn: Cdn, renewals: list[Job]) -> None:
    cdn.files["/new.mp3"] = Served(mp3())
    seen = tmp_path / "seen"
    player = script(tmp_path, f'echo "$1" >>"{seen}"; case "$1" in *dead*) exit 2;; esac; exec sleep 60')
    async with acting("listen", [song(cdn, "dead")], player=player) as shown:
        await shown.press("o")
        await until(shown, lambda: seen.exists() and seen.read_text().count("new.mp3") == 1)
        await until(shown, lambda: "The link had died; this is another one." in shown.words())
        assert desk_of(shown).hearing.playing
        assert len(renewals) == 1
        assert len(seen.read_text().splitlines()) == 2


@pytest.mark.usefixtures("at_the_machine")
async def test_a_player_that_fails_on_a_living_link_asks_nobody(tmp_path: Path, cdn: Cdn, renewals: list[Job]) -> None:
    cdn.files["/a.mp3"] = Served(mp3())
    async with acting("listen", [song(cdn, "a")], player=script(tmp_path, "exit 3")) as shown:
        await shown.press("o")
        await until(shown, lambda: desk_of(shown).hearing.failed)
        await until(shown, lambda: len(cdn.asked) == 1)
        assert renewals == []


async def test_over_ssh_the_open_command_gets_the_link(
    tmp_path: Path, cdn: Cdn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rung 3."""
    monkeypatch.setenv("SSH_CONNECTION", "10.0.0.1 1 10.0.0.2 22")
    seen = tmp_path / "seen"
    command = script(tmp_path, f'echo "$1" >"{seen}"', "open.sh")
    async with acting("listen", [song(cdn, "a")], open_command=command) as shown:
        await shown.press("o")
        await until(shown, lambda: seen.exists() and seen.read_text() == cdn.url("/a.mp3") + "\n")
        await until(shown, lambda: "Handing the link to your open_command." in shown.text())
        assert "▶" not in shown.text()


@pytest.mark.parametrize(
    ("command", "words"), [("'unclosed", "open_command"), ("/nowhere/open {url}", "could not be started")]
)
async def test_an_open_command_that_fails_is_told_of(command: str, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSH_CONNECTION", "10.0.0.1 1 10.0.0.2 22")
    async with acting("listen", [{}], open_command=command) as shown:
        await shown.press("o")
        await until(shown, lambda: desk_of(shown).hearing.failed)
        assert words in shown.words()


async def test_with_nothing_else_the_link_is_copied_and_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rung 4."""
    monkeypatch.setenv("SSH_CONNECTION", "10.0.0.1 1 10.0.0.2 22")
    async with acting("listen", [{}]) as shown:
        await shown.press("o")
        await until(shown, lambda: shown.sheet == "LinkSheet")
        await until(shown, lambda: any("Sent to your terminal (OSC 52)" in toast for toast in shown.toasts))
        await shown.press("escape")
        assert "No listener was found. Where you sit, run whisul-tui listen" in shown.words()


async def test_on_a_host_without_sound_p_says_so(tmp_path: Path) -> None:
    async with acting("listen", [{}], player=script(tmp_path, "exit 0")) as shown:
        await shown.press("p")
        await until(shown, lambda: desk_of(shown).hearing.failed)
        assert "No sound device was found" in shown.words() or "Starting" in shown.words()


@pytest.mark.parametrize("key", ["o", "d"])
@pytest.mark.usefixtures("at_the_machine")
async def test_the_studio_is_woken_before_its_song_is_played_or_kept(
    key: str, tmp_path: Path, cdn: Cdn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may have ended since the song was made; a song of Whisul's wakes nobody."""
    woken: list[str] = []
    monkeypatch.setattr(
        "whisul_tui.studio.running.ensure_studio", lambda state, data, **_: woken.append(f"{cdn.asked} {state.name}")
    )
    cdn.files["/a.mp3"] = Served(mp3())
    settings = {"player": script(tmp_path, "exec sleep 60"), "downloads.folder": str(tmp_path / "kept")}
    async with acting("listen", [song(cdn, "a")], profile="local", **settings) as shown:
        await shown.press(key)
        await until(
            shown,
            lambda: desk_of(shown).hearing.playing or any(state.is_over for state in desk_of(shown).keeping.values()),
        )
        assert woken == ["[] whisul-tui"]


@pytest.mark.usefixtures("at_the_machine")
async def test_a_studio_that_does_not_wake_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise StudioError("The studio did not start in time; the machine may be busy: try again.")

    monkeypatch.setattr("whisul_tui.studio.running.ensure_studio", refuse)
    async with acting("listen", [{}], profile="local") as shown:
        for key in ("o", "d"):
            await shown.press(key)
            await until(shown, lambda: shown.words().count("The studio did not start in time") >= 1)
        await until(shown, lambda: all(state.failed for state in desk_of(shown).keeping.values()))
