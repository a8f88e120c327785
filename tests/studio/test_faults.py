"""Faults on purpose: each kind as a client meets it, and what it leaves in the book."""

from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path

import httpx
import pytest

from tests.studio.support import Served, serving, until
from whisul_tui.domain.clean import clean_line
from whisul_tui.studio import faults
from whisul_tui.studio.faults import AFTER, BEFORE, Fault, Faults, parse_fault


def submit(studio: Served) -> httpx.Response:
    return studio.http.post("/api/generate", json={"prompt": "x"})


def jobs_made(studio: Served, requests: int = 1) -> int:
    """How many jobs the requests made, by the studio's own log."""
    lines = until(lambda: lines if len(lines := studio.asked()) >= requests else None)
    return sum(1 for line in lines if line["job_id"])


def test_500_makes_no_job(tmp_path: Path) -> None:
    with serving(tmp_path, faults={Fault.ERROR: 1.0}) as studio:
        answer = submit(studio)
        assert answer.status_code == 500
        assert answer.json()["error"] == "Internal server error"
        assert jobs_made(studio) == 0
        assert studio.asked()[0]["fault"] == "500"


def test_drop_closes_the_connection_without_a_byte_and_makes_no_job(tmp_path: Path) -> None:
    with serving(tmp_path, faults={Fault.DROP: 1.0}) as studio:
        with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
            submit(studio)
        with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
            studio.http.get("/api/jobs/x")
        assert jobs_made(studio, 2) == 0
        assert [line["status"] for line in studio.asked()] == [None, None]
        assert studio.http.get("/songs/x.mp3").status_code == 404  # only the API goes wrong


def test_lost202_takes_the_job_and_drops_the_answer(tmp_path: Path) -> None:
    with serving(tmp_path, faults={Fault.LOST202: 1.0}) as studio:
        with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
            submit(studio)
        assert jobs_made(studio) == 1
        line = studio.asked()[0]
        assert (line["status"], line["fault"], line["prompt"]) == (None, "lost202", "x")
        assert studio.end_of(line["job_id"])["status"] == "completed"  # other answers are not lost


def test_html_comes_with_200_or_502_and_makes_no_job(tmp_path: Path) -> None:
    with serving(tmp_path, faults={Fault.HTML: 1.0}, seed=3) as studio:
        answers = [submit(studio) for _ in range(12)]
        assert {answer.status_code for answer in answers} == {200, 502}
        assert all(answer.headers["content-type"].startswith("text/html") for answer in answers)
        assert all("<html>" in answer.text for answer in answers)
        assert jobs_made(studio, 12) == 0


def test_garbage_comes_under_the_right_status_after_the_job_was_made(tmp_path: Path) -> None:
    with serving(tmp_path, faults={Fault.GARBAGE: 1.0}, seed=1) as studio:
        answers = [submit(studio) for _ in range(12)]
        assert {answer.status_code for answer in answers} == {202}
        assert jobs_made(studio, 12) == 12
        assert {_is_json(answer.content) for answer in answers} == {True, False}
        poisoned = next(answer.json() for answer in answers if _is_json(answer.content))
        assert clean_line(poisoned["message"]) != poisoned["message"]
        assert "\x1b]52;" in poisoned["message"]


def test_a_slow_answer_waits_and_then_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faults.Faults, "slow_seconds", lambda _: 0.4)
    with serving(tmp_path, faults={Fault.SLOW: 1.0}) as studio:
        answer = submit(studio)
        assert answer.status_code == 202
        assert answer.elapsed.total_seconds() >= 0.4
        assert until(studio.asked)[0]["fault"] == "slow"


def test_jobfail_ends_as_failed_and_composes_nothing(tmp_path: Path) -> None:
    with serving(tmp_path, faults={Fault.JOBFAIL: 1.0}) as studio:
        job_id = submit(studio).json()["job_id"]
        job = studio.end_of(job_id)
        assert (job["status"], job["result"]) == ("failed", None)
        assert job["error"] == "Generation failed due to an internal error."
        assert until(studio.asked)[0]["fault"] == "jobfail"
    assert list((tmp_path / "data").rglob("*.mp3")) == []


def test_the_die_is_seeded_and_keeps_to_its_shares() -> None:
    shares = {Fault.ERROR: 0.05, Fault.DROP: 0.1}
    drawn = [Faults(shares, random.Random(7)).draw(BEFORE) for _ in range(2)]
    assert drawn[0] == drawn[1]
    die = Faults(shares, random.Random(7))
    hits = Counter(die.draw(BEFORE) for _ in range(20_000))
    assert 0.04 < hits[Fault.ERROR] / 20_000 < 0.06
    assert 0.085 < hits[Fault.DROP] / 20_000 < 0.11
    assert {die.draw(AFTER) for _ in range(1000)} == {None}


def test_slow_is_some_seconds() -> None:
    die = Faults({}, random.Random(7))
    assert all(2 <= die.slow_seconds() <= 8 for _ in range(100))


@pytest.mark.parametrize("text", ["", "500", "500=", "500=1.1", "500=-0.1", "501=0.5", "drop=nan", "drop=x", "DROP=1"])
def test_what_is_no_fault_is_told(text: str) -> None:
    with pytest.raises(ValueError, match="KIND one of 500, drop, html, slow, garbage, lost202, jobfail"):
        parse_fault(text)


def test_a_fault_is_read() -> None:
    assert parse_fault("lost202=0.05") == (Fault.LOST202, 0.05)


def _is_json(body: bytes) -> bool:
    try:
        json.loads(body)
    except ValueError:
        return False
    return True
