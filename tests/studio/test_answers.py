"""Every answer that the documents have, over real HTTP."""

from __future__ import annotations

import re
import socket
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from tests.studio.support import KEY, Served, serving, until
from whisul_tui.studio.wire import BODY_LIMIT, clock_length

UUID = re.compile(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}\Z")
JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize("path", ["/api/generate", "/api/compose"])
def test_a_submission_is_accepted_as_documented(studio: Served, path: str) -> None:
    answer = studio.http.post(path, json={"prompt": "a trap song"})
    assert answer.status_code == 202
    body = answer.json()
    assert UUID.match(body["job_id"])
    assert body == {
        "message": "Composition task received.",
        "job_id": body["job_id"],
        "poll_url": f"/jobs/{body['job_id']}",
    }


def test_a_running_job_has_neither_result_nor_finish(studio: Served, tmp_path: Path) -> None:
    prompt = f"wait {tmp_path / 'gate'}"
    job_id = studio.submit(prompt)
    job = studio.job(job_id)
    started = datetime.strptime(job.pop("started_at"), "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    assert abs((datetime.now(UTC) - started).total_seconds()) < 5
    assert job == {"status": "running", "prompt": prompt, "result": None, "error": None}
    (tmp_path / "gate").touch()
    assert studio.end_of(job_id)["status"] == "completed"


def test_a_completed_job_has_the_documented_result(studio: Served) -> None:
    job_id = studio.submit("slow lofi")
    job = studio.end_of(job_id)
    assert list(job) == ["status", "prompt", "result", "error", "started_at", "finished_at"]
    assert job["error"] is None
    assert re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\Z", job["finished_at"])
    result = job["result"]
    base = f"http://127.0.0.1:{studio.port}"
    assert result.pop("title").endswith("of slow lofi")
    assert result == {
        "bpm": 84,
        "duration": "2:47",
        "song_url": f"{base}/songs/{job_id}.mp3",
        "image_url": f"{base}/covers/{job_id}.jpg",
        "tags": "tiny, test, modules False",
    }


@pytest.mark.parametrize("prompt", ["crash", "raise"])
def test_a_worker_that_crashes_fails_its_job_alone(studio: Served, tmp_path: Path, prompt: str) -> None:
    gate = tmp_path / "gate"
    beside = studio.submit(f"wait {gate}")
    until(gate.with_suffix(".started").exists)
    job = studio.end_of(studio.submit(prompt))
    assert list(job) == ["status", "prompt", "result", "error", "started_at", "finished_at"]
    assert (job["status"], job["result"]) == ("failed", None)
    assert job["error"] == "Generation failed due to an internal error."
    gate.touch()
    assert studio.end_of(beside)["status"] == "completed"


@pytest.mark.parametrize(
    ("body", "headers", "message"),
    [
        (b'{"prompt": "x"', JSON, "The request body must be valid JSON."),
        (b'{"prompt": "\xff"}', JSON, "The request body must be valid JSON."),
        (b"[" * 100_000, JSON, "The request body must be valid JSON."),
        (b'["x"]', JSON, "The request body must be a JSON object."),
        (b"{}", JSON, "The 'prompt' field is required and must not be empty."),
        (b'{"prompt": null}', JSON, "The 'prompt' field is required and must not be empty."),
        (b'{"prompt": " \\n "}', JSON, "The 'prompt' field is required and must not be empty."),
        (b'{"prompt": 7}', JSON, "The 'prompt' field must be a string."),
        (b'{"prompt": "\\ud800"}', JSON, "The 'prompt' field must be valid Unicode."),
        (b'{"prompt": "' + b"x" * 10_001 + b'"}', JSON, "The 'prompt' field must not be longer than 10000 characters."),
        (b'{"prompt": "x"}', {}, "The 'Content-Type: application/json' header is required."),
        (
            b'{"prompt": "x"}',
            {"Content-Type": "text/plain"},
            "The 'Content-Type: application/json' header is required.",
        ),
    ],
)
def test_bad_input_is_told(studio: Served, body: bytes, headers: dict[str, str], message: str) -> None:
    answer = studio.http.post("/api/generate", content=body, headers=headers)
    assert answer.status_code == 400
    assert answer.json() == {"error": "Invalid input", "message": message}


def test_the_longest_prompt_is_taken_and_given_back_as_it_was(studio: Served) -> None:
    prompt = ("ünïcödé \U0001f3b5 \x1b[31m" * 1000)[:10_000]
    headers = {"Content-Type": "application/json; charset=utf-8"}
    answer = studio.http.post("/api/generate", json={"prompt": prompt}, headers=headers)
    assert answer.status_code == 202
    assert studio.job(answer.json()["job_id"])["prompt"] == prompt


def test_a_huge_body_is_refused_before_it_is_all_there(studio: Served) -> None:
    def endless() -> object:
        for _ in range(20):
            yield b"x" * (BODY_LIMIT // 10)

    answer = studio.http.post("/api/generate", content=endless(), headers=JSON)  # type: ignore[arg-type]
    assert answer.status_code == 413
    assert answer.json()["error"] == "Payload too large"


@pytest.mark.parametrize(
    "authorization", [None, "", "Bearer", "Bearer wrong", KEY, f"Basic {KEY}", f"Bearer {KEY}x", "Bearer \xfc"]
)
@pytest.mark.parametrize(("method", "path"), [("POST", "/api/generate"), ("GET", "/api/jobs/x"), ("GET", "/api/x")])
def test_nothing_of_the_api_is_given_without_the_key(
    studio: Served, authorization: str | None, method: str, path: str
) -> None:
    headers = {} if authorization is None else {"Authorization": authorization.encode("latin-1")}
    with httpx.Client(trust_env=False, verify=False) as stranger:
        url = f"http://127.0.0.1:{studio.port}{path}?api_key={KEY}"
        answer = stranger.request(method, url, headers=headers)  # type: ignore[arg-type]
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json()["error"] == "Unauthorized"
    assert "Authorization: Bearer YOUR_API_KEY" in answer.json()["message"]


@pytest.mark.parametrize(
    "path",
    ["/api/jobs/81fa5ff7-6197-4c24-8062-c0ff8b62d58d", "/api/jobs/%00", "/api/jobs/..%2f..", "/api/jobs/", "/api"],
)
def test_an_unknown_job_is_not_found(studio: Served, path: str) -> None:
    answer = studio.http.get(path)
    assert answer.status_code == 404
    assert answer.json()["error"] == "Not found"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [("GET", "/api/generate", "POST"), ("DELETE", "/api/jobs/x", "GET, HEAD"), ("POST", "/songs/x.mp3", "GET, HEAD")],
)
def test_a_wrong_method_is_told_in_json(studio: Served, method: str, path: str, allowed: str) -> None:
    answer = studio.http.request(method, path)
    assert answer.status_code == 405
    assert sorted(answer.headers["allow"].split(", ")) == allowed.split(", ")
    assert answer.json()["error"] == "Method not allowed"


def test_a_body_that_stops_half_way_makes_no_job(studio: Served) -> None:
    head = (
        f"POST /api/generate HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {KEY}\r\nContent-Type: application/json\r\n"
    )
    before = len(studio.asked())
    with socket.create_connection(("127.0.0.1", studio.port)) as connection:
        connection.sendall(f'{head}Content-Length: 40\r\n\r\n{{"prompt": "half'.encode())
    asked = until(lambda: studio.asked()[before:])
    assert [line["job_id"] for line in asked] == [None]


def test_trouble_inside_is_a_500_in_json(tmp_path: Path) -> None:
    with serving(tmp_path) as studio:
        book = sqlite3.connect(tmp_path / "data" / "studio-server" / "studio.db")
        book.execute("DROP TABLE job")
        book.close()
        answer = studio.http.post("/api/generate", json={"prompt": "x"})
        assert answer.status_code == 500
        assert answer.json()["error"] == "Internal server error"
        assert "job" not in answer.json()["message"]


def test_requests_are_logged_for_tests_without_keys(studio: Served) -> None:
    job_id = studio.submit("a prompt of its own")
    lines = until(lambda: [line for line in studio.asked() if line["prompt"] == "a prompt of its own"])
    assert [(line["method"], line["path"], line["status"], line["job_id"]) for line in lines] == [
        ("POST", "/api/generate", 202, job_id)
    ]
    assert abs(lines[0]["time"] - datetime.now(UTC).timestamp()) < 10
    assert KEY not in (studio.folder / "asked.jsonl").read_text()
    assert (studio.folder / "asked.jsonl").stat().st_mode & 0o777 == 0o600


def test_answers_leave_at_once(studio: Served) -> None:
    studio.http.get("/api/jobs/x")
    connections = list(studio.hosted.server.server_state.connections)
    sockets = [connection.transport.get_extra_info("socket") for connection in connections]
    assert sockets
    assert all(found.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) for found in sockets)


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0:00"), (9.4, "0:09"), (59.6, "1:00"), (167.2, "2:47"), (3725, "62:05")]
)
def test_lengths_are_minutes_and_seconds(seconds: float, text: str) -> None:
    assert clock_length(seconds) == text
