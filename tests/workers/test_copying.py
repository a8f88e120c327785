"""Copying: the rung that took the text is named, and what leaves is OSC 52 and nothing else."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from tests.support.acting import acting
from tests.workers.staging import until


async def test_the_link_leaves_as_osc_52(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    monkeypatch.setattr("whisul_tui.workers.copying.write_terminal", lambda app, text: written.append(text))
    async with acting("listen", [{}]) as shown:
        await shown.press("y")
        await until(shown, lambda: bool(shown.toasts))
        url = b"https://cdn.whisul.com/audio/00000001.mp3"
        assert written == [f"\x1b]52;c;{base64.b64encode(url).decode()}\x07"]
        assert shown.toasts[0].startswith("Link: Sent to your terminal (OSC 52)")


async def test_where_nothing_takes_it_the_way_out_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setenv("PATH", "/nowhere")
    async with acting("listen", [{}]) as shown:
        await shown.press("y")
        await until(shown, lambda: bool(shown.toasts))
        assert shown.toasts == ["Link: Nothing here can copy: no terminal clipboard and no clipboard program. Press v."]


async def test_a_clipboard_program_that_hangs_holds_nothing_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    """Keys act while tmux does not answer, and the end does not wait for it."""
    (tmp_path / "tmux").write_text("#!/bin/sh\nexec sleep 30\n")
    (tmp_path / "tmux").chmod(0o755)
    monkeypatch.setenv("TMUX", "/tmp/tmux-1/default,1,0")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    async with acting("listen", [{}]) as shown:
        await shown.press("y", "escape")
        assert shown.mode == "jobs"
