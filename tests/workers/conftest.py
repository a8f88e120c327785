"""The loopback CDN, and an environment in which somebody sits at this machine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.listening.server import Cdn


@pytest.fixture
def cdn() -> Iterator[Cdn]:
    """A CDN of this test's own."""
    with Cdn() as running:
        yield running


@pytest.fixture
def at_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A display, and no SSH."""
    monkeypatch.setenv("DISPLAY", ":99")
