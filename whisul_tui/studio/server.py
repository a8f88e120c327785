"""The Whisul API as an application: jobs, songs and covers, the health of the studio, and JSON for every mistake."""

from __future__ import annotations

import logging
import random
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from os import getpid
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from whisul_tui.domain.secret import Secret
from whisul_tui.studio.address import HEALTH_PATH, prove
from whisul_tui.studio.asked import Asked, RequestLog
from whisul_tui.studio.bench import Bench
from whisul_tui.studio.book import Book
from whisul_tui.studio.door import Door, Drop
from whisul_tui.studio.faults import Fault, Faults
from whisul_tui.studio.idle import Idle
from whisul_tui.studio.limiter import Limiter
from whisul_tui.studio.shelf import COVER_TYPES, SONG_TYPES, Shelf, job_id_of, media_type
from whisul_tui.studio.wire import accepted, read_prompt, refusal, report

log = logging.getLogger("whisul.studio")
_ONE_RANGE = re.compile(r"bytes=(?:(\d{1,18})-(\d{0,18})|-\d{1,18})\Z")


@dataclass(frozen=True, slots=True)
class Studio:
    """The parts that the API serves with. `clock` is seconds since 1970; `seeds` gives each job its seed."""

    key: Secret
    port: int
    book: Book
    bench: Bench
    shelf: Shelf
    limiter: Limiter
    faults: Faults
    requests: RequestLog
    idle: Idle
    drop: Drop
    clock: Callable[[], float]
    seeds: random.Random
    retry_after: bool = True


def create_app(studio: Studio) -> ASGIApp:
    """The application; its lifespan starts and stops the bench."""
    api = _application(_api_routes(studio))
    door = Door(
        api,
        key=studio.key,
        limiter=studio.limiter,
        faults=studio.faults,
        drop=studio.drop,
        retry_after=studio.retry_after,
    )

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        studio.bench.start()
        try:
            yield
        finally:
            await studio.bench.stop()

    routes = [Mount("/api", app=door), *_file_routes(studio), Route(HEALTH_PATH, _health(studio), methods=["GET"])]
    return _Witness(_application(routes, lifespan), studio)


def _application(routes: list[BaseRoute], lifespan: Callable[..., object] | None = None) -> Starlette:
    handlers = {HTTPException: _as_json, Exception: _as_500}
    app = Starlette(routes=routes, exception_handlers=handlers, lifespan=lifespan)  # type: ignore[arg-type]
    app.router.redirect_slashes = False
    return app


def _api_routes(studio: Studio) -> list[BaseRoute]:
    async def submit(request: Request) -> Response:
        asked: Asked = request.scope["asked"]
        prompt = await read_prompt(request)
        fails = studio.faults.draw((Fault.JOBFAIL,)) is not None
        job = studio.book.accept(prompt, studio.seeds.getrandbits(32), studio.clock(), fails=fails)
        asked.job_id, asked.prompt, asked.fault = job.id, prompt, Fault.JOBFAIL if fails else None
        if not fails:
            studio.bench.add(job)
        return JSONResponse(accepted(job.id), 202)

    async def show(request: Request) -> Response:
        job = studio.book.get(request.path_params["job_id"])
        if job is None:
            raise HTTPException(404, "No job exists with the provided job_id.")
        return JSONResponse(report(job, studio.clock(), studio.port))

    return [
        Route("/generate", submit, methods=["POST"]),
        Route("/compose", submit, methods=["POST"]),
        Route("/jobs/{job_id}", show, methods=["GET"]),
    ]


def _file_routes(studio: Studio) -> list[BaseRoute]:
    def route(path: str, folder: Path, types: dict[str, str]) -> Route:
        async def serve(request: Request) -> Response:
            name = request.path_params["name"]
            kind = media_type(name, types)
            job = studio.book.get(job_id_of(name)) if kind else None
            if job is None or job.status_at(studio.clock()) != "completed" or not (folder / name).is_file():
                raise HTTPException(404, "No such file.")
            _keep_one_range(request.scope)
            return FileResponse(folder / name, media_type=kind)

        return Route(f"{path}/{{name}}", serve, methods=["GET"])

    return [route("/songs", studio.shelf.songs, SONG_TYPES), route("/covers", studio.shelf.covers, COVER_TYPES)]


def _keep_one_range(scope: Scope) -> None:
    """Takes out a Range header that is not one well-formed range: RFC 9110 lets a server answer that with the whole."""
    kept = []
    for name, value in scope["headers"]:
        if name == b"range":
            match = _ONE_RANGE.match(value.decode("latin-1"))
            if match is None or (match[1] and match[2] and int(match[2]) < int(match[1])):
                continue
        kept.append((name, value))
    scope["headers"] = kept


def _health(studio: Studio) -> Callable[[Request], Response]:
    async def health(request: Request) -> Response:
        nonce = request.query_params.get("nonce", "")[:128]
        return JSONResponse({"pid": getpid(), "proof": prove(studio.key, nonce, studio.port, getpid())})

    return health  # type: ignore[return-value]


async def _as_json(_: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise TypeError("only HTTPException is sent here") from error
    message = error.detail
    if error.status_code == 404 and message == "Not Found":
        message = "No such path."
    elif error.status_code == 405:
        message = "This path does not take that method."
    return refusal(error.status_code, message, dict(error.headers) if error.headers else None)


async def _as_500(_: Request, error: Exception) -> Response:
    log.error("request failed: %s", type(error).__name__)
    return refusal(500, "An unexpected error occurred. Retry after a short delay.")


class _Witness:
    """Notes every request, and that somebody asked."""

    def __init__(self, app: ASGIApp, studio: Studio) -> None:
        self._app = app
        self._studio = studio

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        studio = self._studio
        asked = scope["asked"] = Asked(studio.clock(), scope["method"], scope["path"])

        async def note(message: Message) -> None:
            if message["type"] == "http.response.start":
                asked.status = message["status"]
            await send(message)

        studio.idle.touch()
        try:
            await self._app(scope, receive, note)
        finally:
            studio.idle.touch()
            asked.seconds = studio.clock() - asked.time
            studio.requests.write(asked)
