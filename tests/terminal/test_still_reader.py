"""The thread that reads keys sleeps between them, and is there for the next one and for the end."""

from __future__ import annotations

import os
import selectors
import threading
from collections.abc import Iterator

import pytest

from whisul_tui.terminal.still_reader import Ending, StillSelector


@pytest.fixture
def keys() -> Iterator[tuple[int, int]]:
    read, write = os.pipe()
    yield read, write
    os.close(read)
    os.close(write)


def test_it_asks_ten_times_a_second_only_for_a_while_after_a_key(
    keys: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float | None] = []
    select = selectors.SelectSelector.select

    def noted(self: selectors.SelectSelector, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        waited.append(timeout)
        return select(self, 0)

    monkeypatch.setattr(selectors.SelectSelector, "select", noted)
    now, ending = [100.0], Ending()
    with StillSelector(ending, lambda: now[0]) as selector:
        selector.register(keys[0], selectors.EVENT_READ)
        assert selector.select(0.1) == []
        now[0] += 5
        assert selector.select(0.1) == []
        os.write(keys[1], b"j")
        assert [key.fd for key, _ in selector.select(0.1)] == [keys[0]]
        os.read(keys[0], 1)
        assert selector.select(0.1) == []
        now[0] += 5
        ending.set()
        assert selector.select(0.1) == []  # what ends it is no key
        assert waited == [0.1, None, None, 0.1, 0.1]
    ending.close()


def test_the_end_wakes_it(keys: tuple[int, int]) -> None:
    now, ending = [0.0], Ending()
    with StillSelector(ending, lambda: now[0]) as selector:
        selector.register(keys[0], selectors.EVENT_READ)
        now[0] = 60.0
        found: list[object] = []
        thread = threading.Thread(target=lambda: found.append(selector.select(0.1)))
        thread.start()
        ending.set()
        thread.join(30)
        assert found == [[]]
    ending.close()
