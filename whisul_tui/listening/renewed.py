"""Downloads whose links may have died: Whisul is asked for the job once, and then it is tried again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from whisul_tui.domain.job import Job
from whisul_tui.listening.download_errors import LinkDead, NotRenewed
from whisul_tui.listening.downloads import Downloaded, Downloader, OnProgress

Renew = Callable[[Job], Awaitable[Job]]


async def download(downloader: Downloader, job: Job, folder: Path, on_progress: OnProgress, renew: Renew) -> Downloaded:
    """As `Downloader.download`; a dead link of song or cover is replaced once by what `renew` gives, if it can."""
    try:
        done = await downloader.download(job, folder, on_progress)
        if not isinstance(done.cover_error, LinkDead):
            return done
    except LinkDead as dead:
        try:
            job = await renew(job)
        except NotRenewed as error:
            raise LinkDead(f"{dead} {error}") from error
        return await downloader.download(job, folder, on_progress)
    try:
        job = await renew(job)
    except NotRenewed:
        return done  # the song is kept, and why the cover is not stands in it
    again = await downloader.download(job, folder, on_progress)
    return Downloaded(again.song_path, again.cover_path, done.skipped and again.skipped, again.cover_error)
