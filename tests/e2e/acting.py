"""What users do at every terminal, and waiting for what they would wait for."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Protocol

from tests.e2e.places import Place
from tests.e2e.terminal import Condition, pause

WRITE = re.compile(r"^ Prompt ", re.MULTILINE)
JOBS = "newest first"
ANSWERED = ("running", "completed", "failed", "unconfirmed", "rejected")


class Shown(Protocol):
    """A terminal, of either kind."""

    def wait_for(self, condition: Condition, seconds: float = ..., *, ended_too: bool = ...) -> object: ...
    def write(self, data: str) -> None: ...
    def press(self, *names: str) -> None: ...
    def text(self) -> str: ...


def until(condition: Callable[[], object], seconds: float = 20.0, what: str = "it") -> None:
    """Waits until something is so; fails when it is not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"{what} did not come within {seconds} s"
        pause(0.05)


def submit(terminal: Shown, place: Place, prompt: str) -> None:
    """Writes a prompt on the Write screen and sends it; returns when it is in the store."""
    terminal.write(prompt)
    terminal.wait_for(prompt)
    terminal.press("enter")
    terminal.wait_for(lambda: prompt in place.states())
    terminal.wait_for(re.compile(r" 0 characters"))


def all_in(place: Place, *states: str, jobs: int) -> Callable[[], bool]:
    """Whether the store has so many jobs and each is in one of the states."""

    def so() -> bool:
        found = [job["state"] for job in place.jobs()]
        return len(found) == jobs and set(found) <= set(states)

    return so
