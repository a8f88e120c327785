"""A small Whisul for the verbs' tests: what becomes of a job stands in its prompt."""

from __future__ import annotations

from typing import Any

from tests.support.scripted import Request, ScriptedServer, answer

STARTED, FINISHED = "2025-05-01 12:00:00", "2025-05-01 12:01:38"
MP3 = b"ID3\x04\x00\x00\x00\x00\x00\x00" + b"\xff\xfb\x90\x64" + b"\0" * 4096
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 512


class Whisul:
    """Answers as the documents have it. Words in a prompt that decide: reject, fail, stays; all else is completed.

    `polls_before_end`: how often a job is seen running. While set, `status` or the bytes `raw` answer every request.
    """

    def __init__(self) -> None:
        self.server: ScriptedServer | None = None
        self.jobs: dict[str, str] = {}
        self.polls: dict[str, int] = {}
        self.polls_before_end = 1
        self.status: int | None = None
        self.raw: bytes | None = None

    @property
    def prompts(self) -> list[str]:
        """The prompts that were accepted, in this order."""
        return list(self.jobs.values())

    @property
    def requests(self) -> list[Request]:
        """Every request that came."""
        assert self.server is not None
        return self.server.requests

    def link(self, name: str) -> str:
        """The URL of a file on the CDN: .mp3, .png, or one that is gone."""
        assert self.server is not None
        return f"{self.server.url}/cdn/{name}"

    def answer(self, request: Request) -> bytes:
        """The answer to one request."""
        if request.path.startswith("/cdn/"):
            assert "authorization" not in request.headers
            files = {".mp3": MP3, ".png": PNG}
            return next((answer(200, files[end]) for end in files if request.path.endswith(end)), answer(404))
        if self.raw is not None:
            return self.raw
        if self.status is not None:
            return answer(self.status, {"error": "scripted", "message": "scripted"})
        if request.method == "POST":
            return self._submit(request.json["prompt"])
        return self._job(request.path.rsplit("/", 1)[1])

    def _submit(self, prompt: str) -> bytes:
        if "reject" in prompt:
            return answer(400, {"error": "Bad Request", "message": "No polka."})
        job_id = f"{len(self.jobs):08x}-0000-4000-8000-00000000c0de"
        self.jobs[job_id] = prompt
        return answer(202, {"message": "Composition task received.", "job_id": job_id, "poll_url": f"/jobs/{job_id}"})

    def _job(self, job_id: str) -> bytes:
        if job_id not in self.jobs:
            return answer(404, {"error": "Not Found", "message": "unknown"})
        prompt = self.jobs[job_id]
        self.polls[job_id] = self.polls.get(job_id, 0) + 1
        told: dict[str, Any] = {"status": "running", "prompt": prompt, "started_at": STARTED}
        if "stays" in prompt or self.polls[job_id] <= self.polls_before_end:
            return answer(200, told)
        told["finished_at"] = FINISHED
        if "fail" in prompt:
            return answer(200, told | {"status": "failed", "error": "The violins broke."})
        result = {
            "title": "Rain on Neon",
            "bpm": 82,
            "duration": 183,
            "song_url": self.link(f"{job_id}.mp3"),
            "image_url": self.link(f"{job_id}.png"),
            "tags": "lofi, rain",
        }
        return answer(200, told | {"status": "completed", "result": result})
