"""A job as a row of the table: pieces of text, each with its place, its width and the part that styles it."""

from __future__ import annotations

from itertools import takewhile
from typing import NamedTuple

from rich.cells import cell_len

from whisul_tui.domain import Job, JobState
from whisul_tui.formatting import clock, glyph, local_time, own_tag_words, usual
from whisul_tui.widgets.cells import cut, fit
from whisul_tui.widgets.job_columns import STATE_AT, Column, Columns
from whisul_tui.widgets.job_words import Facts, is_late, note, short_age, usual_of

_LEAST_TITLE = 12  # cells that are left to a short title beside a long note
_WITH_NOTE = 50  # cells of the line from which on a note stands in the title's room where no figure gives way
_LEAST_TAGS = 5  # cells from which on own tags stand behind the title
_SHORT_TITLE = 24  # cells that are left to a long one
_WITH_PROMPT = 40  # from this width on the prompt stands behind a title
_BONDS = {"alone": "≡", "first": "┌", "middle": "├", "last": "└"}
_PLAIN_BONDS = {"alone": "=", "first": "/", "middle": "|", "last": "\\"}


class Piece(NamedTuple):
    """Text of exactly `width` cells from cell `x` of the line on."""

    x: int
    width: int
    text: str
    part: str


def row_pieces(job: Job, columns: Columns, facts: Facts, *, marked: bool = False, bond: str = "") -> tuple[Piece, ...]:
    """The row, from left to right; what is blank has no piece. `bond`: as `bond_of` has it."""
    late = is_late(job, facts)
    state = "late" if late else str(job.state)
    sign = "!" if late else glyph(job.state, unicode=facts.unicode)
    pieces = [Piece(0, 1, "•" if facts.unicode else "*", "mark")] if marked else []
    pieces.append(Piece(1, 1, sign, state))
    pieces.append(Piece(STATE_AT, columns.state.width, fit(job.state, columns.state.width), state))
    at, end = columns.title.at, columns.title.end
    if bond and end - at > _LEAST_TITLE:
        pieces.append(Piece(at, 1, (_BONDS if facts.unicode else _PLAIN_BONDS)[bond], "figure"))
        at += 2
    words = note(job, facts)
    replaced = _replaced(job, columns) if words else ()
    room = end - at
    has_own = columns.get("own") is not None
    if words and (replaced or columns.width >= _WITH_NOTE):
        said = _note(words, job, columns, replaced, facts, at)
        room = said.x - 2 - at
        pieces += _title(job, at, room, facts, has_own=has_own)
        pieces.append(said)
    else:
        pieces += _title(job, at, room, facts, has_own=has_own)
    for column in columns.figures:
        if column not in replaced and (piece := _figure(job, column, columns, facts)) is not None:
            pieces.append(piece)
    return tuple(piece for piece in pieces if piece.width > 0 and 0 <= piece.x < columns.width)


def bond_of(job: Job, above: Job | None, below: Job | None) -> str:
    """Where in its family a row stands: first, middle or last of those that stand together, alone; "" for none."""
    if job.family is None:
        return ""
    is_first = above is None or above.family != job.family
    is_last = below is None or below.family != job.family
    return ("alone" if is_last else "first") if is_first else "last" if is_last else "middle"


def _replaced(job: Job, columns: Columns) -> tuple[Column, ...]:
    """The figures that give way to a note, those next to the title: none of what is known of a song."""
    names = ("elapsed", "usually") if job.song else ("elapsed", "usually", "bpm", "length")
    return tuple(takewhile(lambda column: column.name in names, columns.figures))


