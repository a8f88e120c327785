"""What belongs together: the lineage of a job, and two jobs compared."""

from __future__ import annotations

from textual import work

from whisul_tui.domain import Job, JobState
from whisul_tui.messages import SongOpened
from whisul_tui.screens.job_saying import JobSaying
from whisul_tui.widgets.job_words import Facts


class JobKin(JobSaying):
    """The actions `lineage` and `compare`."""

    def show_job(self, number: int) -> None:
        """A job that has no song was chosen: where it can be seen."""
        self.say("It has no song yet: the jobs screen shows it.")

    @work(group="lineage", exclusive=True)
    async def action_lineage(self) -> None:
        """The tree of jobs that this one comes from and that come from it."""
        job = self._one()
        if job is None:
            return
        from whisul_tui.screens.lineage import LineageScreen

        kin = self.session.store.lineage(job.number)
        self._open(await self.app.push_screen_wait(LineageScreen(kin, job.number, unicode=self.desk.unicode)))

    @work(group="compare", exclusive=True)
    async def action_compare(self) -> None:
        """Marked jobs, else the family of this one, two by two."""
        numbers, at = self._compared()
        if len(numbers) < 2:
            self.say("Mark two jobs to compare them, or choose one of a family.")
            return
        from whisul_tui.screens.compare import CompareScreen

        self._open(await self.app.push_screen_wait(CompareScreen(self.desk, numbers, at)))

    def _compared(self) -> tuple[list[int], int]:
        jobs = self.selected_jobs()
        if len(jobs) != 1:
            return [job.number for job in self.in_list_order(jobs)], 0
        job = jobs[0]
        if job.family is not None:
            numbers = [kin.number for kin in self.session.store.family(job.family)]
            if len(numbers) > 1 and job.number in numbers:
                return numbers, numbers.index(job.number)
        return ([job.parent, job.number], 0) if job.parent is not None else ([], 0)

    def _open(self, job: Job | None) -> None:
        if job is None:
            return
        if job.state is JobState.COMPLETED:
            self.post_message(SongOpened(job.number))
        else:
            self.show_job(job.number)

    def with_kin(self, job: Job | None, facts: Facts) -> Facts:
        """The facts with the place of the job in its family."""
        if job is None or job.family is None:
            return facts
        place, total = self.session.store.place_in_family(job.number, job.family)
        return facts._replace(kin=f"{place:,} of {total:,}, family:{job.family}" if total > 1 else "")
