"""Homes, terminals and studios for end-to-end tests, all ended when a test ends, also when it fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.e2e.meanwhile import PLAY, Play, Plays
from tests.e2e.over_ssh import Sshd, serving_ssh
from tests.e2e.partner import Partner
from tests.e2e.places import PROGRAM, Place
from tests.e2e.terminal import Terminal
from tests.listening.fake_player import short_folder

LIVELY = "poll_min_seconds = 0.5\npoll_max_seconds = 1.0\nundo_seconds = 0.3\n"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    mine = [item for item in items if Path(__file__).parent in item.path.parents]
    for item in mine:
        item.add_marker(pytest.mark.e2e)
    places = [index for index, item in enumerate(items) if item in mine]
    for index, item in zip(places, sorted(mine, key=lambda item: _play(item) is not None), strict=True):
        items[index] = item  # plays last: they have been under way since the first


def _play(item: pytest.Item) -> Play | None:
    return getattr(getattr(item, "function", None), PLAY, None)


@pytest.fixture(scope="session", autouse=True)
def plays(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plays]:
    """All plays that were selected, begun."""
    selected = [play for item in request.session.items if (play := _play(item)) is not None]
    own = tmp_path_factory.getbasetemp()
    shared = (own.parent if hasattr(request.config, "workerinput") else own) / "plays"
    shared.mkdir(exist_ok=True)
    begun = Plays(selected, shared)
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
def tui(place: Place, ending: ExitStack) -> Iterator[Callable[..., Terminal]]:
    """Starts the TUI in a terminal; words are its arguments. No traceback may ever be seen there."""
    started: list[Terminal] = []

    def start(*words: str, columns: int = 80, rows: int = 24, **variables: str) -> Terminal:
        environment = place.environment(**variables)
        terminal = Terminal([*PROGRAM, *words], environment, columns=columns, rows=rows, cwd=place.folder)
        started.append(ending.enter_context(terminal))
        return terminal

    yield start
    for terminal in started:
        assert b"Traceback" not in terminal.raw


@pytest.fixture(scope="session")
def sshd() -> Iterator[Sshd]:
    """A server that ssh leads to."""
    with serving_ssh() as running:
        yield running


@pytest.fixture
def there() -> Iterator[str]:
    """Where the listener's socket is to be on the server, as the user would write it: ssh fills in the name."""
    with short_folder() as name:
        yield f"{name}/%r.sock"
