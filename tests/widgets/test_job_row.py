"""Rows: pieces that never overlap or leave the line, at every width, for every state and any text."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.widgets.making import NOW, make_job
from whisul_tui.domain import Job, JobState, Song
from whisul_tui.formatting import local_time
from whisul_tui.widgets.cells import cut, fit, wrap
from whisul_tui.widgets.job_columns import columns_for
from whisul_tui.widgets.job_row import row_pieces
from whisul_tui.widgets.job_words import Facts, held_words, is_late

FACTS = Facts(NOW, (65.0, 110.0))
WIDE = "夜のローファイ、静かな雨、アップライトベース、ボーカルなし、八十拍"


def line(job: Job, width: int = 119, facts: Facts = FACTS) -> str:
    """The row as it reads on a screen."""
    text = ""
    for piece in row_pieces(job, columns_for(width), facts):
        text += " " * (piece.x - cell_len(text)) + piece.text
    return text


@pytest.mark.parametrize("width", [119, 80, 79, 60, 39, 24, 10, 1])
@pytest.mark.parametrize("state", list(JobState))
def test_every_state_fits_every_width(state: JobState, width: int) -> None:
    for prompt in ("a", "late night lofi, soft rain " * 20, WIDE):
        job = make_job(state=state, prompt=prompt, starred=True, message="it went wrong " * 10)
        end = 0
        for piece in row_pieces(job, columns_for(width), FACTS, marked=True):
            assert piece.x >= end
            assert cell_len(piece.text) == piece.width
            end = piece.x + piece.width
        assert end <= max(width, 14)


@given(st.text(max_size=80), st.text(max_size=80), st.sampled_from([119, 79, 60, 39]))
def test_any_text_keeps_its_place(title: str, message: str, width: int) -> None:
    songs = make_job(song=Song(title, 999.0, 86_399.0))
    failed = make_job(state=JobState.FAILED, prompt=title or "x", message=message)
    for job in (songs, failed):
        end = 0
        for piece in row_pieces(job, columns_for(width), FACTS):
            assert piece.x >= end
            assert "\n" not in piece.text
            end = piece.x + piece.width
        assert end <= width


@pytest.mark.parametrize(
    ("job", "words"),
    [
        (make_job(state=JobState.HELD), ("◌ held", "sends in 2s")),
        (make_job(state=JobState.HELD, not_before=NOW - timedelta(seconds=1)), ("waits its turn",)),
        (make_job(state=JobState.SENDING), ("↑ sending", "on its way")),
        (make_job(state=JobState.UNCONFIRMED), ("? unconfirmed", "no answer; a sends anew")),
        (make_job(state=JobState.RUNNING, ago=80), ("▸ running", "1:20", "1:05-1:50")),
        (make_job(state=JobState.RUNNING, ago=155), ("! running", "2:35")),
        (make_job(state=JobState.RUNNING, ago=80, remote_status="queued"), ("▸ running", "queued")),
        (make_job(starred=True), ("✓ completed", "Title 1", "prompt 1", "1:12", "82", "3:02", "1h", "★")),
        (make_job(state=JobState.FAILED, message="internal\nerror"), ("✗ failed", "internal error")),
        (make_job(state=JobState.REJECTED, message="too short"), ("⊘ rejected", "too short")),
        (make_job(state=JobState.EXPIRED), ("∅ expired", "404; all that was known is kept")),
        (make_job(state=JobState.EXPIRED, song=Song("Harp", 64.0, 90.0)), ("Harp", "all that was known", "64", "1:30")),
    ],
)
def test_what_a_state_says(job: Job, words: tuple[str, ...]) -> None:
    for word in words:
        assert word in line(job)


def test_a_closed_gate_is_told_in_held_rows() -> None:
    held = make_job(state=JobState.HELD)
    assert "429, waiting 18s" in line(held, facts=Facts(NOW, alarm="429: waiting 18s"))
    assert "key refused, K gives another" in line(held, facts=Facts(NOW, alarm="key refused: K gives another"))


def test_at_80_columns_the_usual_time_stands_where_a_song_has_its_figures() -> None:
    assert "~1:05-1:50" in line(make_job(state=JobState.RUNNING, ago=80), 79)
    assert "over usual" in line(make_job(state=JobState.RUNNING, ago=155), 79)


def test_without_history_nothing_is_said_of_usual_times() -> None:
    running = line(make_job(state=JobState.RUNNING, ago=9000), facts=Facts(NOW))
    assert "▸ running" in running
    assert "-" not in running.replace("prompt 1", "")


def test_ascii_alone_where_the_terminal_knows_no_more() -> None:
    facts = Facts(NOW, (65.0, 110.0), unicode=False)
    for state in JobState:
        job = make_job(state=state, prompt="late night lofi " * 20, starred=True, message="wrong " * 30)
        for width in (119, 79, 39):
            pieces = row_pieces(job, columns_for(width), facts, marked=True)
            assert "".join(piece.text for piece in pieces).isascii()


def test_cells_not_characters_are_counted() -> None:
    assert fit("雨雨雨", 5) == "雨雨…"
    assert fit("雨", 5) == "雨   "
    assert fit("1:20", 7, right=True) == "   1:20"
    assert cut("雨雨雨", 5, unicode=False) == "雨..."
    assert cut("abc", 0) == ""


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Mn", "Me"]), max_size=200),
       st.integers(2, 40))  # fmt: skip
def test_wrapped_lines_fit_and_lose_no_letter(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert all(cell_len(row) <= width for row in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_another_accounts_jobs_are_not_late_by_this_ones_times() -> None:
    usual = (60.0, 90.0)
    job = make_job(state=JobState.RUNNING, accepted_at=NOW - timedelta(seconds=100))
    late = FACTS._replace(usual=usual)
    assert is_late(job, late)
    assert is_late(job, late._replace(account=job.account))
    assert not is_late(job, late._replace(account="another@whisul.com"))


def test_a_held_job_of_an_account_that_is_not_open_tells_no_time_where_all_is_calm() -> None:
    """It stands there for long: a time that has passed told nothing."""
    held = make_job(state=JobState.HELD, not_before=NOW + timedelta(seconds=3))
    at = f"sends at {local_time(NOW + timedelta(seconds=3))[11:]}"
    assert held_words(held, Facts(NOW, calm=True)) == at
    assert held_words(held, Facts(NOW, calm=True, account=held.account)) == at
    assert held_words(held, Facts(NOW, calm=True, account="another")) == "waits its turn"
