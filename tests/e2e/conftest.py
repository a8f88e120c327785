"""Homes, terminals and studios for end-to-end tests, all ended when a test ends, also when it fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.e2e.partner import Partner
from tests.e2e.places import PROGRAM, Place
from tests.e2e.terminal import Terminal

LIVELY = "poll_min_seconds = 0.5\npoll_max_seconds = 1.0\nundo_seconds = 0.3\n"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture
def ending() -> Iterator[ExitStack]:
    """What is entered here is ended with the test, the last one first."""
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def place(tmp_path: Path, ending: ExitStack) -> Place:
    """A home in which nothing is set up."""
    made = Place(tmp_path / "place")
    ending.callback(made.leave)
    return made


@pytest.fixture
def studio(tmp_path: Path, ending: ExitStack, place: Place) -> Callable[..., Partner]:
    """Starts a studio with options, and points the place at it, with quick polls and a short undo delay."""

    def start(*options: str, config: str = LIVELY, composer: str | None = "tests.studio.tiny:compose") -> Partner:
        partner = ending.enter_context(Partner(tmp_path / "studio", *options, composer=composer))
        place.variables.update(partner.variables)
        place.configure(config)
        return partner

    return start


@pytest.fixture
def tui(place: Place, ending: ExitStack) -> Callable[..., Terminal]:
    """Starts the TUI in a terminal; words are its arguments."""

    def start(*words: str, columns: int = 80, rows: int = 24, **variables: str) -> Terminal:
        environment = place.environment(**variables)
        command = [*PROGRAM, *words]
        return ending.enter_context(Terminal(command, environment, columns=columns, rows=rows, cwd=place.folder))

    return start
