"""The lines of the dashboard: a table of days, a line of durations, tags and totals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from rich.cells import cell_len

from whisul_tui.domain import JobState
from whisul_tui.formatting import clock, counted
from whisul_tui.storage.figures import Day, Figures
from whisul_tui.widgets.cells import cut, wrap

Line = list[tuple[str, str]]
_BLOCKS, _PLAIN = "▁▂▃▄▅▆▇█", "_.-=+*#@"
_HEADS = (("SENT", 5), ("SONGS", 6), ("LOST", 5), ("SUCCESS", 8), ("MEDIAN", 8), ("REQUESTS", 9), ("429", 5))


def dashboard_lines(
    figures: Figures, counts: Mapping[JobState, int], usual: tuple[float, float] | None, width: int, *, unicode: bool
) -> list[Line]:
    """Everything in lines of at most `width` cells; `usual` is median and 90th percentile in seconds."""
    lines: list[Line] = [[("DAY       " + "".join(f"{head:>{size}}" for head, size in _HEADS), "head")]]
    lines += [_day(day) for day in figures.days]
    lines += [[], *_times(figures.times, usual, width, unicode=unicode), []]
    dot = " · " if unicode else ", "
    lines.append(_list("Tags", figures.tags, width, dot) or [("Tags      ", "head"), ("none yet", "quiet")])
    if own := _list("Own tags", {f"#{tag}": songs for tag, songs in figures.own_tags.items()}, width, dot):
        lines.append(own)
    total = sum(counts.values())
    told = [f"{counts[state]:,} {state}" for state in reversed(JobState) if counts[state]]
    everything = dot.join([counted(total, "job"), *told]) if total else "no jobs yet"
    for row, text in enumerate(wrap(everything, width - 10)):
        lines.append([("          " if row else "All       ", "head"), (text, "value")])
    return lines


def spark(values: Sequence[float], width: int, *, unicode: bool) -> str:
    """The last values as blocks of eight heights, from 0 up; plain signs where blocks cannot be drawn."""
    signs = _BLOCKS if unicode else _PLAIN
    shown = list(values)[-width:] if width > 0 else []
    top = max(shown, default=0.0)
    return "".join(signs[min(7, int(value / top * 7.999))] if top > 0 else signs[0] for value in shown)


def _day(day: Day) -> Line:
    is_idle = not (day.sent or day.requests)
    success = "" if day.success is None else f"{day.success:.0%}"
    cells = (
        f"{day.sent or '':>5}",
        f"{day.songs or '':>6}",
        f"{day.lost or '':>5}",
        f"{success:>8}",
        f"{'' if day.seconds is None else clock(day.seconds):>8}",
        f"{day.requests or '':>9}",
    )
    name = "no jobs" if is_idle else ""
    line: Line = [(_name(day.day), "quiet" if is_idle else "value")]
    if is_idle:
        return [*line, (f"   {name}", "quiet")]
    line += [("".join(cells), "value"), (f"{day.limited or '':>5}", "late" if day.limited else "value")]
    return line


def _name(day: date) -> str:
    return f"{day:%Y-%m-%d}"


def _times(times: Sequence[float], usual: tuple[float, float] | None, width: int, *, unicode: bool) -> list[Line]:
    if not times:
        return [[("Times     ", "head"), ("no song has been timed yet", "quiet")]]
    drawn = spark(times, width - 10, unicode=unicode)
    told = f"the last {len(times)}: {clock(min(times))} to {clock(max(times))}"
    if usual is not None:
        told += f"; usually {clock(usual[0])}, 9 in 10 within {clock(usual[1])}"
    return [
        [("Times     ", "head"), (drawn, "spark")],
        [("          ", "head"), (cut(told, width - 10, unicode=unicode), "quiet")],
    ]


def _list(label: str, numbers: Mapping[str, int], width: int, dot: str) -> Line:
    """As many as fit the line."""
    room = width - 10
    parts: list[str] = []
    for name, number in numbers.items():
        part = f"{name} {number:,}"
        if cell_len(dot.join([*parts, part])) > room:
            break
        parts.append(part)
    return [(f"{label:<10}", "head"), (dot.join(parts), "value")] if parts else []
