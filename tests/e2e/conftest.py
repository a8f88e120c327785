"""Homes, terminals and studios for end-to-end tests, all ended when a test ends, also when it fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.e2e.meanwhile import PLAYS, Play, Plays
from tests.e2e.partner import Partner
from tests.e2e.places import PROGRAM, Place
from tests.e2e.terminal import Terminal

LIVELY = "poll_min_seconds = 0.5\npoll_max_seconds = 1.0\nundo_seconds = 0.3\n"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    mine = [item for item in items if Path(__file__).parent in item.path.parents]
    for item in mine:
        item.add_marker(pytest.mark.e2e)
    places = [index for index, item in enumerate(items) if item in mine]
    for index, item in zip(places, sorted(mine, key=lambda item: _play(item) is not None), strict=True):
        items[index] = item  # plays last: they have been under way since the first


def _play(item: pytest.Item) -> Play | None:
    return getattr(getattr(item, "function", None), PLAYS, None)


@pytest.fixture(scope="session", autouse=True)
def plays(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plays]:
    """All plays that were selected, begun."""
    selected = [play for item in request.session.items if (play := _play(item)) is not None]
    begun = Plays(selected, tmp_path_factory.mktemp("plays"))
    yield begun
    begun.close()


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
