"""A studio that a whole module of tests asks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.studio.support import Served, serving


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("studio")) as served:
        yield served
