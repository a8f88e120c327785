"""`p` with a real mpv and a sound that goes nowhere: steered over its IPC, song after song, gone at the end."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator

import psutil
import pytest

from tests.listening.fake_player import short_folder
from tests.listening.server import Cdn, Served
from tests.listening.songs import wav
from tests.support.acting import Acting, acting
from tests.workers.staging import desk_of, job_of, song, until

pytestmark = pytest.mark.skipif(shutil.which("mpv") is None, reason="mpv is not installed")


@pytest.fixture(autouse=True)
def sound(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A host with a sound device, as far as anybody looks, and a folder whose path is short enough for a socket."""
    monkeypatch.setenv("PULSE_SERVER", "unix:/nowhere")
    with short_folder() as folder:
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        yield


def mpvs() -> list[psutil.Process]:
    found = []
    for child in psutil.Process().children():
        try:
            if child.name() == "mpv" and child.status() != psutil.STATUS_ZOMBIE:
                found.append(child)
        except psutil.NoSuchProcess:
            continue
    return found


def plays(shown: Acting, place: int) -> bool:
    seen = desk_of(shown).hearing.seen()
    number = desk_of(shown).hearing.number
    return number == shown.stage.numbers[place] and seen is not None and (seen.position or 0) > 0.1


async def test_it_is_steered_and_ends_with_the_program(cdn: Cdn) -> None:
    cdn.files["/a.mp3"] = Served(wav(60), kind="audio/wav")
    async with acting("listen", [song(cdn, "a")], player="mpv --ao=null") as shown:
        await shown.press("p")
        await until(shown, lambda: plays(shown, 0))
        await until(shown, lambda: "▶ Playing on this host." in shown.text())
        assert len(mpvs()) == 1
        await shown.press("space")
        await until(shown, lambda: "‖ Paused on this host." in shown.text())
        await shown.press("greater_than_sign", "greater_than_sign", "minus")
        await until(shown, lambda: re.search(r"0:(19|20) .* vol 95%", shown.text()) is not None)
        bar = next(n for n, line in enumerate(shown.lines()) if "vol 95%" in line)
        middle = (shown.lines()[bar].index("━") + shown.lines()[bar].rindex("─")) // 2
        await shown.pilot.click(offset=(middle, bar))
        await until(shown, lambda: re.search(r"0:(28|29|30|31) ", shown.lines()[bar]) is not None)
    assert mpvs() == []


async def test_two_songs_follow_each_other_and_a_third_takes_over_at_once(cdn: Cdn) -> None:
    for name, seconds in (("a", 1), ("b", 60), ("c", 60)):
        cdn.files[f"/{name}.mp3"] = Served(wav(seconds), kind="audio/wav")
    songs = [song(cdn, name, ago=1000.0 * age) for name, age in (("c", 9), ("b", 8), ("a", 7))]
    async with acting("listen", songs, player="mpv --ao=null") as shown:
        sound = shown.app.sitting.sound  # type: ignore[union-attr]
        sound.play(job_of(shown, 2), on_host=True, then=[job_of(shown, 1)])
        await until(shown, lambda: plays(shown, 1))
        assert cdn.asked[0].path == "/a.mp3", "and the first one came first"
        await shown.press("j", "j", "p")
        await until(shown, lambda: plays(shown, 0))
        assert len(mpvs()) == 1
        await shown.press("N")
        await until(shown, lambda: plays(shown, 1))
        assert len(mpvs()) == 1
    assert mpvs() == []
