"""The domain: lengths, tempi, times, prompts, ids, secrets."""

from __future__ import annotations

import copy
import pickle
from datetime import UTC, datetime

import pytest

from whisul_tui.domain import PROMPT_LIMIT, Job, JobState, PromptError, Song, check_prompt
from whisul_tui.domain.job import is_job_id
from whisul_tui.domain.secret import Secret
from whisul_tui.domain.song import parse_bpm, parse_seconds
from whisul_tui.domain.times import parse_api_time


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (183, 183), (183.5, 183.5), ("183", 183), ("2:47", 167), ("1:02:47", 3767), (" 0:59 ", 59), ("183.25", 183.25),
        ("125:00", 7500), (0, 0),
        ("9:99", None), ("1:60:00", None), (-1, None), ("-3", None), (True, None), (None, None), (float("nan"), None),
        (float("inf"), None), (10**400, None), ("1e400", None), ("", None), ("2:4", None), ([], None), ("٣:٠٠", None),
    ],
)  # fmt: skip
def test_lengths_in_every_form(value: object, seconds: float | None) -> None:
    assert parse_seconds(value) == seconds


@pytest.mark.parametrize(
    ("value", "bpm"),
    [(140, 140), (84.5, 84.5), ("140", 140)]
    + [(wrong, None) for wrong in (0, 1e9, True, float("nan"), "fast", None, 2**70)],
)
def test_tempi(value: object, bpm: float | None) -> None:
    assert parse_bpm(value) == bpm


def test_times_are_aware_and_in_utc() -> None:
    assert parse_api_time("2026-02-17 15:39:34") == datetime(2026, 2, 17, 15, 39, 34, tzinfo=UTC)
    assert parse_api_time("2026-02-17T16:39:34+01:00") == datetime(2026, 2, 17, 15, 39, 34, tzinfo=UTC)
    for wrong in ("yesterday", "", None, 12, "9999-99-99 00:00:00", "0001-01-01T00:00:00+23:59"):
        assert parse_api_time(wrong) is None


def test_a_prompt_is_cleaned_but_never_cut() -> None:
    assert check_prompt("  late night \x1b[31mlofi\r\nrain\u202e ") == "late night [31mlofi\nrain"
    with pytest.raises(PromptError, match="empty"):
        check_prompt(" \x00\u200b\n ")
    with pytest.raises(PromptError, match="100,000"):
        check_prompt("x" * 100_000)
    assert len(check_prompt("x" * PROMPT_LIMIT)) == PROMPT_LIMIT


def test_states_are_final_open_or_wait_for_the_user() -> None:
    assert [s for s in JobState if s.is_open] == [JobState.HELD, JobState.SENDING, JobState.RUNNING]
    assert [s for s in JobState if not s.is_open and not s.is_final] == [JobState.UNCONFIRMED]


def test_job_ids() -> None:
    assert is_job_id("81fa5ff7-6197-4c24-8062-c0ff8b62d58d")
    for wrong in ("", "a/b", "../x", "a" * 129, "a\n", None, 7, "é"):
        assert not is_job_id(wrong)


def test_elapsed_is_whisuls_own_time_when_it_is_known() -> None:
    at = datetime(2026, 2, 17, 15, 0, 0, tzinfo=UTC)
    job = Job(1, "c" * 32, "a@b", "p\nq", JobState.RUNNING, at, at, accepted_at=at)
    assert job.elapsed(at.replace(minute=1)) == 60
    done = job._replace(state=JobState.COMPLETED, started_at=at, finished_at=at.replace(second=30), song=Song("Rain"))
    assert done.elapsed(at.replace(minute=59)) == 30
    assert (job.name, done.name, job.short_id) == ("p", "Rain", "cccccccc")


def test_a_secret_shows_nothing() -> None:
    secret = Secret(" wh_0123456789abcdef\n")
    assert secret.reveal() == "wh_0123456789abcdef"
    for text in (repr(secret), str(secret), f"{secret}", f"{[secret]!r}"):
        assert "0123" not in text
    assert secret.masked == "••••cdef"
    assert Secret("short").masked == "••••"
    for attempt in (lambda: pickle.dumps(secret), lambda: copy.copy(secret)):
        with pytest.raises(TypeError):
            attempt()
    for wrong in ("", "  ", "a b", "ключ", "x" * 513):
        with pytest.raises(ValueError, match="API key") as caught:
            Secret(wrong)
        assert wrong not in str(caught.value) or not wrong.strip()
