"""The Whisul API as an application: jobs, songs and covers, the health of the studio, and JSON for every mistake."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from os import getpid

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from whisul_tui.studio.address import HEALTH_PATH, prove
from whisul_tui.studio.asked import Asked
from whisul_tui.studio.asking import read_asking
from whisul_tui.studio.book import StudioJob
from whisul_tui.studio.door import Door
from whisul_tui.studio.faults import Fault
from whisul_tui.studio.origins import find_origin
from whisul_tui.studio.parts import Studio
from whisul_tui.studio.serving_files import file_routes
from whisul_tui.studio.wire import accepted, read_prompt, refusal, report

log = logging.getLogger("whisul.studio")
STAGE_HEADER = "X-Studio-Stage"


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

    routes = [Mount("/api", app=door), *file_routes(studio), Route(HEALTH_PATH, _health(studio), methods=["GET"])]
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
        asking = read_asking(prompt)
        origin = find_origin(studio.book, asking)
        seed = studio.seeds.getrandbits(32) if asking.seed is None else asking.seed
        fails = studio.faults.draw((Fault.JOBFAIL,)) is not None
        job = studio.book.accept(prompt, seed, studio.clock(), fails=fails, origin=origin)
        asked.job_id, asked.prompt, asked.fault = job.id, prompt, Fault.JOBFAIL if fails else None
        if not fails:
            studio.bench.add(job)
        return JSONResponse(accepted(job.id), 202)

    async def show(request: Request) -> Response:
        job = studio.book.get(request.path_params["job_id"])
        if job is None:
            raise HTTPException(404, "No job exists with the provided job_id.")
        now = studio.clock()
        headers = {STAGE_HEADER: _stage(studio, job)} if job.status_at(now) == "running" else None
        return JSONResponse(report(job, now, studio.port), headers=headers)

    return [
        Route("/generate", submit, methods=["POST"]),
        Route("/compose", submit, methods=["POST"]),
        Route("/jobs/{job_id}", show, methods=["GET"]),
    ]


def _stage(studio: Studio, job: StudioJob) -> str:
    """What happens to a running job: `rendering 43%`; `ready` when it only keeps its pace."""
    stage, share = studio.bench.stage(job.id) or ("ready", 1.0)
    return f"{stage} {share:.0%}"


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
