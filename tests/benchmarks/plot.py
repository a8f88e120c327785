"""One plot of what grows with the history and what does not, from what the suite has measured.

python -m tests.benchmarks.tty_suite --jobs 10 1000 100000 1000000 --json figures.json
python -m tests.benchmarks.plot figures.json screenshots/scale.svg
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

WIDTH, HEIGHT, LEFT, TOP, BETWEEN = 260, 170, 60, 56, 60
INSET = 14  # of the first point, so that its figure keeps clear of the axis
Panel = tuple[str, str, Callable[[list[float]], float]]


def p95(values: list[float]) -> float:
    """The value that 95 in 100 are not above."""
    return sorted(values)[min(len(values) - 1, int(0.95 * len(values)))]


PANELS: tuple[Panel, ...] = (
    ("first frame, ms", "first text", min),
    ("Down p95, ms", "Down: first byte", p95),
    ("search p95, ms", "search: rows shown", p95),
    ("memory, MiB", "memory, MiB", min),
)


def plot(figures: Mapping[str, list[float]]) -> str:
    """The SVG: a panel a figure, jobs on a logarithmic line; dashed is Textual with one Static, where it has it."""
    sizes = sorted({int(name.replace(",", "")) for name in _targets(figures) if name.replace(",", "").isdigit()})
    width = LEFT + len(PANELS) * (WIDTH + BETWEEN)
    height = TOP + HEIGHT + 60
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        'font-family="sans-serif" font-size="13" fill="#20242c">',
        f'<rect width="{width}" height="{height}" fill="#fbfbf8"/>',
    ]
    for number, (title, row, least) in enumerate(PANELS):
        values = [(size, least(figures[f"{size:,} | {row}"])) for size in sizes if f"{size:,} | {row}" in figures]
        floor = figures.get(f"B | {row}")
        parts += _panel(LEFT + number * (WIDTH + BETWEEN), title, values, least(floor) if floor else None)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _targets(figures: Mapping[str, list[float]]) -> set[str]:
    return {name.split(" | ")[0] for name in figures}


def _panel(left: int, title: str, values: Sequence[tuple[int, float]], floor: float | None) -> list[str]:
    top = max([value for _, value in values] + ([floor] if floor else [])) * 1.15 or 1.0
    first, last = math.log10(values[0][0]), math.log10(values[-1][0])

    def x(size: int) -> float:
        return left + INSET + (WIDTH - INSET) * (math.log10(size) - first) / ((last - first) or 1)

    def y(value: float) -> float:
        return TOP + HEIGHT * (1 - value / top)

    points = " ".join(f"{x(size):.1f},{y(value):.1f}" for size, value in values)
    parts = [
        f'<text x="{left}" y="{TOP - 22}" font-weight="bold">{title}</text>',
        f'<path d="M{left},{TOP} V{TOP + HEIGHT} H{left + WIDTH}" fill="none" stroke="#8c8c8c"/>',
        f'<polyline points="{points}" fill="none" stroke="#2856b8" stroke-width="2"/>',
    ]
    if floor is not None:
        parts += [
            f'<path d="M{left},{y(floor):.1f} h{WIDTH}" stroke="#7f5200" stroke-dasharray="5 4"/>',
            f'<text x="{left + WIDTH}" y="{y(floor) - 5:.1f}" text-anchor="end" fill="#7f5200">'
            f"bare Textual {floor:.0f}</text>",
        ]
    for size, value in values:
        parts += [
            f'<circle cx="{x(size):.1f}" cy="{y(value):.1f}" r="3.5" fill="#2856b8"/>',
            f'<text x="{x(size):.1f}" y="{y(value) - 9:.1f}" text-anchor="middle">{value:.0f}</text>',
            f'<text x="{x(size):.1f}" y="{TOP + HEIGHT + 20}" text-anchor="middle">{_short(size)}</text>',
        ]
    return [*parts, f'<text x="{left + WIDTH / 2}" y="{TOP + HEIGHT + 42}" text-anchor="middle">jobs</text>']


def _short(size: int) -> str:
    return f"{size // 1_000_000}M" if size >= 1_000_000 else f"{size // 1000}k" if size >= 1000 else str(size)


def main() -> None:
    """Draws."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("figures", type=Path)
    parser.add_argument("svg", type=Path)
    options = parser.parse_args()
    options.svg.write_text(plot(json.loads(options.figures.read_text())))


if __name__ == "__main__":
    main()
