"""Where the cursor and the window of the jobs table stand: rows never move under the cursor."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """The cursor is on job `number` at position `index`; the first row on screen is `top`. No job: an empty table."""

    number: int | None = None
    index: int = 0
    top: int = 0

    @property
    def line(self) -> int:
        """The cursor's line below the first row on screen; outside of it after the wheel was turned."""
        return self.index - self.top


def follow(place: Place, index: int, total: int, height: int) -> Place:
    """The same job at its new position, on the same line of the screen where there are rows enough."""
    return Place(place.number, index, bounded_top(index - place.line, total, height))


def moved(place: Place, index: int, total: int, height: int) -> Place:
    """The cursor at another position (its number is not known yet), the window moved no more than needed."""
    index = max(0, min(total - 1, index))
    top = bounded_top(place.top, total, height)
    if index < top:
        top = index
    elif index >= top + height:
        top = index - height + 1
    return Place(None, index, bounded_top(top, total, height))


def bounded_top(top: int, total: int, height: int) -> int:
    """The first row, such that no blank lines are shown while rows are left."""
    return max(0, min(top, total - height))
