"""Keeping songs from the screen: progress, sentences, several at once, and nothing half under a final name."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.listening.server import Cdn, Reply, Served
from tests.listening.songs import mp3, png
from tests.support.acting import Acting, acting
from tests.workers.staging import desk_of, song, until


def files(folder: Path, ending: str = "*.*") -> list[Path]:
    """What stands in a folder under a name to be seen."""
    return [path for path in folder.glob(ending) if not path.name.startswith(".")]


def keeping(shown: Acting, place: int = 0) -> object:
    """How far one of the stage's jobs is."""
    return desk_of(shown).keeping.get(shown.stage.numbers[place])


def over(shown: Acting, count: int = 1) -> bool:
    """Whether so many downloads have ended."""
    return sum(state.is_over for state in desk_of(shown).keeping.values()) >= count


async def test_song_and_cover_are_kept_and_the_screen_says_where(tmp_path: Path, cdn: Cdn) -> None:
    cdn.files |= {"/a.mp3": Served(mp3()), "/a.png": Served(png(), "image/png")}
    async with acting("listen", [song(cdn, "a")], **{"downloads.folder": str(tmp_path / "kept")}) as shown:
        await shown.press("d")
        await until(shown, lambda: over(shown))
        assert len(files(tmp_path / "kept")) == 2
        assert "and its cover" in shown.words()
        (kept,) = files(tmp_path / "kept", "*.mp3")
        assert kept.name.startswith("a - 82 bpm")
        assert f"Kept {kept.name}" in shown.words()
        assert any(kept.name in toast for toast in shown.toasts)
        await shown.press("d")
        await until(shown, lambda: "is there already" in shown.words())


async def test_the_bar_moves_and_a_second_press_begins_nothing_anew(tmp_path: Path, cdn: Cdn) -> None:
    """Half of the song comes, then the server waits for the test."""
    body, go_on = mp3(400_000), threading.Event()

    def halves() -> Iterable[bytes]:
        yield body[:200_000]
        go_on.wait(20)
        yield body[200_000:]

    cdn.files["/a.mp3"] = lambda _: Reply(200, halves(), {"Content-Type": "audio/mpeg"}, len(body))
    async with acting("listen", [song(cdn, "a")], **{"downloads.folder": str(tmp_path)}) as shown:
        await shown.press("d")
        await until(shown, lambda: "of 0.4 MB" in shown.text())
        await shown.press("d")
        assert not files(tmp_path, "*.mp3")
        assert len(cdn.asked) == 1
        go_on.set()
        await until(shown, lambda: over(shown))
        assert len(files(tmp_path, "*.mp3")) == 1


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (
            Reply(404, b"gone", {}, 4),
            "is dead (the server answers 404). Whisul no longer knows it. a sends its prompt again",
        ),
        (Reply(200, b"<html>sign in</html>", {"Content-Type": "text/html"}, 20), ""),
    ],
)
async def test_a_failure_is_a_sentence(tmp_path: Path, cdn: Cdn, answer: Reply, words: str) -> None:
    cdn.files["/a.mp3"] = lambda _: answer
    async with acting("listen", [song(cdn, "a")], **{"downloads.folder": str(tmp_path / "kept")}) as shown:
        await shown.press("d")
        await until(shown, lambda: over(shown))
        state = keeping(shown)
        assert state.failed  # type: ignore[attr-defined]
        assert words in shown.words()
        assert state.sentence[:30] in shown.words()  # type: ignore[attr-defined]
        assert not files(tmp_path / "kept", "*.mp3")


async def test_a_wrong_template_is_a_sentence(tmp_path: Path, cdn: Cdn) -> None:
    settings = {"downloads.folder": str(tmp_path), "downloads.name": "{artist}"}
    async with acting("listen", [song(cdn, "a")], **settings) as shown:
        await shown.press("d")
        await until(shown, lambda: over(shown))
        assert "artist" in shown.words()


async def test_three_at_once_and_the_others_after_them(tmp_path: Path, cdn: Cdn) -> None:
    """Five marked jobs: at most three are under way together, and all are kept."""
    body = mp3(50_000)
    lock, under_way, most, three = threading.Lock(), [0], [0], threading.Event()

    def counted() -> Iterable[bytes]:
        with lock:
            under_way[0] += 1
            most[0] = max(most[0], under_way[0])
            if under_way[0] == 3:
                three.set()
        three.wait(20)
        yield body
        with lock:
            under_way[0] -= 1

    jobs = [song(cdn, name, ago=1000.0 - n) for n, name in enumerate("abcde")]
    for name in "abcde":
        cdn.files[f"/{name}.mp3"] = lambda _: Reply(200, counted(), {"Content-Type": "audio/mpeg"}, len(body))
    async with acting("jobs", jobs, **{"downloads.folder": str(tmp_path)}) as shown:
        await shown.press("V", "d")
        await until(shown, lambda: over(shown, 5))
        assert len(files(tmp_path, "*.mp3")) == 5
        assert most[0] == 3


async def test_leaving_in_the_middle_is_quick_and_leaves_nothing_half_under_the_name(tmp_path: Path, cdn: Cdn) -> None:
    body, go_on = mp3(400_000), threading.Event()

    def halves() -> Iterable[bytes]:
        yield body[:200_000]
        go_on.wait(20)

    cdn.files["/a.mp3"] = lambda _: Reply(200, halves(), {"Content-Type": "audio/mpeg"}, len(body))
    settings = {"downloads.folder": str(tmp_path)}
    try:
        async with acting("listen", [song(cdn, "a")], **settings) as shown:
            await shown.press("d")
            await until(shown, lambda: "of 0.4 MB" in shown.text())
            began = time.monotonic()
        assert time.monotonic() - began < 10
        assert files(tmp_path, "*.mp3") == []
    finally:
        go_on.set()
    cdn.files["/a.mp3"] = Served(body)
    async with acting("listen", **settings) as shown:  # the same store: the next start goes on from what came
        await shown.press("d")
        await until(shown, lambda: over(shown))
        (kept,) = files(tmp_path, "*.mp3")
        assert kept.stat().st_size >= len(body)
