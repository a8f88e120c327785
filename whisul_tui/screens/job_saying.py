"""What the user says of jobs: own tags and a note."""

from __future__ import annotations

from textual import work

from whisul_tui.formatting import counted
from whisul_tui.screens.job_actions import JobActions


class JobSaying(JobActions):
    """The action that lets jobs be tagged, one or all marked ones, and a note be written to one."""

    @work(group="own tags", exclusive=True)
    async def action_own_tags(self) -> None:
        """Asks for tags and, of one job, for a note."""
        jobs = self.selected_jobs()
        if not jobs:
            self.say("There is no job here.")
            return
        from whisul_tui.screens.own_tags import OwnTagsScreen

        said = await self.app.push_screen_wait(OwnTagsScreen(jobs, self.session.store.known_tags()))
        if said is None:
            return
        store, numbers = self.session.store, tuple(job.number for job in jobs)

        def step() -> int:
            became = len(store.tag(numbers, said.add, said.remove))
            if said.note is not None:
                became = max(became, store.write_note(numbers[0], said.note))
            return became

        became = await self._told(self.session.engine.do(step, numbers))
        if became is not None and len(jobs) > 1:
            self.acted()
            self.say(f"{counted(became, 'job')} of {len(jobs):,} tagged anew." if became else "All were so before.")
