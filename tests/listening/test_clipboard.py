from __future__ import annotations

import base64
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from whisul_tui.listening.clipboard import CopyRung, copy, copy_rungs, osc52

TEXT = "https://cdn.example/songs/ä.mp3?x=1&y=2"
PAYLOAD = base64.b64encode(TEXT.encode())


def only(*programs: str) -> Callable[[str], str | None]:
    return lambda name: f"/usr/bin/{name}" if name in programs else None


ALL = only("tmux", "wl-copy", "xclip", "xsel", "pbcopy")


@pytest.mark.parametrize(
    ("environ", "rungs"),
    [
        ({"TERM": "tmux-256color", "TMUX": "x"}, ["tmux", "OSC 52", "pbcopy"]),
        ({"TERM": "xterm-256color"}, ["OSC 52", "pbcopy"]),
        ({"TERM": "screen", "STY": "1.x"}, ["OSC 52 through screen", "pbcopy"]),
        ({"TERM": "screen.xterm-256color"}, ["OSC 52 through screen", "pbcopy"]),
        ({"TERM": "screen-256color", "TMUX": "x", "STY": "1.x"}, ["tmux", "OSC 52", "pbcopy"]),
        ({"TERM": "linux", "WAYLAND_DISPLAY": "w", "DISPLAY": ":0"}, ["wl-copy", "xclip", "xsel", "pbcopy"]),
        ({"TERM": "dumb"}, ["pbcopy"]),
    ],
)
def test_the_ladder_follows_the_terminal(environ: dict[str, str], rungs: list[str]) -> None:
    assert copy_rungs(environ, 40, ALL) == rungs


def test_a_text_too_long_for_one_sequence_is_not_sent_to_the_terminal() -> None:
    assert CopyRung.OSC52 in copy_rungs({"TERM": "xterm"}, 56_244, ALL)
    assert CopyRung.OSC52 not in copy_rungs({"TERM": "xterm"}, 56_245, ALL)


def test_osc52_carries_nothing_but_base64() -> None:
    assert osc52(TEXT) == b"\x1b]52;c;" + PAYLOAD + b"\x07"
    assert re.fullmatch(rb"\x1b\]52;c;[A-Za-z0-9+/=]*\x07", osc52("\x1b]0;x\x07" * 9 + "\udc80"))


def test_through_screen_the_sequence_goes_in_pieces_that_screen_lets_pass() -> None:
    wrapped = osc52("a" * 2000, through_screen=True)
    pieces = re.findall(rb"\x1bP(.*?)\x1b\\", wrapped, re.DOTALL)
    assert all(len(piece) <= 512 for piece in pieces)
    assert b"".join(pieces) == osc52("a" * 2000)


def test_the_terminal_is_written_to_and_nothing_is_claimed() -> None:
    written: list[bytes] = []
    result = copy(TEXT, write=written.append, environ={"TERM": "xterm", "SSH_CONNECTION": "x"}, which=only())
    assert written == [osc52(TEXT)]
    assert result.rung is CopyRung.OSC52
    assert result.taken
    assert "can't be seen from here" in result.sentence
    assert "copied" not in result.sentence.lower()


def test_nothing_that_can_copy_is_said_plainly() -> None:
    result = copy(TEXT, write=None, environ={"TERM": "xterm"}, which=only())
    assert (result.rung, result.taken) == (CopyRung.NONE, False)
    assert "Press v" in result.sentence


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "tools"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return folder


def tool(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def environ(**more: str) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], **more}


def test_a_tool_gets_the_text_on_its_input_and_not_the_key(tools: Path, tmp_path: Path) -> None:
    tool(tools, "xclip", f"cat > '{tmp_path}/got'; env > '{tmp_path}/env'; echo \"$@\" > '{tmp_path}/args'")
    here = environ(TERM="linux", DISPLAY=":0", WHISUL_API_KEY="canary")
    result = copy(TEXT, write=None, environ=here, which=only("xclip"))
    assert result.rung is CopyRung.XCLIP
    assert (tmp_path / "got").read_text() == TEXT
    assert (tmp_path / "args").read_text() == "-selection clipboard\n"
    assert "canary" not in (tmp_path / "env").read_text()


def test_a_tool_that_fails_or_hangs_gives_way_to_the_next(
    tools: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("whisul_tui.listening.clipboard._SECONDS", 0.3)
    tool(tools, "wl-copy", "exit 1")
    tool(tools, "xclip", "exec sleep 30")
    tool(tools, "xsel", f"cat > '{tmp_path}/got'")
    here = environ(TERM="dumb", DISPLAY=":0", WAYLAND_DISPLAY="w")
    result = copy(TEXT, write=None, environ=here, which=only("wl-copy", "xclip", "xsel"))
    assert result.rung is CopyRung.XSEL
    assert (tmp_path / "got").read_text() == TEXT


def test_a_tool_that_stays_behind_holds_nothing_up(tools: Path, tmp_path: Path) -> None:
    tool(tools, "wl-copy", f"cat > '{tmp_path}/got'\nsleep 5 & exit 0")
    result = copy(TEXT, write=None, environ=environ(TERM="dumb", WAYLAND_DISPLAY="w"), which=only("wl-copy"))
    assert result.rung is CopyRung.WL_COPY


def test_at_the_machine_itself_a_tool_helps_a_terminal_that_may_not_know_osc52(tools: Path, tmp_path: Path) -> None:
    tool(tools, "wl-copy", f"cat > '{tmp_path}/got'")
    written: list[bytes] = []
    here = environ(TERM="xterm", WAYLAND_DISPLAY="w")
    result = copy(TEXT, write=written.append, environ=here, which=only("wl-copy"))
    assert result.rung is CopyRung.OSC52
    assert "and to wl-copy on this machine" in result.sentence
    assert written == [osc52(TEXT)]
    assert (tmp_path / "got").read_text() == TEXT
    (tmp_path / "got").unlink()
    copy(TEXT, write=written.append, environ={**here, "SSH_CONNECTION": "x"}, which=only("wl-copy"))
    assert not (tmp_path / "got").exists(), "over SSH this machine's clipboard is nobody's"


@pytest.fixture
def tmux(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A default tmux of its own; the environment of a program inside it."""
    program = shutil.which("tmux")
    if program is None:
        pytest.skip("tmux is not installed")
    outer = environ(TMUX_TMPDIR=str(tmp_path), TERM="xterm", LANG="C.UTF-8")
    subprocess.run([program, "-f", "/dev/null", "new-session", "-d", "sleep 60"], env=outer, check=True)
    shown = subprocess.run(
        [program, "display-message", "-p", "#{socket_path},#{pid},0"], env=outer, check=True, capture_output=True
    )
    yield {**outer, "TMUX": shown.stdout.decode().strip()}
    subprocess.run([program, "kill-server"], env=outer, check=True)


def test_in_a_real_tmux_the_bytes_reach_its_buffer(tmux: dict[str, str]) -> None:
    written: list[bytes] = []
    result = copy(TEXT, write=written.append, environ=tmux)
    assert result.rung is CopyRung.TMUX
    assert written == []
    buffer = subprocess.run(["tmux", "show-buffer"], env=tmux, check=True, capture_output=True)
    assert buffer.stdout == TEXT.encode()


def test_a_tmux_that_is_gone_gives_way_to_osc52(tmux: dict[str, str]) -> None:
    written: list[bytes] = []
    gone = {**tmux, "TMUX": "/nonexistent/socket,1,0"}
    assert copy(TEXT, write=written.append, environ=gone).rung is CopyRung.OSC52
    assert written == [osc52(TEXT)]
