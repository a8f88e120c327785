"""Keeping songs as files: the part that `download`, `generate --download` and `play` share."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from whisul_tui.cli.call import Call
from whisul_tui.cli.exits import Exit
from whisul_tui.cli.telling import event
from whisul_tui.domain import Job
from whisul_tui.formatting import counted
from whisul_tui.listening import renewed
from whisul_tui.listening.download_errors import DownloadError, Interrupted, LinkDead, NotRenewed, NotStored
from whisul_tui.listening.downloads import Downloaded, Downloader
from whisul_tui.listening.names import DEFAULT_TEMPLATE
from whisul_tui.listening.playlist import write_playlist
from whisul_tui.listening.progress import Progress
from whisul_tui.renewing import renewer
from whisul_tui.session import open_store, wake_studio
from whisul_tui.settings import Settings
from whisul_tui.storage import JobStore

_AT_ONCE = 3
_BAR = 10


def keep_all(
    call: Call, settings: Settings, jobs: Sequence[Job], folder: Path
) -> tuple[dict[int, dict[str, Any]], Exit]:
    """Downloads some at once, prints the paths in the order of the jobs unless JSON is wanted, goes on after a failure.

    Returns the fields that JSON adds to each job, and how it ended: the first failure decides.
    """
    return asyncio.run(_keep_all(call, settings, jobs, folder))


def keep_playlist(call: Call, jobs: Sequence[Job], kept: dict[int, dict[str, Any]], folder: Path) -> Exit:
    """Writes the playlist of what was kept, and prints its path; nothing where nothing was."""
    songs = [(job, Path(kept[job.number]["song_file"])) for job in jobs if kept[job.number]["song_file"]]
    if not songs:
        return Exit.DONE
    try:
        path = write_playlist(folder, call.args.search.strip() or "whisul", songs)
    except NotStored as error:
        call.out.note(str(error))
        return Exit.UNEXPECTED
    if call.args.json or call.out.is_plain:
        call.out.note(f"Playlist: {path}")
    else:
        call.out.data(str(path))
    return Exit.DONE


def exit_of_download(error: DownloadError) -> Exit:
    """What a failed download ends with: a dead link is an expired job, a broken connection can be tried again."""
    if isinstance(error, LinkDead):
        return Exit.NO_JOB
    return Exit.PATIENCE if isinstance(error, Interrupted) else Exit.UNEXPECTED


class Bars:
    """The line of progress of the downloads that are under way, a bar each."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._bars: dict[int, str] = {}

    def show(self, job: Job, progress: Progress) -> None:
        """One of them has come further."""
        total = progress.total
        bar = "" if not total else f"{'#' * int(_BAR * min(1.0, progress.done / total)):.<{_BAR}} "
        part = f"/{total / 1e6:.1f}" if total else ""
        self._bars[job.number] = f"{job.short_id} {progress.piece} {bar}{progress.done / 1e6:.1f}{part} MB"
        self._call.out.progress("   ".join(self._bars.values()))

    def over(self, job: Job) -> None:
        """One of them has ended."""
        self._bars.pop(job.number, None)
        self._call.out.progress("   ".join(self._bars.values()))


async def keep_one(
    call: Call, settings: Settings, downloader: Downloader, job: Job, folder: Path, bars: Bars | None = None
) -> Downloaded:
    """Downloads song and cover with a bar of progress, a dead link asked for anew; raises DownloadError."""
    bars = bars or Bars(call)
    if call.out.is_plain:
        call.out.data(event(job, "downloading", " ".join(job.name.split())))
    await asyncio.to_thread(wake_studio, call.paths, job)
    try:
        return await renewed.download(downloader, job, folder, partial(bars.show, job), _renew(call, settings))
    finally:
        bars.over(job)


async def renewed_if_dead(call: Call, settings: Settings, job: Job) -> Job | None:
    """The job with other links, where that of its song has died and Whisul has others; None else."""
    downloader = Downloader()
    try:
        is_dead = job.song is not None and job.song.song_url and await downloader.is_dead(job.song.song_url)
        return await _renew(call, settings)(job) if is_dead else None
    except NotRenewed as error:
        call.out.note(f"The link of the song is dead. {error}")
        return None
    finally:
        await downloader.aclose()


def _renew(call: Call, settings: Settings) -> renewed.Renew:
    """Asks Whisul for other links, with the store opened for that alone."""

    async def renew(job: Job) -> Job:
        with open_store(call.paths) as database:
            if database is None:
                raise NotRenewed("Its store is gone.")
            return await renewer(call.paths, settings, JobStore(database))(job)

    return renew


async def _keep_all(
    call: Call, settings: Settings, jobs: Sequence[Job], folder: Path
) -> tuple[dict[int, dict[str, Any]], Exit]:
    kept: dict[int, dict[str, Any]] = {}
    code = Exit.DONE
    there = 0
    downloader = Downloader(template=settings.text("downloads.name") or DEFAULT_TEMPLATE)
    bars, turns = Bars(call), asyncio.Semaphore(_AT_ONCE)

    async def keep(job: Job) -> Downloaded | DownloadError:
        async with turns:
            try:
                return await keep_one(call, settings, downloader, job, folder, bars)
            except DownloadError as error:
                return error

    tasks = [asyncio.create_task(keep(job)) for job in jobs]
    try:
        for job, task in zip(jobs, tasks, strict=True):
            fields: dict[str, Any] = {"song_file": None, "cover_file": None}
            kept[job.number] = fields
            found = await task
            if isinstance(found, DownloadError):
                call.out.note(f"{job.short_id}: {found}")
                code = code or exit_of_download(found)
                continue
            there += found.skipped
            fields["song_file"] = str(found.song_path)
            fields["cover_file"] = str(found.cover_path) if found.cover_path else None
            if found.cover_error is not None:
                call.out.note(f"{job.short_id}: the song is kept, the cover is not. {found.cover_error}")
            if not call.args.json:
                for path in filter(None, (found.song_path, found.cover_path)):
                    call.out.data(event(job, "kept", str(path)) if call.out.is_plain else str(path))
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await downloader.aclose()
    if there:
        what = "It was" if there == len(jobs) == 1 else f"{there:,} of {counted(len(jobs), 'song')} were"
        call.out.note(
            f"{what} there already; nothing was downloaded {'' if there == len(jobs) else 'for these'}".rstrip() + "."
        )
    return kept, code
