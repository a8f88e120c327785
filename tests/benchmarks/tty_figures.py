"""What the suite has measured, and its table."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field


@dataclass
class Figures:
    """All that was measured: (target, row) to values."""

    values: dict[tuple[str, str], list[float]] = field(default_factory=lambda: defaultdict(list))

    def note(self, target: str, row: str, value: float) -> None:
        """One more value."""
        self.values[target, row].append(value)

    def least(self, target: str, row: str) -> float | None:
        """The minimum, None where it was not measured."""
        values = self.values.get((target, row))
        return min(values) if values else None


def table(figures: Figures) -> str:
    """Rows by columns: the minimum, and its ratio to B (start, memory) or to S (all else)."""
    names = list(dict.fromkeys(target for target, _ in figures.values))
    names.sort(key=lambda name: (not name[0].isdigit(), int(name.replace(",", "")) if name[0].isdigit() else 0, name))
    rows = list(dict.fromkeys(row for _, row in figures.values))
    lines = [f"{'':30}" + "".join(f"{name:>18}" for name in names)]
    for row in rows:
        base = "B" if row.startswith(("first", "memory", "at rest", "start")) else "S"
        floor = figures.least(base, "memory, MiB" if row.startswith("memory") else row)
        cells = []
        for name in names:
            value = figures.least(name, row)
            ratio = f" ({value / floor:.2f})" if value is not None and floor and name != base else ""
            cells.append(f"{'-' if value is None else f'{value:,.1f}'.removesuffix('.0')}{ratio}")
        lines.append(f"{row:30}" + "".join(f"{cell:>18}" for cell in cells))
    for row in ("Down: last byte", "Down that scrolls: last byte", "PageDown: last byte", "search: rows shown"):
        floor = figures.values.get(("S", row))
        cells = []
        for name in names:
            values = figures.values.get((name, row))
            ratio = f" ({percentile(values, 0.95) / percentile(floor, 0.95):.2f})" if values and floor else ""
            cells.append(f"{percentile(values, 0.95):,.1f}{ratio}" if values else "-")
        lines.append(f"{row + ', p95':30}" + "".join(f"{cell:>18}" for cell in cells))
    return "\n".join(lines)


def percentile(values: list[float], part: float) -> float:
    """The value that this part of all is not above."""
    return sorted(values)[min(len(values) - 1, int(part * len(values)))]
