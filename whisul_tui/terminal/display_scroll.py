"""Whether a frame is the one before, moved up or down: then the terminal can move it itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from operator import ne
from typing import NamedTuple

from whisul_tui.terminal.display_cells import Row

_LEAST = 5  # lines that must have moved
_PROBES = 8
_COST = 24  # cells that a scroll must save to be worth its own bytes


class Shift(NamedTuple):
    """The lines from `top` to `bottom` (inclusive) moved up by `rows`, or down where that is negative."""

    top: int
    bottom: int
    rows: int

    def apply(self, lines: list[Row], blank: Row) -> None:
        """Moves the lines as the terminal does, and fills in blank ones."""
        part = lines[self.top : self.bottom + 1]
        fill = [list(blank) for _ in range(abs(self.rows))]
        lines[self.top : self.bottom + 1] = part[self.rows :] + fill if self.rows > 0 else fill + part[: self.rows]


def find_shift(front: Sequence[Row], target: Mapping[int, Row], spans: Mapping[int, tuple[int, int]]) -> Shift | None:
    """The shift that saves the most, if one does; `spans` is the widest part of each line that is drawn anew."""
    if len(spans) <= _LEAST:
        return None
    (start, end), count = Counter(spans.values()).most_common(1)[0]
    if count <= _LEAST:
        return None
    lines = sorted(y for y, span in spans.items() if span == (start, end))
    old = {y: front[y][start:end] for y in lines}
    new = {y: target[y][start:end] for y in lines}
    changed = [y for y in lines if old[y] != new[y]]
    if len(changed) < _LEAST:
        return None
    rows = _likely(changed, old, new)
    if rows == 0:
        return None
    moved = [y for y in lines if y + rows in old and new[y] == old[y + rows]]
    top, bottom = (moved[0], moved[-1] + rows) if rows > 0 else (moved[0] + rows, moved[-1])
    shift = Shift(top, bottom, rows)
    return shift if len(moved) >= _LEAST and _is_worth(shift, front, target) else None


def _likely(changed: Sequence[int], old: Mapping[int, Row], new: Mapping[int, Row]) -> int:
    """By how many lines most of a few changed ones have moved; 0 for none."""
    votes: Counter[int] = Counter()
    for y in changed[:: max(1, len(changed) // _PROBES)]:
        found = [other for other, row in old.items() if row == new[y]]
        if len(found) <= 2:  # a blank line is found everywhere and says nothing
            votes.update(other - y for other in found)
    best = votes.most_common(1)
    return best[0][0] if best and best[0][1] >= 2 else 0


def _is_worth(shift: Shift, front: Sequence[Row], target: Mapping[int, Row]) -> bool:
    lines = range(shift.top, shift.bottom + 1)
    if not all(all(front[y]) and all(target.get(y, front[y])) for y in lines):
        return False  # what is not known must not be moved
    after = _COST
    for y in lines:
        row = target.get(y, front[y])
        after += _differing(front[y + shift.rows], row) if y + shift.rows in lines else len(row)
    before = 0
    for y in lines:
        before += _differing(front[y], target.get(y, front[y]))
        if after < before:
            return True  # most lines need not be looked at
    return False


def _differing(old: Row, new: Row) -> int:
    return 0 if old == new else sum(map(ne, old, new))
