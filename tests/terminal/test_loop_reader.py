"""Keys that the event loop reads: in their order, an Esc in its time, and a terminal that is gone ends the program."""

from __future__ import annotations

import asyncio
import os
import pty
import signal
import threading
import tty
from collections.abc import Iterator
from contextvars import ContextVar

import pytest
from textual import constants, events
from textual.app import App
from textual.drivers import linux_driver
from textual.message import Message

from whisul_tui.terminal import loop_reader
from whisul_tui.terminal.loop_reader import LoopReader, read_in_loop

_somebodys = ContextVar("somebodys", default="nobody's")


class Program(App[int]):
    """Takes keys, and is never run."""

    def __init__(self) -> None:
        super().__init__()
        self.keys: list[str] = []
        self.whose = ""
        self.left_with: list[int | None] = []
        self.told = asyncio.Event()

    def post_message(self, message: Message) -> bool:
        if isinstance(message, events.Key):
            self.keys.append(message.key)
            self.whose = _somebodys.get()
            self.told.set()
        return True

    def exit(self, result: int | None = None, return_code: int = 0, message: object = None) -> None:
        self.left_with.append(result)
        self.told.set()

    async def wait_for(self, count: int) -> list[str]:
        while len(self.keys) < count:
            self.told.clear()
            await asyncio.wait_for(self.told.wait(), 10)
        return self.keys


@pytest.fixture
def line() -> Iterator[tuple[int, int]]:
    """Both ends of a terminal's line: where keys are typed, and where they are read."""
    typed, read = pty.openpty()
    tty.setraw(read)
    before = {number: signal.getsignal(number) for number in (signal.SIGTSTP, signal.SIGCONT)}
    yield typed, read
    for number, handler in before.items():  # a driver has taken them
        signal.signal(number, handler)
    for handle in (typed, read):
        try:
            os.close(handle)
        except OSError:
            continue  # a test has hung up


def reader_of(program: Program, handle: int) -> LoopReader:
    driver = linux_driver.LinuxDriver(program)
    driver.fileno = handle
    made = loop_reader._reader(driver._run_input_thread, "textual-input")
    assert isinstance(made, LoopReader)
    return made


async def test_keys_come_in_their_order_and_belong_to_nobody(line: tuple[int, int]) -> None:
    program = Program()
    reader = reader_of(program, line[1])
    _somebodys.set("the starter's")
    threads = threading.active_count()
    reader.start()
    for typed in ("j", "\x1b[B", "k\x1b[A"):
        os.write(line[0], typed.encode())
    assert await program.wait_for(4) == ["j", "down", "k", "up"]
    assert (program.whose, threading.active_count()) == ("nobody's", threads)
    reader.join()
    os.write(line[0], b"x")
    await asyncio.sleep(0)
    assert program.keys[4:] == []
    reader.join()


async def test_an_escape_that_nothing_follows_is_a_key_once_its_time_has_passed(
    line: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(constants, "ESCAPE_DELAY", 0.001)
    program = Program()
    reader = reader_of(program, line[1])
    reader.start()
    os.write(line[0], b"\x1b")
    assert await program.wait_for(1) == ["escape"]
    reader.join()


async def test_a_terminal_that_is_gone_ends_the_program(line: tuple[int, int]) -> None:
    program = Program()
    reader_of(program, line[1]).start()
    os.close(line[0])
    await asyncio.wait_for(program.told.wait(), 10)
    await asyncio.sleep(0)
    assert program.left_with == [129]


async def test_what_is_no_terminal_is_read_as_textual_does(line: tuple[int, int]) -> None:
    driver = linux_driver.LinuxDriver(Program())
    driver.fileno, told = os.pipe()
    assert isinstance(loop_reader._reader(driver._run_input_thread, "textual-input"), threading.Thread)
    os.close(driver.fileno)
    os.close(told)


async def test_it_stands_in_the_place_of_the_thread_for_known_releases_alone(
    line: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(linux_driver, "Thread", threading.Thread)
    driver = linux_driver.LinuxDriver(Program())
    monkeypatch.setattr(loop_reader, "release", lambda: "another")
    read_in_loop(driver)
    assert vars(linux_driver)["Thread"] is threading.Thread
    monkeypatch.undo()
    monkeypatch.setattr(linux_driver, "Thread", threading.Thread)
    read_in_loop(driver)
    assert vars(linux_driver)["Thread"] is loop_reader._reader
