"""`play`: plays a song on this machine, in the foreground, until it ends or ctrl+c stops it."""

from __future__ import annotations

import argparse
import asyncio

from whisul_tui.cli.call import Call
from whisul_tui.cli.exits import Exit, VerbError, exit_of
from whisul_tui.cli.find import add_jobs, find_jobs
from whisul_tui.cli.interrupting import interrupted_later
from whisul_tui.cli.resume import resuming
from whisul_tui.domain import Job
from whisul_tui.listening.facts import Surroundings, gather
from whisul_tui.listening.players import Player
from whisul_tui.listening.playing import Outcome, PlayingState, launch, stop_all
from whisul_tui.session import open_store, wake_studio
from whisul_tui.settings import Settings
from whisul_tui.storage import JobStore

_EPILOG = """\
The sound is on the machine that this command runs on. Player: `player` of the settings, else mpv, vlc, ffplay, mpg123.
Ends with 0 when the song has ended, with 130 when ctrl+c stopped it, with 1 where it cannot be played here."""


def add(parser: argparse.ArgumentParser) -> None:
    """The options of `play`."""
    parser.epilog = _EPILOG
    add_jobs(parser, many=False)


def run(call: Call) -> int:
    """Plays to the end and returns the exit code."""
    settings = call.settings()
    with open_store(call.paths) as database:
        store = JobStore(database) if database else None
        job = find_jobs(store, [call.args.job])[0]
        again = resuming(call, store, [job], "play") if store else ""
    url = job.song.song_url if job.song else None
    if url is None:
        raise VerbError(f"{job.short_id} has no song: it is {job.state}.", exit_of([job]) or Exit.USAGE)
    player = _player(gather(player=settings.text("player")), url)
    try:
        outcome = _played(call, settings, job, player, url)
        if outcome.state is PlayingState.FAILED and (other := _renewed(call, settings, job)) is not None:
            outcome = _played(call, settings, other[0], player, other[1])
    except KeyboardInterrupt:
        stop_all()  # it was started apart from the terminal, so ctrl+c has not reached it
        call.out.note(f"Stopped. To play it again: {again}")
        return Exit.INTERRUPTED
    if outcome.state is PlayingState.FAILED:
        raise VerbError(outcome.reason, Exit.UNEXPECTED)
    return Exit.DONE


def _played(call: Call, settings: Settings, job: Job, player: Player, url: str) -> Outcome:
    """Plays to the end and says how that was."""
    wake_studio(call.paths, job)
    target = _fetched(call, settings, job) if player.needs_file else url
    with interrupted_later():  # a player that has been started but is not known yet would play on
        playing = launch(player, target, local_file=player.needs_file)
    call.out.note(f"{player.name} plays {job.name} on this machine; ctrl+c stops it.")
    playing.wait()
    return playing.state()


def _player(facts: Surroundings, url: str) -> Player:
    """The player of this machine; raises VerbError that says what is missing."""
    if facts.player_trouble:
        raise VerbError(facts.player_trouble)
    if facts.player is None:
        raise VerbError(
            f"This machine has no player. Install mpv, vlc, ffplay or mpg123, set player, or open {url} elsewhere.",
            Exit.UNEXPECTED,
        )
    if not facts.sound:
        raise VerbError(
            f"No sound device was found on this machine{', to which you are connected over SSH' if facts.ssh else ''}."
            f" Open {url} where you sit, or use whisul-tui download.",
            Exit.UNEXPECTED,
        )
    return facts.player


def _renewed(call: Call, settings: Settings, job: Job) -> tuple[Job, str] | None:
    """The job and its other link, where the one that was played has died and Whisul gives another."""
    from whisul_tui.cli.keep import renewed_if_dead

    other = asyncio.run(renewed_if_dead(call, settings, job))
    if other is None or other.song is None or other.song.song_url is None:
        return None
    call.out.note("The link had died; Whisul has given another one.")
    return other, other.song.song_url


def _fetched(call: Call, settings: Settings, job: Job) -> str:
    """The path of the downloaded song, for players that must not be given a link; raises VerbError."""
    from whisul_tui.cli.keep import exit_of_download, keep_one
    from whisul_tui.listening.download_errors import DownloadError
    from whisul_tui.listening.downloads import Downloader

    folder = call.paths.cache_dir / "songs"

    async def fetch() -> str:
        downloader = Downloader()
        try:
            return str((await keep_one(call, settings, downloader, job, folder)).song_path)
        finally:
            await downloader.aclose()

    try:
        return asyncio.run(fetch())
    except DownloadError as error:
        raise VerbError(str(error), exit_of_download(error)) from error
