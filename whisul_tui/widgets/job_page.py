"""Everything known of a job as lines of text, each a list of (text, part) for the widget that styles them."""

from __future__ import annotations

from datetime import UTC, datetime

from rich.cells import cell_len

from whisul_tui.domain import Job, JobState
from whisul_tui.formatting import LOOKS, age, clock, glyph, local_time, own_tag_words, tempo, usual
from whisul_tui.key_words import with_keys
from whisul_tui.widgets.cells import cut, wrap
from whisul_tui.widgets.job_words import Facts, held_words, is_late, usual_of

Line = list[tuple[str, str]]
_LABEL = 10  # cells


def page_lines(job: Job, facts: Facts, width: int) -> list[Line]:
    """The page of a job in lines of at most `width` cells."""
    lines = [*_name(job, facts, width), _state(job, facts, width), *_advice(job, facts, width)]
    if job.message:
        lines += [[], *_wrapped(job.message, width, "message")]
    if job.song:
        lines += [[], *_song(job, facts, width)]
    if job.own_tags or job.note:
        lines += [[], *_said(job, width)]
    lines += [[], [("Prompt", "head")], *_wrapped(job.prompt, width, "prompt")]
    lines += [[], *_facts(job, facts, width)]
    return [_bounded(line, width, facts) for line in lines]


def _name(job: Job, facts: Facts, width: int) -> list[Line]:
    star = (" ★" if facts.unicode else " *") if job.starred else ""
    name = " ".join(job.name.split())
    return [[(cut(name, width - cell_len(star), unicode=facts.unicode), "name"), (star, "star")]]


def _state(job: Job, facts: Facts, width: int) -> Line:
    late = is_late(job, facts)
    part = "late" if late else str(job.state)
    line = [(f"{'!' if late else glyph(job.state, unicode=facts.unicode)} {job.state}", part)]
    elapsed = job.elapsed(facts.now)
    if job.state is JobState.RUNNING and elapsed is not None:
        line.append((f" since {_moment(job.accepted_at, facts.now)}" if facts.calm else f" {clock(elapsed)}", part))
        if (expected := usual_of(job, facts)) is not None:
            words = f", usually {usual(expected)}" if facts.calm else f" of {usual(expected)}"
            line.append((f"{words}{', late' if late else ''}", "late" if late else "quiet"))
    elif job.state is JobState.HELD:
        line.append((f"   {held_words(job, facts)}", "quiet"))
    elif elapsed is not None:
        line.append((f" {'in' if job.state is JobState.COMPLETED else 'after'} {clock(elapsed)}", "quiet"))
    return line


def _advice(job: Job, facts: Facts, width: int) -> list[Line]:
    advice = LOOKS[job.state].advice
    if job.account.startswith("local@"):
        advice = advice.replace("may cost twice", "may be made twice")
    return _wrapped(with_keys(advice, facts.keymap), width, "quiet")


def _song(job: Job, facts: Facts, width: int) -> list[Line]:
    song = job.song
    if song is None:
        return []
    figures = [f"{tempo(song.bpm)} bpm"] if song.bpm is not None else []
    figures += [clock(song.seconds)] if song.seconds is not None else []
    lines: list[Line] = [[("   ".join(figures), "figure")]] if figures else []
    if song.tags:
        lines += _wrapped((" · " if facts.unicode else ", ").join(song.tags), width, "tags")
    for name, url in (("song", song.song_url), ("cover", song.image_url)):
        if url:
            lines += _labelled(name, url, width, "link")
    return lines


def _said(job: Job, width: int) -> list[Line]:
    return [
        *(_wrapped(own_tag_words(job), width, "own") if job.own_tags else ()),
        *(_wrapped(job.note, width, "note") if job.note else ()),
    ]


def _facts(job: Job, facts: Facts, width: int) -> list[Line]:
    is_polled = job.state is JobState.RUNNING and job.polled_at is not None and not facts.calm
    told = [
        ("job", job.job_id or "no id yet"),
        ("account", job.account if facts.accounts else ""),
        ("status", job.remote_status or ""),
        ("written", _moment(job.created_at, facts.now)),
        ("sent", _moment(job.sent_at, facts.now)),
        ("polled", f"{age(job.polled_at, facts.now)} ago" if is_polled else ""),
        ("finished", _moment(job.finished_at, facts.now)),
        ("again of", f"#{job.parent}" if job.parent else ""),
        ("family", facts.kin),
        ("came from", job.origin or ""),
    ]
    return [line for name, value in told if value for line in _labelled(name, value, width, "value")]


def _moment(moment: datetime | None, now: datetime) -> str:
    """The time of day for what is of today, else the date too."""
    if moment is None:
        return ""
    text = local_time(moment)
    same_day = text[:10] == local_time(now.astimezone(UTC))[:10]
    return text[11:] if same_day else text


def _labelled(name: str, value: str, width: int, part: str) -> list[Line]:
    rows = wrap(value, width - _LABEL)
    return [[((name if number == 0 else "").ljust(_LABEL), "label"), (row, part)] for number, row in enumerate(rows)]


def _wrapped(text: str, width: int, part: str) -> list[Line]:
    return [[(row, part)] for row in wrap(text, width)]


def _bounded(line: Line, width: int, facts: Facts) -> Line:
    """The line without what is over the width, and without empty pieces."""
    kept: Line = []
    for text, part in line:
        text = cut(text, width, unicode=facts.unicode)
        width -= cell_len(text)
        if text:
            kept.append((text, part))
    return kept
