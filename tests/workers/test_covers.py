"""Covers on Listen: each way, from a loopback CDN, and what stands there where no picture can be."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from PIL import Image

from tests.listening.server import Cdn, Reply, Served
from tests.support.acting import Acting, acting
from tests.workers.staging import song, until
from whisul_tui.terminal.answers import ANSWERS, Told
from whisul_tui.widgets.cover import Cover
from whisul_tui.workers import covers
from whisul_tui.workers.covers import way_by_name


def picture(colour: tuple[int, int, int] = (200, 30, 30)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 60), colour).save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What would be written to the terminal beside Textual's own output."""
    sequences: list[str] = []
    monkeypatch.setattr(covers, "write_terminal", lambda _, sequence: sequences.append(sequence))
    return sequences


def blocks(shown: Acting) -> int:
    return shown.text().count("▀")


async def test_half_blocks_stand_beside_the_card(cdn: Cdn) -> None:
    """Each song has its own; a screen with too little room has none; the second time none is fetched."""
    for name, colour in (("a", (200, 30, 30)), ("b", (30, 30, 200))):
        cdn.files[f"/{name}.png"] = Served(picture(colour), "image/png")
    async with acting("listen", [song(cdn, "a"), song(cdn, "b")], covers="blocks") as shown:
        await until(shown, lambda: blocks(shown) == 24 * 12)
        await shown.press("j")
        await until(shown, lambda: len(cdn.asked) == 2 and blocks(shown) == 24 * 12)
        await shown.press("k", "j", "2", "3")
        await until(shown, lambda: blocks(shown) == 24 * 12)
        assert len(cdn.asked) == 2
        await shown.pilot.resize_terminal(60, 24)
        await until(shown, lambda: blocks(shown) == 0)
        await shown.pilot.resize_terminal(120, 40)
        await until(shown, lambda: blocks(shown) == 32 * 16)
    async with acting("listen", [song(cdn, "a")], covers="blocks") as shown:
        await until(shown, lambda: blocks(shown) == 24 * 12)
        assert len(cdn.asked) == 2, "kept on disk"


async def test_off_is_off(cdn: Cdn) -> None:
    async with acting("listen", [song(cdn, "a")], covers="off") as shown:
        assert not shown.app.screen.query_one(Cover).display
        assert cdn.asked == []


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Reply(404, b"", {}, 0), "cover: the server answers 404"),
        (Reply(200, b"<html>", {}, 6), "cover: the link leads to no picture"),
        (Reply(200, b"\x89PNG\r\n\x1a\nnothing more that is one", {}, 32), "cover: no picture that can be read"),
    ],
)
async def test_words_stand_where_there_is_no_picture(cdn: Cdn, reply: Reply, words: str) -> None:
    cdn.files["/a.png"] = lambda _: reply
    async with acting("listen", [song(cdn, "a")], covers="blocks") as shown:

        def told() -> bool:
            right = " ".join(line[54:].strip() for line in shown.lines())
            return words in " ".join(right.split())

        await until(shown, told)
        assert blocks(shown) == 0


async def test_pixels_are_painted_over_blanks_and_never_over_a_sheet(cdn: Cdn, written: list[str]) -> None:
    """At the widget's own place, again after a sheet has gone, not while it is there nor on another screen."""
    cdn.files["/a.png"] = Served(picture(), "image/png")
    async with acting("listen", [song(cdn, "a")], covers="sixel") as shown:
        await until(shown, lambda: bool(written))
        region = shown.app.screen.query_one(Cover).content_region
        assert all(
            sequence.startswith(f"\x1b7\x1b[m\x1b[{region.y + 1};{region.x + 1}H\x1bP0;1;0q")
            and sequence.endswith("\x1b\\\x1b8")
            for sequence in written
        )
        assert blocks(shown) == 0
        await shown.pilot.pause(0.1)
        written.clear()
        await shown.press("question_mark")
        await shown.press("down", "down", "2")
        assert written == []
        await shown.press("escape")
        await until(shown, lambda: bool(written))
        await shown.pilot.pause(0.1)
        written.clear()
        await shown.press("2", "j", "k")
        assert written == []
        await shown.press("3")
        await until(shown, lambda: bool(written))


async def test_kittys_pictures_are_taken_away_with_the_screen(cdn: Cdn, written: list[str]) -> None:
    """Text does not overwrite them."""
    cdn.files["/a.png"] = Served(picture(), "image/png")
    async with acting("listen", [song(cdn, "a")], covers="kitty") as shown:
        await until(shown, lambda: any("a=T" in sequence for sequence in written))
        written.clear()
        await shown.press("2")
        assert [("a=d" in sequence) for sequence in written] == [True]


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[[Told], None]:
    """A terminal that was asked and has said this."""
    monkeypatch.setattr(ANSWERS, "is_listening", True)

    def say(told: Told) -> None:
        monkeypatch.setattr(ANSWERS, "told", told)

    say(Told())
    return say


async def test_auto_asks_the_terminal_once_and_waits_for_nothing(
    cdn: Cdn, written: list[str], terminal: Callable[[Told], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without an answer half blocks come; with one that comes late, the pixels after all."""
    monkeypatch.setattr(ANSWERS, "_heard", None)
    monkeypatch.setattr(covers, "_ANSWER_SECONDS", 0.2)
    monkeypatch.setattr(covers, "cell_size", lambda: (9, 19))
    cdn.files["/a.png"] = Served(picture(), "image/png")
    async with acting("listen", [song(cdn, "a")], covers="auto") as shown:
        await until(shown, lambda: blocks(shown) == 24 * 12)
        assert written == ["\x1b[16t\x1b[c"]
        terminal(Told(sixel=True))
        await shown.tell(shown.stage.numbers[0])
        await until(shown, lambda: any("\x1bP0;1;0q" in sequence for sequence in written))
        assert sum("\x1b[c" in sequence for sequence in written) == 1


@pytest.mark.parametrize(
    ("environ", "way"),
    [
        ({"TERM": "xterm-kitty"}, "kitty"),
        ({"TERM": "xterm-ghostty"}, "kitty"),
        ({"TERM": "xterm-256color", "KITTY_WINDOW_ID": "1"}, "kitty"),
        ({"TERM": "xterm-kitty", "TMUX": "/tmp/tmux-0/default,1,0"}, "blocks"),
        ({"TERM": "screen-256color"}, "blocks"),
        ({"TERM": "tmux-256color"}, "blocks"),
        ({"TERM": "linux"}, "blocks"),
        ({"TERM": "xterm-256color"}, None),
        ({}, None),
    ],
)
def test_terminals_that_tell_their_name_are_not_asked(environ: dict[str, str], way: str | None) -> None:
    assert way_by_name(environ) == way


async def test_without_colours_words_stand_in_its_place(cdn: Cdn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with acting("listen", [song(cdn, "a")], covers="auto") as shown:
        await until(shown, lambda: any(line[54:].strip() == "cover" for line in shown.lines()))
        assert cdn.asked == []
