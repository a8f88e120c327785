"""A CDN on loopback, a downloader that does not wait between attempts, and a folder for the songs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.listening.server import Cdn
from whisul_tui.listening.downloads import Downloader


async def no_wait(_: float) -> None:
    """Pauses between attempts take no time in tests."""


@pytest.fixture
def cdn() -> Iterator[Cdn]:
    with Cdn() as cdn:
        yield cdn


@pytest.fixture
async def downloader() -> AsyncIterator[Downloader]:
    downloader = Downloader(sleep=no_wait)
    yield downloader
    await downloader.aclose()


@pytest.fixture
def songs(tmp_path: Path) -> Path:
    return tmp_path / "Music" / "whisul"