def _note(words: str, job: Job, columns: Columns, replaced: tuple[Column, ...], facts: Facts, at: int) -> Piece:
    """The note, ending where the replaced figures end, reaching into the title's room where that is not needed."""
    end = replaced[-1].end if replaced else columns.title.end
    span = end - at - 2
    width = max(
        end - replaced[0].at if replaced else 0,
        span - max(cell_len(_flat(job.name)), _LEAST_TITLE),
        span - _SHORT_TITLE,
    )
    text = cut(words, max(0, min(width, span)), unicode=facts.unicode)
    size = cell_len(text)
    part = "late" if job.state is JobState.UNCONFIRMED else "note"
    return Piece(end - size, size, text, part)


def _title(job: Job, at: int, width: int, facts: Facts, *, has_own: bool) -> list[Piece]:
    song_title = job.song.title if job.song else None
    text = cut(_flat(song_title or job.prompt), width, unicode=facts.unicode)
    size = cell_len(text)
    pieces = [Piece(at, size, text, "title" if song_title else "prompt")]
    rest = width - size - 2
    if job.own_tags and rest >= _LEAST_TAGS and not has_own:
        own = cut(own_tag_words(job), rest, unicode=facts.unicode)
        size += 2 + cell_len(own)
        pieces.append(Piece(at + size - cell_len(own), cell_len(own), own, "own"))
        rest = width - size - 2
    if song_title and width >= _WITH_PROMPT and rest >= _LEAST_TITLE:
        behind = cut(_flat(job.prompt), rest, unicode=facts.unicode)
        pieces.append(Piece(at + size + 2, cell_len(behind), behind, "behind"))
    return pieces


def _figure(job: Job, column: Column, columns: Columns, facts: Facts) -> Piece | None:
    text, part = _figure_text(job, column.name, columns, facts)
    if not text:
        return None
    if column.name == "length" and columns.get("usually") is None and job.state is JobState.RUNNING:
        before = next((other for other in columns.figures if other.end + 2 == column.at), None)
        at = before.at if before and before.name == "bpm" else column.at  # the room of both tells how long it takes
        return Piece(at, column.end - at, fit(text, column.end - at, right=True, unicode=facts.unicode), part)
    text = fit(text, column.width, right=not column.is_left, unicode=facts.unicode)
    return Piece(column.at, column.width, text, part)


def _figure_text(job: Job, name: str, columns: Columns, facts: Facts) -> tuple[str, str]:
    running = job.state is JobState.RUNNING
    late = is_late(job, facts)
    if name == "elapsed" or (name == "time" and running):
        elapsed = None if running and facts.calm else job.elapsed(facts.now)
        return ("" if elapsed is None else clock(elapsed)), "late" if late else "elapsed" if running else "figure"
    if name in ("age", "time"):
        return short_age(job, facts), "figure"
    if running and name == ("usually" if columns.get("usually") else "length"):
        return _expected(job, facts, short=name == "length"), "late" if late else "figure"
    song = job.song
    if name == "bpm" and song and song.bpm is not None:
        return f"{song.bpm:.0f}", "number"
    if name == "length" and song and song.seconds is not None:
        return clock(song.seconds), "number"
    if name == "star" and job.starred:
        return ("★" if facts.unicode else "*"), "star"
    return _chosen_text(job, name)


def _chosen_text(job: Job, name: str) -> tuple[str, str]:
    """The columns that are shown where the user has chosen them."""
    if name == "written":
        return local_time(job.created_at)[:16], "figure"
    if name == "profile":
        return job.account.partition("@")[0], "figure"
    if name == "id":
        return job.short_id, "figure"
    if name == "tags" and job.song:
        return ", ".join(job.song.tags), "behind"
    return (own_tag_words(job), "own") if name == "own" else ("", "")


def _expected(job: Job, facts: Facts, *, short: bool) -> str:
    """How long such jobs take; Whisul's own word where it is one that the documents do not know."""
    if job.remote_status:
        return job.remote_status
    if is_late(job, facts) and short:
        return "over usual"
    expected = usual_of(job, facts)
    return "" if expected is None else ("~" if short else "") + usual(expected)


def _flat(text: str) -> str:
    return " ".join(text[:600].split())
