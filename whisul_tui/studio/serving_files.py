"""Songs, covers, notes and stems as the studio serves them: without a key, with ranges, under names a job id makes."""

from __future__ import annotations

import re
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import Scope

from whisul_tui.studio.address import HOST
from whisul_tui.studio.book import StudioJob
from whisul_tui.studio.parts import Studio
from whisul_tui.studio.shelf import COVER_TYPES, SONG_TYPES, job_id_of, media_type
from whisul_tui.studio.workers import WorkerError

_ONE_RANGE = re.compile(r"bytes=(?:(\d{1,18})-(\d{0,18})|-\d{1,18})\Z")


def file_routes(studio: Studio) -> list[BaseRoute]:
    """`/songs/<id>.mp3` and `.mid`, `/covers/<id>.jpg`, `/songs/<id>/stems/` and what is in there."""

    def route(path: str, folder: Path, types: dict[str, str]) -> Route:
        async def serve(request: Request) -> Response:
            name = request.path_params["name"]
            kind = media_type(name, types)
            if kind is None or _finished(studio, job_id_of(name)) is None or not (folder / name).is_file():
                raise HTTPException(404, "No such file.")
            _keep_one_range(request.scope)
            return FileResponse(folder / name, media_type=kind)

        return Route(f"{path}/{{name}}", serve, methods=["GET"])

    async def list_stems(request: Request) -> Response:
        job_id = request.path_params["job_id"]
        names = [path.name for path in await _stems(studio, job_id)]
        base = f"http://{HOST}:{studio.port}/songs/{job_id}/stems"
        return JSONResponse({"stems": [{"name": name.partition(".")[0], "url": f"{base}/{name}"} for name in names]})

    async def serve_stem(request: Request) -> Response:
        stems = await _stems(studio, request.path_params["job_id"])
        found = next((path for path in stems if path.name == request.path_params["name"]), None)
        if found is None:
            raise HTTPException(404, "No such file.")
        _keep_one_range(request.scope)
        return FileResponse(found, media_type=SONG_TYPES[found.suffix[1:]])

    return [
        Route("/songs/{job_id}/stems/", list_stems, methods=["GET"]),
        Route("/songs/{job_id}/stems/{name}", serve_stem, methods=["GET"]),
        route("/songs", studio.shelf.songs, SONG_TYPES),
        route("/covers", studio.shelf.covers, COVER_TYPES),
    ]


async def _stems(studio: Studio, job_id: str) -> list[Path]:
    """The stems of a finished song; the first who asks has them rendered, which takes a few times as long as the song.

    Raises HTTPException 404 or 500.
    """
    job = _finished(studio, job_id)
    if job is None:
        raise HTTPException(404, "No such file.")
    if not studio.shelf.stems(job.id):
        try:
            await studio.bench.stems(job)
        except WorkerError as error:
            raise HTTPException(500, "The stems could not be rendered; the studio's log says why.") from error
    return studio.shelf.stems(job.id)


def _finished(studio: Studio, job_id: str) -> StudioJob | None:
    job = studio.book.get(job_id)
    return job if job is not None and job.status_at(studio.clock()) == "completed" else None


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
