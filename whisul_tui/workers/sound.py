"""Making a song sound: the first rung of the ladder that works, and saying where the sound is."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.app import App

from whisul_tui.desk import Desk
from whisul_tui.domain import Job
from whisul_tui.messages import CopyWanted, JobsChanged
from whisul_tui.session import wake_studio
from whisul_tui.workers.downloads import Downloads, KeepError
from whisul_tui.workers.threads import aside, tell

if TYPE_CHECKING:
    from whisul_tui.listening.playing import Playing
    from whisul_tui.listening.rungs import Rung


class Sound:
    """One song at a time: the player of the last one is ended first. Facts are gathered on a thread when asked for."""

    def __init__(self, app: App[int], desk: Desk, downloads: Downloads) -> None:
        self._app = app
        self._desk = desk
        self._downloads = downloads
        self._playing: Playing | None = None

    def play(self, job: Job, *, on_host: bool) -> None:
        """Lets a song be heard where the user sits, or on this host."""
        url = job.song.song_url if job.song else None
        if url is None:
            self._show(job, f"{job.name} has no song yet.", failed=True)
            return
        self._app.run_worker(self._climb(job, url, on_host), name="play", group="sound", exclusive=True)

    def steer(self, command: str, amount: int) -> None:
        """Pauses, seeks or changes the volume of what plays, or says why that cannot be."""
        playing = self._playing
        if playing is None:
            self._app.notify("Nothing plays here. o lets you listen.", severity="warning", markup=False)
        elif command == "pause":
            self.stop()
            self._app.notify(f"{playing.name} has been stopped; o starts it again.", markup=False)
        else:
            self._app.notify(f"{playing.name} cannot be steered from here.", severity="warning", markup=False)

    def stop(self) -> None:
        """Ends what plays; an opener has handed the song to a program of the user's, which is left alone."""
        playing, self._playing = self._playing, None
        if playing is not None:
            playing.stop()

    async def _climb(self, job: Job, url: str, on_host: bool) -> None:
        from whisul_tui.listening.links import LinkError
        from whisul_tui.listening.players import PlayerError
        from whisul_tui.studio.errors import StudioError

        try:
            rung = await aside(partial(self._look_around, job, on_host), "look around")
            await self._take(job, url, rung)
        except (StudioError, KeepError, LinkError, PlayerError) as error:
            self._show(job, str(error), failed=True)

    def _look_around(self, job: Job, on_host: bool) -> Rung:
        """Which rung there is; before that, the studio is woken where the song is on it. Blocks up to some seconds."""
        from whisul_tui.listening.facts import gather
        from whisul_tui.listening.rungs import choose_host_rung, choose_rung

        wake_studio(self._desk.session.paths, job)
        settings = self._desk.session.settings
        facts = gather(player=settings.text("player"), open_command=settings.text("open_command"))
        return choose_host_rung(facts) if on_host else choose_rung(facts)

    async def _take(self, job: Job, url: str, rung: Rung) -> None:
        kind = str(rung.kind)
        if kind == "player":
            await self._start(job, url, rung)
        elif kind == "open_command":
            self._hand_over(job, url, rung)
        elif kind == "link_sheet":
            self._show(job, rung.sentence)
            self._app.post_message(CopyWanted(url, "link"))
            self._open_sheet(job)
        else:
            self._show(job, rung.sentence, failed=True)

    async def _start(self, job: Job, url: str, rung: Rung) -> None:
        from whisul_tui.listening.playing import launch

        player = rung.player
        if player is None:
            return
        target = url
        if player.needs_file:
            self._show(job, f"Fetching the song first: {player.name} plays files only.", toast=False)
            target = str(await self._downloads.fetch(job))
        self.stop()
        playing = launch(
            player, target, local_file=player.needs_file, on_end=partial(tell, self._app, self._ended, job)
        )
        if not player.is_opener:
            self._playing = playing
        self._show(job, rung.sentence, playing=not player.is_opener)

    def _hand_over(self, job: Job, url: str, rung: Rung) -> None:
        from whisul_tui.listening.command_template import TemplateError
        from whisul_tui.listening.open_command import run_open_command

        command = self._desk.session.settings.text("open_command") or ""
        try:
            run_open_command(command, url, on_end=partial(tell, self._app, self._ended, job))
        except TemplateError as error:
            self._show(job, str(error), failed=True)
        else:
            self._show(job, rung.sentence)

    def _ended(self, job: Job, playing: Playing) -> None:
        """A player of ours has ended, or the program that was handed the link has; only a failure of that is news."""
        outcome = playing.state()
        ours = playing is self._playing
        if ours:
            self._playing = None
        if self._desk.hearing.number != job.number:
            return
        if str(outcome.state) == "failed":
            self._show(job, outcome.reason, failed=True)
        elif ours:
            self._show(job, outcome.reason or f"{playing.name} has ended.")
        elif self._desk.hearing.playing and self._playing is None:
            self._show(job, f"{playing.name} was stopped.", toast=False)

    def _open_sheet(self, job: Job) -> None:
        from whisul_tui.screens.link_sheet import LinkSheet

        if not isinstance(self._app.screen, LinkSheet):
            self._app.push_screen(LinkSheet(job, unicode=self._desk.unicode))

    def _show(
        self, job: Job, sentence: str, *, playing: bool = False, failed: bool = False, toast: bool = True
    ) -> None:
        hearing = self._desk.hearing
        hearing.number, hearing.sentence, hearing.playing, hearing.failed = job.number, sentence, playing, failed
        if toast:
            self._app.notify(sentence, severity="warning" if failed else "information", markup=False)
        self._desk.changed.publish(JobsChanged(frozenset({job.number})))
