"""Making a song sound: the first rung of the ladder that works, saying where the sound is, and steering it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual.app import App

from whisul_tui.desk import Desk
from whisul_tui.domain import Job
from whisul_tui.key_words import named
from whisul_tui.messages import CopyWanted, JobsChanged
from whisul_tui.session import wake_studio
from whisul_tui.workers.downloads import Downloads, KeepError
from whisul_tui.workers.line_up import LineUp
from whisul_tui.workers.steering import NOTHING, Steering
from whisul_tui.workers.threads import aside, tell

if TYPE_CHECKING:
    from whisul_tui.listening.facts import Surroundings
    from whisul_tui.listening.playing import Playing
    from whisul_tui.listening.rungs import Rung
    from whisul_tui.listening.steering import Steer

_STEPS = {"next": 1, "previous": -1}
_STEERED = {"pause": "pause", "seek": "seek", "place": "seek", "volume": "volume"}


class Sound:
    """One song at a time, the last one asked for; several may be lined up. Facts are gathered when asked for."""

    def __init__(self, app: App[int], desk: Desk, downloads: Downloads) -> None:
        self._app = app
        self._desk = desk
        self._downloads = downloads
        self._steering = Steering(desk.session, partial(tell, app, self._heard))
        self._line_up: LineUp | None = None
        self._job: Job | None = None  # the one that plays, or is about to
        self._renewed: int | None = None  # the job whose link was asked for anew, once
        self._told = ""  # the last trouble that was told in a toast
        self._wanted: deque[tuple[str, int]] = deque()
        self._is_steering = False

    def play(self, job: Job, *, on_host: bool, then: Sequence[Job] = ()) -> None:
        """Lets a song be heard where the user sits or on this host, and `then` others, one after the other."""
        songs = [song for song in (job, *then) if song.song and song.song.song_url]
        if not songs:
            self._show(job, f"{job.name} has no song yet.", failed=True)
            return
        self._renewed = None
        self._line_up = LineUp(tuple(song.number for song in songs), on_host)
        self._begin(songs[0], f" Then {len(songs) - 1:,} more." if len(songs) > 1 else "")

    def steer(self, command: str, amount: int) -> None:
        """Pauses, moves within the song, changes the volume or the song, or says why that cannot be."""
        if command in _STEPS:
            self._step(_STEPS[command])
            return
        if self._wanted and self._wanted[-1][0] == command and command in ("seek", "volume"):
            amount += self._wanted.pop()[1]  # a key that is held down: one command for all that waits
        self._wanted.append((command, amount))
        if not self._is_steering:
            self._is_steering = True
            self._app.run_worker(self._steer(), name="steer", group="steer")

    def stop(self) -> None:
        """Ends what plays; an opener has handed the song to a program of the user's, which is left alone."""
        self._job = self._line_up = None
        self._desk.hearing.clear()
        self._steering.close()

    # The ladder -----------------------------------------------------------------------------------------------------

    def _begin(self, job: Job, more: str = "") -> None:
        self._app.run_worker(self._climb(job, more), name="play", group="sound", exclusive=True)

    def _step(self, by: int) -> None:
        if self._line_up is None:
            self._say(named(self._app, "Nothing was played yet. {listen.here} lets you listen."))
        elif (job := self._line_up.step(self._desk.session, by)) is None:
            self._say("There is no song after this one." if by > 0 else "There is no song before this one.")
        else:
            self._begin(job)

    async def _climb(self, job: Job, more: str) -> None:
        from whisul_tui.listening.links import LinkError
        from whisul_tui.listening.players import PlayerError
        from whisul_tui.listening.private_places import PlaceError
        from whisul_tui.listening.steering import SteerError
        from whisul_tui.studio.errors import StudioError

        on_host = self._line_up is not None and self._line_up.on_host
        try:
            facts = await aside(partial(self._look_around, job), "look around")
            await self._take(job, await self._rung(facts, on_host), more)
        except (StudioError, KeepError, LinkError, PlayerError, PlaceError, SteerError) as error:
            self._job = None
            self._show(job, str(error), failed=True)

    def _look_around(self, job: Job) -> Surroundings:
        """Where the program runs; before that, the studio is woken where the song is on it. Up to some seconds."""
        from whisul_tui.listening.facts import gather

        wake_studio(self._desk.session.paths, job)
        settings = self._desk.session.settings
        return gather(player=settings.text("player"), open_command=settings.text("open_command"))

    async def _rung(self, facts: Surroundings, on_host: bool) -> Rung:
        """The first rung that works; a listener is looked for where the song cannot sound at this machine."""
        from dataclasses import replace

        from whisul_tui.listening.rungs import choose_host_rung, choose_rung

        if on_host:
            return choose_host_rung(facts)
        rung = choose_rung(facts)
        if str(rung.kind) == "player":
            return rung
        name, why_not = await self._steering.listener()
        return choose_rung(replace(facts, listener=name, no_listener=why_not))

    async def _take(self, job: Job, rung: Rung, more: str) -> None:
        url = (job.song.song_url if job.song else None) or ""
        kind = str(rung.kind)
        if kind == "player" and rung.player is not None and not rung.player.is_opener:
            await self._play_here(job, url, rung, more)
        elif kind == "listener":
            self._about_to_play(job, rung.sentence, more)
            await self._steering.play_there(job.number, url, job.name)
        elif kind == "player":
            self._hand_to_opener(job, url, rung)
        elif kind == "open_command":
            self._hand_over(job, url, rung)
        elif kind == "link_sheet":
            self._show(job, rung.sentence)
            self._app.post_message(CopyWanted(url, "link"))
            self._open_sheet(job)
        else:
            self._show(job, rung.sentence, failed=True)

    async def _play_here(self, job: Job, url: str, rung: Rung, more: str) -> None:
        if rung.player is None:
            return

        async def fetch(_: str) -> str:
            from whisul_tui.listening.steering import SteerError

            try:
                return str(await self._downloads.fetch(job))
            except KeepError as error:
                raise SteerError(str(error)) from error

        if rung.player.needs_file:
            self._renewed = job.number  # the download does that by itself
        files = f" {rung.player.name} plays files only: fetching the song first." if rung.player.needs_file else ""
        self._about_to_play(job, rung.sentence + files, more)
        await self._steering.play_here(rung.player, job.number, url, job.name, where=rung.where, fetch=fetch)

    def _hand_to_opener(self, job: Job, url: str, rung: Rung) -> None:
        from whisul_tui.listening.playing import launch

        if rung.player is not None:
            launch(rung.player, url, on_end=partial(tell, self._app, self._opener_ended, job))
            self._show(job, rung.sentence)

    def _hand_over(self, job: Job, url: str, rung: Rung) -> None:
        from whisul_tui.listening.command_template import TemplateError
        from whisul_tui.listening.open_command import run_open_command

        command = self._desk.session.settings.text("open_command") or ""
        try:
            run_open_command(command, url, on_end=partial(tell, self._app, self._opener_ended, job))
        except TemplateError as error:
            self._show(job, str(error), failed=True)
        else:
            self._show(job, rung.sentence)

    def _opener_ended(self, job: Job, playing: Playing) -> None:
        """The program that was handed the link has ended; only a failure of that is news."""
        outcome = playing.state()
        if self._desk.hearing.number == job.number and str(outcome.state) == "failed":
            self._show(job, outcome.reason, failed=True)

    def _open_sheet(self, job: Job) -> None:
        from whisul_tui.screens.link_sheet import LinkSheet

        if not isinstance(self._app.screen, LinkSheet):
            self._app.push_screen(LinkSheet(job, unicode=self._desk.unicode))

    # What plays -----------------------------------------------------------------------------------------------------

    async def _steer(self) -> None:
        from whisul_tui.listening.steering import SteerError

        try:
            while self._wanted:
                command, amount = self._wanted.popleft()
                try:
                    if command == "pause" and self._job is not None and "pause" not in self._steering.can:
                        await self._stop_instead(self._job)
                    else:
                        await self._steering.steer(_STEERED[command], amount, relative=command != "place")
                except SteerError as error:
                    told = str(error)
                    self._say(named(self._app, told) if told == NOTHING else told)
                self._publish()
        finally:
            self._is_steering = False

    async def _stop_instead(self, job: Job) -> None:
        """Ends the song of a player that knows no pause."""
        self._job = None
        await self._steering.stop()
        again = named(self._app, "{listen.here} starts it again.")
        self._show(job, f"{job.name} has been stopped: its player knows no pause. {again}")

    def _heard(self) -> None:
        """Something about the song that plays has changed."""
        job = self._job
        state = self._steering.seen(job.number) if job is not None else None
        if job is None or state is None:
            return
        if state.failed:
            self._job = None
            self._show(job, state.failed, failed=True)
            if state.position is None and self._renewed != job.number:  # nothing was heard: the link may be dead
                self._renewed = job.number
                self._app.run_worker(self._renew(job), name="renew", group="sound", exclusive=True)
        elif state.ended:
            self._over(job)
        else:
            if state.away and state.away != self._told:
                self._say(state.away)
            self._told = state.away
            self._publish()

    async def _renew(self, job: Job) -> None:
        """Plays a song whose link has died by the one that Whisul gives for it now, if it does; once."""
        other = await self._downloads.renewed(job)
        if other is not None:
            await self._climb(other, " The link had died; this is another one.")

    def _over(self, job: Job) -> None:
        self._job = None
        following = self._line_up
        if following is not None and following.goes_on:
            self._step(1)
        else:
            self._show(job, f"{job.name} has ended.", toast=False)

    def _about_to_play(self, job: Job, sentence: str, more: str) -> None:
        """The song bar tells it; a toast would lie over that, so it comes where no bar is, or where there is more."""
        self._job = job
        toast = bool(more) or self._app.current_mode != "listen"
        self._show(job, sentence + more, seen=partial(self._steering.seen, job.number), toast=toast)

    def _say(self, sentence: str) -> None:
        self._app.notify(sentence, severity="warning", markup=False)

    def _show(
        self,
        job: Job,
        sentence: str,
        *,
        seen: Callable[[], Steer | None] | None = None,
        failed: bool = False,
        toast: bool = True,
    ) -> None:
        hearing = self._desk.hearing
        hearing.clear()
        hearing.number, hearing.name, hearing.sentence = job.number, job.name, sentence
        hearing.failed = failed
        if seen is not None:
            hearing.playing, hearing.seen = True, seen
        if toast:
            self._app.notify(sentence, severity="warning" if failed else "information", markup=False)
        self._publish()

    def _publish(self) -> None:
        number = self._desk.hearing.number
        self._desk.changed.publish(JobsChanged(frozenset() if number is None else frozenset({number})))
