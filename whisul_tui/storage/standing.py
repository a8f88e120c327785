"""What was worked out about one revision of the store, kept on each thread until the revision changes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

V = TypeVar("V")


class Standing(Generic[V]):
    """One value a thread: the last one that was worked out, for its key and its revision."""

    def __init__(self) -> None:
        self._kept = threading.local()

    def get(self, key: object, revision: int, work_out: Callable[[], V]) -> V:
        """The kept value if key and revision are those it was worked out for, else a new one."""
        if getattr(self._kept, "stamp", None) != (key, revision):
            self._kept.value = work_out()
            self._kept.stamp = key, revision
        value: V = self._kept.value
        return value

    def put(self, key: object, revision: int, value: V) -> None:
        """Keeps a value that another thread has worked out."""
        self._kept.value, self._kept.stamp = value, (key, revision)
