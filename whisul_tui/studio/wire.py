"""The documents' JSON: requests read with suspicion, answers written as `whisul-api.md` has them."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse

from whisul_tui.domain.prompt import PROMPT_LIMIT
from whisul_tui.domain.times import API_FORMAT
from whisul_tui.studio.address import HOST
from whisul_tui.studio.book import StudioJob

BODY_LIMIT = 1 << 20  # bytes of a request
_TITLES = {
    400: "Invalid input",
    401: "Unauthorized",
    404: "Not found",
    405: "Method not allowed",
    413: "Payload too large",
    429: "Rate limit exceeded",
    500: "Internal server error",
}


def refusal(status: int, message: str, headers: dict[str, str] | None = None) -> JSONResponse:
    """An error as every answer of the API has it: `{"error", "message"}`."""
    return JSONResponse({"error": _TITLES.get(status, "Error"), "message": message}, status, headers)


async def read_prompt(request: Request) -> str:
    """The prompt of a submission; raises HTTPException 400 or 413 with the message for the client."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = await _read_body(request)
    if kind != "application/json":
        raise HTTPException(400, "The 'Content-Type: application/json' header is required.")
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError) as error:  # ValueError covers bad UTF-8 and numbers of 5,000 digits too
        raise HTTPException(400, "The request body must be valid JSON.") from error
    if not isinstance(fields, dict):
        raise HTTPException(400, "The request body must be a JSON object.")
    prompt = fields.get("prompt")
    if prompt is not None and not isinstance(prompt, str):
        raise HTTPException(400, "The 'prompt' field must be a string.")
    if prompt is None or not prompt.strip():
        raise HTTPException(400, "The 'prompt' field is required and must not be empty.")
    if len(prompt) > PROMPT_LIMIT:
        raise HTTPException(400, f"The 'prompt' field must not be longer than {PROMPT_LIMIT} characters.")
    if any("\ud800" <= char <= "\udfff" for char in prompt):
        raise HTTPException(400, "The 'prompt' field must be valid Unicode.")
    return prompt


def accepted(job_id: str) -> dict[str, object]:
    """The answer to a submission."""
    return {"message": "Composition task received.", "job_id": job_id, "poll_url": f"/jobs/{job_id}"}


def report(job: StudioJob, now: float, port: int) -> dict[str, object]:
    """A job as `GET /jobs/{id}` tells it; `finished_at` is absent while it runs."""
    status = job.status_at(now)
    answer: dict[str, object] = {
        "status": status,
        "prompt": job.prompt,
        "result": None,
        "error": job.error if status == "failed" else None,
        "started_at": _stamp(job.started_at),
    }
    if job.finished_at is not None and status != "running":
        answer["finished_at"] = _stamp(job.finished_at)
    if job.result is not None and status == "completed":
        answer["result"] = {
            "title": job.result.title,
            "bpm": int(job.result.bpm) if job.result.bpm == int(job.result.bpm) else job.result.bpm,
            "duration": clock_length(job.result.seconds),
            "song_url": f"http://{HOST}:{port}/songs/{job.result.song}",
            "image_url": f"http://{HOST}:{port}/covers/{job.result.cover}",
            "tags": job.result.tags,
        }
    return answer


def clock_length(seconds: float) -> str:
    """A length as `m:ss`, to the nearest second."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"


def _stamp(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime(API_FORMAT)


async def _read_body(request: Request) -> bytes:
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > BODY_LIMIT:
                raise HTTPException(413, f"The request body must not be larger than {BODY_LIMIT} bytes.")
    except ClientDisconnect as error:
        raise HTTPException(400, "The request body is incomplete.") from error
    return bytes(body)
