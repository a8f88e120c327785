"""A stranger's first minutes: nothing set up, the local studio with its real engine, three songs, one kept."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from mutagen.mp3 import MP3

from tests.e2e.acting import JOBS, WRITE, all_in, submit
from tests.e2e.meanwhile import meanwhile
from tests.e2e.places import PROGRAM, Place
from tests.e2e.terminal import Terminal


@meanwhile
def test_from_nothing_to_three_songs_and_back_to_the_shell(folder: Path) -> None:
    place = Place(folder)
    with ExitStack() as stack:
        stack.callback(place.leave)
        _play(stack.enter_context(Terminal([*PROGRAM], place.environment(), cwd=folder)), place)


def _play(terminal: Terminal, place: Place) -> None:
    terminal.wait_for("Try the local studio: no account, no network")
    terminal.press("down", "enter")
    terminal.wait_for(WRITE)
    prompts = ["late night lofi, soft rain", "techno at 130 bpm", "solo piano, a slow waltz"]
    for prompt in prompts:
        submit(terminal, place, prompt)
    terminal.wait_for("3 running")  # in the header: all three at once
    terminal.press("escape")
    terminal.wait_for(JOBS)
    terminal.wait_for(all_in(place, "completed", jobs=3), 60)
    terminal.wait_for("3 completed")
    terminal.wait_for(lambda: terminal.text().count("✓ completed") == 3)
    terminal.wait_for("enter open")  # the hints have noticed, too: the one under the cursor is a song now
    terminal.press("enter")
    newest = place.jobs()[-1]
    terminal.wait_for(newest["title"])
    terminal.wait_for("LENGTH")
    terminal.press("d")
    music = place.folder / "Music" / "whisul"
    terminal.wait_for(lambda: len(list(music.glob("*.mp3"))) == 1)
    song = MP3(next(music.glob("*.mp3")))
    assert song.info.length > 20
    assert abs(song.info.length - newest["seconds"]) < 2

    terminal.press("escape")
    terminal.wait_for(JOBS)
    terminal.press("q")
    assert terminal.wait() == 0
    terminal.check_given_back()
    assert "still open" not in terminal.text()
    assert place.log.count("ERROR") == 0, place.log
