"""What is written reaches the terminal at once, whole and in order; one that takes nothing holds up nobody."""

from __future__ import annotations

import os
import pty
import threading
import tty
from collections.abc import Iterator
from typing import IO

import pytest

from whisul_tui.terminal.straight_output import StraightWriter, never_waiting, write_all

PATIENCE = 30.0


@pytest.fixture
def terminal() -> Iterator[tuple[int, IO[str]]]:
    """The other end of a terminal, and the terminal as a file."""
    master, slave = pty.openpty()
    tty.setraw(slave)
    with os.fdopen(slave, "w", encoding="utf-8") as file:
        yield master, file
    os.close(master)


def started(file: IO[str]) -> StraightWriter:
    writer = StraightWriter(file)
    writer.start()
    return writer


def read_in_full(master: int, size: int) -> bytes:
    text = b""
    while len(text) < size:
        text += os.read(master, 65536)
    return text


def test_a_frame_is_there_when_the_call_returns(terminal: tuple[int, IO[str]]) -> None:
    """No other thread has to have a turn for it."""
    master, file = terminal
    writer = StraightWriter(file)  # its thread does not even run
    writer.write("\x1b[H夜 é")
    os.set_blocking(master, False)
    assert os.read(master, 100).decode() == "\x1b[H夜 é"
    writer.start()
    writer.stop()


def test_a_terminal_that_takes_nothing_holds_up_nobody(terminal: tuple[int, IO[str]]) -> None:
    """What it does not take goes on by itself, whole and in order, letters of several bytes too."""
    master, file = terminal
    writer = started(file)
    frames = [f"{n}:" + "夜é.─" * 3_000 for n in range(12)]
    for frame in frames:
        writer.write(frame)  # nobody reads: a terminal keeps some thousand bytes
    wanted = "".join(frames).encode()
    assert len(wanted) > 200_000
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(read_in_full(master, len(wanted))))
    reader.start()
    reader.join(PATIENCE)
    assert read == [wanted]
    writer.write("at once again")
    assert read_in_full(master, 13) == b"at once again"
    writer.stop()


def test_nothing_is_written_after_the_end(terminal: tuple[int, IO[str]]) -> None:
    """The shell has the terminal then."""
    master, file = terminal
    writer = started(file)
    writer.write("the end")
    writer.stop()
    writer.write("too late")
    os.set_blocking(master, False)
    assert os.read(master, 100) == b"the end"
    with pytest.raises(BlockingIOError):
        os.read(master, 100)


def test_without_a_terminal_the_thread_writes_all() -> None:
    """As where it cannot be opened a second time."""
    read, write = os.pipe()
    with os.fdopen(write, "w", encoding="utf-8") as file:
        assert never_waiting(write) is None
        writer = started(file)
        writer.write("one ")
        writer.write("two")
        writer.stop()
        assert os.read(read, 100) == b"one two"
    os.close(read)


def test_the_shells_own_handle_goes_on_waiting(terminal: tuple[int, IO[str]]) -> None:
    """It is shared: what waits there would fail for others."""
    _, file = terminal
    again = never_waiting(file.fileno())
    assert again is not None
    assert os.get_blocking(file.fileno())
    assert not os.get_blocking(again)
    os.close(again)


def test_a_handle_that_somebody_else_made_not_wait_loses_nothing() -> None:
    read, write = os.pipe()
    os.set_blocking(write, False)
    text = b"0123456789" * 20_000
    thread = threading.Thread(target=write_all, args=(write, text))
    thread.start()
    assert read_in_full(read, len(text)) == text
    thread.join(PATIENCE)
    os.close(read)
    os.close(write)
