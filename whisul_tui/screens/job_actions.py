"""What can be done to a job, on whichever screen it is shown."""

from __future__ import annotations

from collections.abc import Sequence

from textual import work

from whisul_tui.domain import Job, JobState
from whisul_tui.formatting import counted
from whisul_tui.key_words import named
from whisul_tui.messages import CopyWanted, DownloadWanted, EditWanted, SoundWanted
from whisul_tui.screens.again import Again
from whisul_tui.screens.confirm import ConfirmScreen
from whisul_tui.screens.spending import is_free

_UNSENT = (JobState.HELD, JobState.SENDING)


class JobActions(Again):
    """The actions of the keymap's room `job` and `refresh_job`; see `SelectedJobs` for which jobs they are for."""

    # Edit ------------------------------------------------------------------------------------------------------------

    def action_edit(self) -> None:
        """The prompt into the editor, to be sent as a new one."""
        if job := self._one():
            self.post_message(EditWanted(job))

    # Hear, copy, keep -----------------------------------------------------------------------------------------------

    def action_listen_here(self) -> None:
        """Sound where the user sits; marked songs one after the other, in the list's order."""
        self._play(on_host=False)

    def action_play_on_host(self) -> None:
        """Sound on this host; marked songs one after the other, in the list's order."""
        self._play(on_host=True)

    def _play(self, *, on_host: bool) -> None:
        jobs = self.selected_jobs()
        songs = [job for job in jobs if job.song and job.song.song_url]
        if not songs:
            self.say(_no_song(jobs))
            return
        first, *then = self.in_list_order(songs)
        self.post_message(SoundWanted(first, on_host, tuple(then)))
        if left := len(jobs) - len(songs):
            self.say(f"{counted(left, 'marked job')} without a song left out.")
        if then:
            self.acted()

    def action_copy_link(self) -> None:
        """The song's link into the clipboard; of several jobs, a link a line."""
        jobs = self.selected_jobs()
        links = [job.song.song_url for job in jobs if job.song and job.song.song_url]
        if not links:
            self.say(_no_song(jobs))
        else:
            self.post_message(CopyWanted("\n".join(links), "link" if len(links) == 1 else f"{len(links):,} links"))

    @work(group="copy menu", exclusive=True)
    async def action_copy_menu(self) -> None:
        """Asks what of the job is to be copied."""
        if job := self._one():
            from whisul_tui.screens.copy_menu import CopyMenu

            choice = await self.app.push_screen_wait(CopyMenu(job))
            if choice is not None:
                self.post_message(CopyWanted(choice.text, choice.what))

    def action_link_sheet(self) -> None:
        """The whole URL, a QR code, a bare print."""
        if job := self._song():
            from whisul_tui.screens.link_sheet import LinkSheet

            self.app.push_screen(LinkSheet(job, unicode=self.desk.unicode))

    def action_download(self) -> None:
        """Keeps song and cover of the completed ones."""
        jobs = self.selected_jobs()
        songs = tuple(job for job in jobs if job.song and job.song.song_url)
        if not songs:
            self.say(_no_song(jobs))
            return
        self.post_message(DownloadWanted(songs))
        if left := len(jobs) - len(songs):
            self.say(f"{counted(left, 'marked job')} without a song left out.")
        self.acted()

    def _song(self) -> Job | None:
        job = self._one()
        if job is not None and not (job.song and job.song.song_url):
            self.say(_no_song([job]))
            return None
        return job

    # Forget, undo, star, refresh ------------------------------------------------------------------------------------

    def action_forget(self) -> None:
        """Hides jobs; u brings them back."""
        jobs = self.selected_jobs()
        gone = [job for job in jobs if job.state not in _UNSENT]
        if not jobs:
            self.say("There is no job here.")
        elif not gone:
            held = jobs[0].state is JobState.HELD
            self.say(
                named(self, "It is not sent yet: {undo} takes it back.") if held else "It is on its way to Whisul."
            )
        else:
            self._forget(gone, len(jobs) - len(gone))

    @work(group="forget")
    async def _forget(self, jobs: Sequence[Job], left: int) -> None:
        unsettled = [job for job in jobs if job.state in (JobState.RUNNING, JobState.UNCONFIRMED)]
        if unsettled:
            many = len(unsettled) > 1
            question = f"Forget {counted(len(jobs), 'job')}, {len(unsettled):,} not settled?" if many else None
            who = "The studio goes on composing" if is_free(self.session) else "Whisul goes on composing, and it costs"
            why = f"{who}; it is only hidden here. {named(self, '{undo}')} brings it back."
            if not await self.app.push_screen_wait(
                ConfirmScreen(question or f"Forget a job that is {unsettled[0].state}?", why, "hide it")
            ):
                return
        numbers = tuple(job.number for job in jobs)
        if not await self._done(self.session.engine.forget(numbers)):
            return
        self.acted()
        kept = f" {left:,} not sent yet stay." if left else ""
        back = named(self, "{undo} brings " + ("it" if len(numbers) == 1 else "them"))
        self.say(f"Forgot {counted(len(numbers), 'job')}; {back} back.{kept}")

    @work(group="undo", exclusive=True)
    async def action_undo(self) -> None:
        """Takes back the newest held prompt or its family, else brings back what was forgotten last."""
        future = self.session.engine.take_back_last()
        if not await self._done(future):
            return
        if (taken := future.result()) is not None:
            one = taken.jobs[0].name[:60] if len(taken.jobs) == 1 else counted(len(taken.jobs), "prompt")
            self.say(f"Taken back, not sent: {one}")
        elif not (numbers := self.session.store.last_forgotten()):
            self.say("Nothing to take back: no prompt is held, and nothing was forgotten.")
        elif await self._done(self.session.engine.restore(numbers)):
            self.say(f"{counted(len(numbers), 'job')} brought back.")

    @work(group="known id", exclusive=True)
    async def action_known_id(self) -> None:
        """Asks for the id of an unconfirmed job, and follows it."""
        job = self._one()
        if job is None:
            return
        if job.state is not JobState.UNCONFIRMED:
            self.say(f"This is for an unconfirmed job; this one is {job.state}.")
            return
        from whisul_tui.screens.known_id import KnownIdScreen

        job_id = await self.app.push_screen_wait(KnownIdScreen(job))
        if (
            job_id is not None
            and (taken := await self._told(self.session.engine.confirm(job.number, job_id))) is not None
        ):
            self.say("It is followed from now on." if taken else "Another job has that id already.", bad=not taken)

    @work(group="star")
    async def action_star(self) -> None:
        """Stars the jobs, or takes the star off where all have one."""
        jobs = self.selected_jobs()
        on = not all(job.starred for job in jobs)
        for job in jobs:
            if job.starred != on and not await self._done(self.session.engine.star(job.number, on)):
                return

    @work(group="refresh")
    async def action_refresh_job(self) -> None:
        """Asks Whisul now, or as soon as the floor allows."""
        running = [job for job in self.selected_jobs() if job.state is JobState.RUNNING]
        if not running:
            self.say("Only a running job can be asked for; this one is not.")
            return
        for job in running:
            if not await self._done(self.session.engine.refresh(job.number)):
                return
        floor = self.session.settings.profile.poll_min_seconds
        asked = max((job.polled_at for job in running if job.polled_at), default=None)
        wait = floor - (self.desk.now() - asked).total_seconds() if asked else 0.0
        now = counted(len(running), "job") if len(running) > 1 else "Whisul"
        self.say(f"Asked a moment ago; again in {-int(-wait // 1)}s." if wait > 0 else f"Asking {now} now.")


def _no_song(jobs: Sequence[Job]) -> str:
    """Why there is nothing to hear, copy or keep."""
    if not jobs:
        return "There is no job here."
    if len(jobs) > 1:
        return "None of the marked jobs has a song."
    job = jobs[0]
    if job.state is JobState.COMPLETED:
        return "Whisul gave no link for this song."
    return f"There is no song yet: this job is {job.state}." if job.state.is_open else f"No song: it is {job.state}."
