"""Arbitrary answers: never anything but a report or a WhisulError, and nothing in it that was not cleaned."""

from __future__ import annotations

import asyncio
import json
import math
from email.utils import format_datetime

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.api.calls import ACCEPTED, JOB_ID, RUNNING, ask, submit_to
from tests.support.scripted import ScriptedServer, raw
from whisul_tui.api import waits
from whisul_tui.api.answers import Answer, problem
from whisul_tui.api.errors import BadReply, WhisulError
from whisul_tui.api.wire import Accepted, JobReport, read_accepted, read_job, read_message
from whisul_tui.domain.clean import clean_line, clean_text, clean_url
from whisul_tui.domain.job import JobState, is_job_id

TEXT = st.text(st.characters(), max_size=40)  # lone surrogates and control characters included
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | TEXT
JSON = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4))
STATUS = st.sampled_from(["running", "completed", "failed", "queued"]) | JSON
STAMP = st.datetimes().map(lambda moment: moment.isoformat(" ")) | JSON
FIELDS = ("title", "bpm", "duration", "song_url", "image_url", "tags")
RESULT = st.fixed_dictionaries({}, optional=dict.fromkeys(FIELDS, JSON)) | JSON
JOBS = st.fixed_dictionaries(
    {"status": STATUS},
    optional={"result": RESULT, "error": JSON, "prompt": JSON, "started_at": STAMP, "finished_at": STAMP},
)
BODIES = st.binary(max_size=200) | (JOBS | JSON).map(lambda value: json.dumps(value).encode())


def check_report(report: JobReport) -> None:
    """Every text is as the cleaning leaves it, every number one that the store can hold."""
    assert report.state in (JobState.RUNNING, JobState.COMPLETED, JobState.FAILED)
    for text, limit in ((report.remote_status, 60), (report.message, 2000)):
        assert text is None or (text and clean_line(text, limit) == text)
    assert report.prompt is None or clean_text(report.prompt, 10_000) == report.prompt
    for moment in (report.started_at, report.finished_at):
        assert moment is None or moment.utcoffset() is not None
    if report.song:
        song = report.song
        assert all(value is None or (math.isfinite(value) and value >= 0) for value in (song.bpm, song.seconds))
        assert all(link is None or clean_url(link) == link for link in (song.song_url, song.image_url))
        assert all(text and clean_line(text, 500) == text for text in (song.title or "x", *song.tags))


@given(BODIES)
@settings(max_examples=250, deadline=None, derandomize=True)
@example(b"[" * 100_000)
@example(b'{"status":' + b'{"a":' * 100_000)
@example(b"9" * 100_000)
@example(b'{"status": "completed", "result": {"bpm": 1e999, "duration": -1e999}}')
@example(b'{"status": "running", "started_at": "9999-12-31T23:59:59-23:59"}')
@example(b'{"status": "running", "started_at": "0001-01-01 00:00:00+14:00"}')
def test_any_body_is_a_report_or_a_bad_reply(body: bytes) -> None:
    try:
        report = read_job(body)
    except BadReply:
        return
    check_report(report)


@given(BODIES | st.fixed_dictionaries({"job_id": TEXT | JSON, "message": JSON}).map(lambda v: json.dumps(v).encode()))
@settings(max_examples=250, deadline=None, derandomize=True)
def test_any_body_is_an_acceptance_or_a_bad_reply(body: bytes) -> None:
    try:
        accepted = read_accepted(body)
    except BadReply:
        return
    assert is_job_id(accepted.job_id)
    assert accepted.message is None or clean_line(accepted.message, 2000) == accepted.message


@given(st.integers(100, 999), BODIES, TEXT, TEXT, st.booleans())
@settings(max_examples=250, deadline=None, derandomize=True)
def test_any_status_has_a_meaning(status: int, body: bytes, retry: str, limit: str, submission: bool) -> None:
    answer = Answer(status, {"retry-after": retry, "ratelimit": limit}, body)
    error = problem(answer, 0.0, submission=submission)
    assert (error is None) == (200 <= status < 300)
    if error is not None:
        assert error.status == status
        assert clean_line(str(error), 3000) == str(error)  # a sentence, and nothing a terminal could obey
    words = read_message(body)
    assert words is None or clean_line(words, 2000) == words


@given(
    st.text(max_size=60)
    | st.integers().map(str)
    | st.datetimes().map(format_datetime)
    | st.lists(st.sampled_from(['"a"', ";r=0", ";t=30", ";t=", "r=0", ",", '"', ";", " "]), max_size=8).map("".join),
    st.floats(0, 4e9),
)
@settings(max_examples=500, deadline=None, derandomize=True)
@example("Mon, 31 Dec 99999 23:59:59 GMT", 0.0)
@example("Mon, 01 Jan 0001 00:00:00 +2359", 0.0)
@example("٣", 0.0)
def test_any_wait_is_none_or_within_the_hour(text: str, now: float) -> None:
    for headers in ({"retry-after": text}, {"ratelimit": text}, {"retry-after": text, "date": text}):
        wait = waits.retry_after(headers, now)
        assert wait is None or 0 <= wait <= waits.LONGEST


HEADER = st.tuples(
    st.sampled_from([b"Content-Length", b"Transfer-Encoding", b"Content-Encoding", b"Retry-After", b"Location", b"X"]),
    st.sampled_from([b"0", b"12", b"-1", b"chunked", b"gzip", b"identity", b"https://evil.example/"])
    | st.binary(max_size=20),
)
GOOD_BODY = json.dumps({**ACCEPTED, **RUNNING}).encode()
ANSWERS = st.binary(max_size=300) | st.builds(
    lambda status, headers, body: b"\r\n".join(
        [b"HTTP/1.1 %d X" % status, *(name + b": " + value for name, value in headers), b"", body]
    ),
    st.sampled_from([200, 202, 400, 401, 404, 429, 500]) | st.integers(100, 999),
    st.lists(HEADER, max_size=3),
    BODIES | st.just(GOOD_BODY),
)


@given(ANSWERS)
@settings(max_examples=120, deadline=None, derandomize=True)
@example(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n")
@example(b"HTTP/1.1 200 OK\r\nContent-Length: \xd9\xa3\r\n\r\n")
@example(b"HTTP/1.1 200 OK\r\nSet-Cookie: \xff\xfe;;;=\r\n\r\n{}")
def test_any_bytes_on_the_wire_are_an_outcome(data: bytes) -> None:
    async def both() -> tuple[object, object]:
        async with ScriptedServer(otherwise=raw(data)) as server:
            return await ask(server.url, 2.0), await submit_to(server.url, deadline=2.0)

    report, acceptance = asyncio.run(both())
    assert isinstance(report, JobReport | WhisulError)
    assert isinstance(acceptance, Accepted | WhisulError)
    if isinstance(acceptance, Accepted) and data.endswith(GOOD_BODY):
        assert acceptance.job_id == JOB_ID
