"""Making a song sound: the first rung of the ladder that works, and saying where the sound is."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.app import App

from whisul_tui.desk import Desk
from whisul_tui.domain import Job
from whisul_tui.messages import CopyWanted, JobsChanged

if TYPE_CHECKING:
    from whisul_tui.listening.playing import Playing
    from whisul_tui.listening.rungs import Rung


class Sound:
    """One song at a time: the player of the last one is ended first. Facts are gathered on a thread when asked for."""

    def __init__(self, app: App[int], desk: Desk) -> None:
        self._app = app
        self._desk = desk
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
        """Ends what plays."""
        playing, self._playing = self._playing, None
        if playing is not None:
            playing.stop()

    async def _climb(self, job: Job, url: str, on_host: bool) -> None:
        worker = self._app.run_worker(partial(self._choose, on_host), name="look around", thread=True)
        rung = await worker.wait()
        kind = str(rung.kind)
        if kind == "player":
            await self._start(job, url, rung)
        elif kind == "open_command":
            await self._hand_over(job, url, rung)
        elif kind == "link_sheet":
            self._show(job, rung.sentence)
            self._app.post_message(CopyWanted(url, "Link"))
            self._open_sheet(job)
        else:
            self._show(job, rung.sentence, failed=True)

    def _choose(self, on_host: bool) -> Rung:
        from whisul_tui.listening.facts import gather
        from whisul_tui.listening.rungs import choose_host_rung, choose_rung

        settings = self._desk.session.settings
        facts = gather(player=settings.text("player"), open_command=settings.text("open_command"))
        return choose_host_rung(facts) if on_host else choose_rung(facts)

    async def _start(self, job: Job, url: str, rung: Rung) -> None:
        from whisul_tui.listening.links import LinkError
        from whisul_tui.listening.players import PlayerError
        from whisul_tui.listening.playing import launch

        if rung.player is None:
            return
        if rung.player.needs_file:
            self._show(
                job, f"{rung.player.name} plays only files that were kept: download the song with d.", failed=True
            )
            return
        self.stop()
        try:
            self._playing = launch(rung.player, url, on_end=partial(self._app.call_from_thread, self._ended, job))
        except (PlayerError, LinkError) as error:
            self._show(job, str(error), failed=True)
        else:
            self._show(job, rung.sentence, playing=True)

    async def _hand_over(self, job: Job, url: str, rung: Rung) -> None:
        from whisul_tui.listening.command_template import TemplateError
        from whisul_tui.listening.links import LinkError
        from whisul_tui.listening.open_command import run_open_command
        from whisul_tui.listening.players import PlayerError

        command = self._desk.session.settings.text("open_command") or ""
        try:
            run_open_command(command, url, on_end=partial(self._app.call_from_thread, self._ended, job))
        except (TemplateError, LinkError, PlayerError) as error:
            self._show(job, str(error), failed=True)
        else:
            self._show(job, rung.sentence)

    def _ended(self, job: Job, playing: Playing) -> None:
        outcome = playing.state()
        if playing is self._playing:
            self._playing = None
        if self._desk.hearing.number == job.number:
            failed = str(outcome.state) == "failed"
            self._show(job, outcome.reason if failed else f"{playing.name} has ended.", failed=failed)

    def _open_sheet(self, job: Job) -> None:
        from whisul_tui.screens.link_sheet import LinkSheet

        self._app.push_screen(LinkSheet(job, unicode=self._desk.unicode))

    def _show(self, job: Job, sentence: str, *, playing: bool = False, failed: bool = False) -> None:
        hearing = self._desk.hearing
        hearing.number, hearing.sentence, hearing.playing, hearing.failed = job.number, sentence, playing, failed
        self._app.notify(sentence, severity="warning" if failed else "information", markup=False)
        self._desk.changed.publish(JobsChanged(frozenset({job.number})))
