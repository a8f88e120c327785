"""Every JSON example of the documents, and what is missing, wrong or new in an answer.

The examples are copied as they stand; `seeds/NNN` names the document they come from.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from whisul_tui.api.errors import BadReply
from whisul_tui.api.wire import Accepted, JobReport, read_accepted, read_job, read_message
from whisul_tui.domain.job import JobState
from whisul_tui.domain.song import Song

JOB_ID = "81fa5ff7-6197-4c24-8062-c0ff8b62d58d"
STARTED = datetime(2026, 2, 17, 15, 39, 34, tzinfo=UTC)

DOCUMENTED_JOBS = {
    "seeds/000 failed": (
        """{
  "status": "failed",
  "prompt": "a relaxing lo-fi hip hop beat",
  "result": null,
  "error": "Generation failed due to an internal error.",
  "started_at": "2026-02-17 15:39:34",
  "finished_at": "2026-02-17 15:41:05"
}""",
        JobReport(
            JobState.FAILED,
            message="Generation failed due to an internal error.",
            started_at=STARTED,
            finished_at=datetime(2026, 2, 17, 15, 41, 5, tzinfo=UTC),
            prompt="a relaxing lo-fi hip hop beat",
        ),
    ),
    "seeds/001 running": (
        """{
  "status": "running",
  "prompt": "a relaxing lo-fi hip hop beat",
  "result": null,
  "error": null,
  "started_at": "2026-02-17 15:39:34"
}""",
        JobReport(JobState.RUNNING, started_at=STARTED, prompt="a relaxing lo-fi hip hop beat"),
    ),
    "seeds/002 running, and seeds/003": (
        """{
  "status": "running",
  "prompt": "a trap song",
  "result": null,
  "error": null,
  "started_at": "2026-02-17 15:39:34"
}""",
        JobReport(JobState.RUNNING, started_at=STARTED, prompt="a trap song"),
    ),
    "seeds/002 completed": (
        """{
  "status": "completed",
  "prompt": "a trap song",
  "result": {
    "title": "Midnight Grid",
    "bpm": 140,
    "duration": "2:47",
    "song_url": "https://cdn.whisul.com/audio/81fa5ff7.mp3",
    "image_url": "https://cdn.whisul.com/covers/81fa5ff7.jpg",
    "tags": "trap, dark, 808s, synth, bass"
  },
  "error": null,
  "started_at": "2026-02-17 15:39:34",
  "finished_at": "2026-02-17 15:41:58"
}""",
        JobReport(
            JobState.COMPLETED,
            song=Song(
                title="Midnight Grid",
                bpm=140.0,
                seconds=167.0,
                song_url="https://cdn.whisul.com/audio/81fa5ff7.mp3",
                image_url="https://cdn.whisul.com/covers/81fa5ff7.jpg",
                tags=("trap", "dark", "808s", "synth", "bass"),
            ),
            started_at=STARTED,
            finished_at=datetime(2026, 2, 17, 15, 41, 58, tzinfo=UTC),
            prompt="a trap song",
        ),
    ),
    "seeds/004 running": (
        """{
      "status": "running",
      "prompt": "a relaxing lo-fi hip hop beat",
      "result": null,
      "error": null,
      "started_at": "2026-02-17 15:39:34"
    }""",
        JobReport(JobState.RUNNING, started_at=STARTED, prompt="a relaxing lo-fi hip hop beat"),
    ),
    "seeds/004 completed": (
        """{
      "status": "completed",
      "prompt": "a relaxing lo-fi hip hop beat",
      "result": {
        "title": "Midnight Drizzle",
        "bpm": 85,
        "duration": 183,
        "song_url": "https://cdn.whisul.com/songs/81fa5ff7.mp3",
        "image_url": "https://cdn.whisul.com/art/81fa5ff7.png",
        "tags": "lo-fi, hip hop, relaxing, jazzy"
      },
      "error": null,
      "started_at": "2026-02-17 15:39:34",
      "finished_at": "2026-02-17 15:41:12"
    }""",
        JobReport(
            JobState.COMPLETED,
            song=Song(
                title="Midnight Drizzle",
                bpm=85.0,
                seconds=183.0,
                song_url="https://cdn.whisul.com/songs/81fa5ff7.mp3",
                image_url="https://cdn.whisul.com/art/81fa5ff7.png",
                tags=("lo-fi", "hip hop", "relaxing", "jazzy"),
            ),
            started_at=STARTED,
            finished_at=datetime(2026, 2, 17, 15, 41, 12, tzinfo=UTC),
            prompt="a relaxing lo-fi hip hop beat",
        ),
    ),
    "seeds/004 failed": (
        """{
      "status": "failed",
      "prompt": "a relaxing lo-fi hip hop beat",
      "result": null,
      "error": "Generation failed due to an internal error.",
      "started_at": "2026-02-17 15:39:34",
      "finished_at": "2026-02-17 15:41:05"
    }""",
        JobReport(
            JobState.FAILED,
            message="Generation failed due to an internal error.",
            started_at=STARTED,
            finished_at=datetime(2026, 2, 17, 15, 41, 5, tzinfo=UTC),
            prompt="a relaxing lo-fi hip hop beat",
        ),
    ),
}


@pytest.mark.parametrize("name", DOCUMENTED_JOBS)
def test_documented_jobs_are_read(name: str) -> None:
    text, report = DOCUMENTED_JOBS[name]
    assert read_job(text.encode()) == report


def test_the_documented_refusal_is_read() -> None:
    # seeds/000, "400 response body example"
    text = b"""{
  "error": "Invalid input",
  "message": "The 'prompt' field is required and must not be empty."
}"""
    assert read_message(text) == "The 'prompt' field is required and must not be empty."


def test_the_documented_acceptance_is_read() -> None:
    # whisul-api.md, the table of calls, with the job id of seeds/001
    text = f'{{"message": "Composition task received.", "job_id": "{JOB_ID}", "poll_url": "/jobs/{JOB_ID}"}}'
    assert read_accepted(text.encode()) == Accepted(JOB_ID, "Composition task received.")


def completed(**result: Any) -> Song:
    """The song of a completed job with this result."""
    song = read_job(json.dumps({"status": "completed", "result": result}).encode()).song
    assert song is not None
    return song


@pytest.mark.parametrize("poll_url", ["https://evil.example/x", None, 7, ["/jobs/x"], "\x1b]52;c;x\x07"])
def test_poll_url_is_not_looked_at(poll_url: object) -> None:
    assert read_accepted(json.dumps({"job_id": JOB_ID, "poll_url": poll_url}).encode()) == Accepted(JOB_ID)


@pytest.mark.parametrize("job_id", [None, 7, True, "", "a b", "../x", "a/b", "é", "x" * 129, "x\n", ["x"], {"x": 1}])
def test_an_acceptance_without_a_valid_id_is_a_bad_reply(job_id: object) -> None:
    with pytest.raises(BadReply, match="job id") as caught:
        read_accepted(json.dumps({"job_id": job_id, "poll_url": f"/jobs/{JOB_ID}"}).encode())
    assert caught.value.sent is True


@pytest.mark.parametrize("status", ["queued", "Cancelled", "in progress"])
def test_an_unknown_status_is_still_running_and_shown_as_it_came(status: str) -> None:
    report = read_job(json.dumps({"status": status, "result": {"title": "x"}, "error": "y"}).encode())
    assert report == JobReport(JobState.RUNNING, remote_status=status)


def test_an_unknown_status_is_cleaned_and_bounded() -> None:
    report = read_job(json.dumps({"status": "\x1b[31mpa\u202eused\n" + "x" * 500}).encode())
    assert report.remote_status is not None
    assert report.remote_status.startswith("[31mpaused x")
    assert len(report.remote_status) == 60


@pytest.mark.parametrize("status", ["COMPLETED", " completed "])
def test_a_known_status_is_known_in_any_case(status: str) -> None:
    assert read_job(json.dumps({"status": status}).encode()) == JobReport(JobState.COMPLETED)


@pytest.mark.parametrize("status", [None, 7, True, "", "\u200b", ["running"], {"running": 1}])
def test_a_job_without_a_status_is_a_bad_reply(status: object) -> None:
    with pytest.raises(BadReply, match="status"):
        read_job(json.dumps({"status": status}).encode())


@pytest.mark.parametrize("result", [None, [], "x", 7, True])
def test_a_completed_job_without_a_result_is_completed(result: object) -> None:
    assert read_job(json.dumps({"status": "completed", "result": result}).encode()) == JobReport(JobState.COMPLETED)


WRONG = ["null", "[]", "{}", "true", '""', '"\\u200b"', "-1", "1e400", "-1e400", "NaN", "Infinity", "1" + "0" * 5000]


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong[:10])
def test_fields_of_the_wrong_kind_are_absent(wrong: str) -> None:
    fields = ("title", "bpm", "duration", "song_url", "image_url", "tags")
    result = "{" + ", ".join(f'"{field}": {wrong}' for field in fields) + "}"
    report = read_job(f'{{"status": "completed", "result": {result}, "started_at": {wrong}}}'.encode())
    assert report == JobReport(JobState.COMPLETED, song=Song())


@pytest.mark.parametrize(
    ("duration", "seconds"),
    [
        (183, 183.0),
        (183.4, 183.4),
        ("183", 183.0),
        ("2:47", 167.0),
        ("1:02:47", 3767.0),
        ("9:99", None),
        (2**70, None),
        ("-1", None),
    ],
)
def test_every_form_of_a_duration_is_read(duration: object, seconds: float | None) -> None:
    assert completed(duration=duration).seconds == seconds


def test_foreign_text_is_cleaned_once_and_bounded() -> None:
    nasty = "a\x1b]52;c;UFdO\x07\u202eb\nc\ud800" + "x" * 20_000
    song = completed(title=nasty, tags=nasty, song_url="https://h/" + "x" * 3000, image_url="https://h/\x1b\\")
    assert song.title is not None
    assert song.title.startswith("a]52;c;UFdOb c")
    assert len(song.title) == 200
    assert sum(map(len, song.tags)) <= 500
    assert song.tags[0].startswith("a]52;c;UFdOb c")
    assert (song.song_url, song.image_url) == (None, None)
    failed = read_job(json.dumps({"status": "failed", "error": nasty, "prompt": nasty}).encode())
    assert failed.message is not None
    assert failed.prompt is not None
    assert (len(failed.message), len(failed.prompt)) == (2000, 10_000)
    assert failed.prompt.startswith("a]52;c;UFdOb\nc")


def test_only_http_links_are_taken() -> None:
    for link in ("javascript:alert(1)", "file:///etc/passwd", "//host/x", "https://u@host/x", "-o", "https:///x"):
        assert completed(song_url=link).song_url is None


def test_tags_come_also_as_a_list() -> None:
    assert completed(tags=["lo-fi", " jazzy ", 7, "", "a,b"]).tags == ("lo-fi", "jazzy", "a", "b")
    assert completed(tags=",, lo-fi ,,").tags == ("lo-fi",)


def test_unknown_fields_are_ignored_and_big_numbers_in_them_too() -> None:
    text = b'{"status": "running", "eta": 9%s, "deep": %s, "nan": NaN, "inf": -Infinity}' % (
        b"9" * 5000,
        b"[" * 50 + b"]" * 50,
    )
    assert read_job(text) == JobReport(JobState.RUNNING)


def test_a_byte_order_mark_does_no_harm() -> None:
    assert read_job(b'\xef\xbb\xbf{"status": "running"}') == JobReport(JobState.RUNNING)


def test_a_failure_without_error_takes_the_message_or_none() -> None:
    assert read_job(b'{"status": "failed", "error": null, "message": "No luck."}').message == "No luck."
    assert read_job(b'{"status": "failed"}').message is None


def test_a_running_job_has_neither_song_nor_end() -> None:
    text = b'{"status": "running", "result": {"title": "x"}, "error": "y", "finished_at": "2026-02-17 15:41:05"}'
    assert read_job(text) == JobReport(JobState.RUNNING)
