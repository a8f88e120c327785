"""The link sheet by its keys: the whole URL alone on its lines, a code that fits or a sentence, the bare link."""

from __future__ import annotations

import re

import pytest
from textual.message import Message
from textual.widgets._toast import Toast

from tests.support.acting import acting
from tests.support.pty_program import in_pty
from tests.support.stage import stage
from whisul_tui.app import WhisulApp
from whisul_tui.messages import CopyWanted

LONG = "https://cdn.whisul.com/audio/" + "0123456789abcdef/" * 8 + "song.mp3"


@pytest.fixture
def copied(monkeypatch: pytest.MonkeyPatch) -> list[Message]:
    """What was to be copied."""
    heard: list[Message] = []
    monkeypatch.setattr(WhisulApp, "on_copy_wanted", lambda self, message: heard.append(message))
    return heard


async def test_the_whole_url_stands_alone_on_its_lines() -> None:
    """A terminal's own marking must get all of it and nothing else: it starts at the edge and wraps at the other."""
    async with acting("listen", [{"song_url": LONG}], size=(60, 30)) as shown:
        await shown.press("v")
        lines = shown.lines()
        rows = -(-len(LONG) // 60)
        assert "".join(lines[2 : 2 + rows]) == LONG


async def test_y_copies_and_tab_shows_the_cover(copied: list[Message]) -> None:
    async with acting("listen", [{}]) as shown:
        await shown.press("v")
        assert "Song: Rain on Neon" in shown.text()
        for key in ("y", "tab", "y", "c", "y"):
            await shown.press(key)
        assert [message.what for message in copied if isinstance(message, CopyWanted)] == [
            "Song link", "Cover link", "Song link",
        ]  # fmt: skip
        for message in copied:
            assert isinstance(message, CopyWanted)
            assert message.text.startswith("https://cdn.whisul.com/")


async def test_it_closes() -> None:
    async with acting("listen", [{}]) as shown:
        for key in ("escape", "q", "v", "h"):
            await shown.press("v")
            assert shown.sheet == "LinkSheet"
            await shown.press(key)
            assert shown.sheet == "ListenScreen"


async def test_no_toast_covers_the_code() -> None:
    """`o` without a listener opens the sheet and says why: the code is what one came for."""
    with stage([{}]) as made:
        app = made.app("listen")
        async with app.run_test(size=(80, 24), notifications=True) as pilot:
            await pilot.press("v")
            app.notify("No listener was found. Where you sit, run whisul-tui listen, and connect here. " * 2)
            await pilot.pause()
            code = app.screen.query_one("#sheet-code").region
            (toast,) = app.screen.query(Toast)
            assert code.height > 10
            assert toast.region.height > 1
            assert not toast.region.overlaps(code)
            assert app.screen.region.contains_region(toast.region)


async def test_the_code_is_there_where_it_fits() -> None:
    async with acting("listen", [{}], size=(80, 24)) as shown:
        await shown.press("v")
        assert "▀" in shown.text()
        assert "too small" not in shown.text()


async def test_a_terminal_too_small_for_the_code_says_so() -> None:
    async with acting("listen", [{}]) as shown:
        await shown.press("v")
        for size in ((80, 16), (30, 40), (40, 10), (20, 5)):
            await shown.pilot.resize_terminal(*size)
            await shown.pilot.pause()
            assert "▀" not in shown.text()
            if size[1] >= 10:
                assert "The terminal is too small for a QR code" in shown.words()


async def test_without_unicode_there_is_no_code() -> None:
    async with acting("listen", [{}], glyphs="ascii") as shown:
        await shown.press("v")
        assert shown.text().isascii()


async def test_the_code_is_black_on_white_whatever_the_theme() -> None:
    for theme in ("whisul-dark", "whisul-light"):
        async with acting("listen", [{}], theme=theme) as shown:
            await shown.press("v")
            row = shown.app.screen._compositor.render_strips()[6]
            inks = {(s.style.color.name, s.style.bgcolor.name) for s in row if s.style and "█" in s.text}
            assert inks == {("#ffffff", "#000000")}


def test_space_prints_the_bare_link_on_the_normal_screen() -> None:
    """Alone on its line and nothing around it, for terminals where nothing else lets it be copied."""
    with in_pty(["-m", "tests.support.staged", "listen"]) as program:
        program.wait_for("1 of 5")
        program.press("v")
        program.wait_for("bare link")
        program.read(0.3)
        program.press(" ")
        program.wait_for("Enter goes back to whisul-tui.")
        assert re.search(rb"\r\n(https://cdn\.whisul\.com/audio/\S+\.mp3)\r\n", bytes(program.raw))
        program.press("\r")
        program.wait_for("song or cover")
        program.press("\x1b")
        program.wait_for("1 of 5")
        assert program.end() == 0
