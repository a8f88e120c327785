"""What of a screen is composed anew: of each widget only the lines that are dirty and not covered by others.

Textual composes all widgets whole that lie in the rectangle around all that is dirty, also those behind others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from textual._compositor import ChopsUpdate, Compositor
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

_Spans = list[tuple[int, int, int]]  # y, first cell, and the one after the last
_Chops = dict[int, dict[int, Strip | None]]  # parts of lines by y and x


def partial_update(compositor: Compositor) -> ChopsUpdate | None:
    """What `Compositor.render_partial_update` gives, with the parts alone that the dirty spans touch."""
    screen = compositor.size.region
    regions = [dirty for region in compositor._dirty_regions if (dirty := region.intersection(screen))]
    compositor._dirty_regions.clear()
    if not regions:
        return None
    spans = list(compositor._regions_to_spans(regions))
    cuts = compositor.cuts
    ends = {y: cuts[y][1:] for y, _, _ in spans}
    chops: _Chops = {y: dict.fromkeys(cuts[y][:-1]) for y in ends}
    wanted = _wanted(spans, ends, chops)
    for widget, (region, clip) in compositor.visible_widgets.items():
        if not wanted:
            break
        _compose(widget, region, clip.intersection(region), wanted, cuts, chops)
    return ChopsUpdate(chops, spans, ends)  # type: ignore[arg-type]  # it asks by line alone


def _wanted(spans: _Spans, ends: Mapping[int, list[int]], chops: _Chops) -> dict[int, set[int]]:
    """The parts that the spans touch and that nobody has composed yet, as lines to first cells."""
    wanted: dict[int, set[int]] = {}
    for y, start, end in spans:
        touched = (x for stop, x in zip(ends[y], chops[y], strict=True) if x < end and stop > start)
        wanted.setdefault(y, set()).update(touched)
    return wanted


def _compose(
    widget: Widget, region: Region, shown: Region, wanted: dict[int, set[int]], cuts: list[list[int]], chops: _Chops
) -> None:
    """Fills in what this widget has of the wanted parts; what lies in front of it was there before."""
    left, right = shown.column_span
    top, bottom = shown.line_span
    mine = [y for y, parts in wanted.items() if top <= y < bottom and any(left <= x < right for x in parts)]
    for first, count in _runs(mine):
        strips = widget.render_lines(Region(left - region.x, first - region.y, shown.width, count))
        for y, strip in zip(range(first, first + count), strips, strict=False):
            places = [cut for cut in cuts[y] if left <= cut <= right]
            line, parts = chops[y], wanted[y]
            for x, part in zip(places, _divided(strip, [cut - left for cut in places[1:]]), strict=False):
                if x in parts:
                    parts.discard(x)
                    line[x] = part
            if not parts:
                del wanted[y]


def _divided(strip: Strip, cuts: list[int]) -> Sequence[Strip]:
    """As `Strip.divide`; a strip that stays whole would keep itself there, until the garbage is collected."""
    return [strip] if cuts == [strip.cell_length] else strip.divide(cuts)


def _runs(lines: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Lines in order as (first, how many) of those that follow each other."""
    for _, group in groupby(enumerate(sorted(lines)), lambda pair: pair[1] - pair[0]):
        run = list(group)
        yield run[0][1], len(run)
