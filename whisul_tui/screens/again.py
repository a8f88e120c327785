"""Again: the same prompts once more, through the outbox, after the questions that money asks for."""

from __future__ import annotations

from collections.abc import Sequence

from textual import work

from whisul_tui.domain import Job, JobState
from whisul_tui.domain.budget import OverBudget
from whisul_tui.formatting import age, counted
from whisul_tui.key_words import named
from whisul_tui.screens.confirm import ConfirmScreen
from whisul_tui.screens.selected import SelectedJobs
from whisul_tui.screens.spending import every_song_costs, is_free, over_budget
from whisul_tui.storage.entering import Entry


class Again(SelectedJobs):
    """The action `again`."""

    def action_again(self) -> None:
        """The same prompts once more, through the outbox: this costs."""
        if jobs := self.selected_jobs():
            self._again(jobs)
        else:
            self.say("There is no job here.")

    @work(group="again")
    async def _again(self, jobs: Sequence[Job]) -> None:
        question = self._doubt(jobs)
        if question and not await self.app.push_screen_wait(ConfirmScreen(*question)):
            return
        entries = [Entry(job.prompt, job.number) for job in jobs]
        try:
            held = await self._told(self.session.engine.submit_all(entries))
        except OverBudget as error:
            if not await self.app.push_screen_wait(over_budget(error)):
                return
            held = await self._told(self.session.engine.submit_all(entries, over_budget=True))
        if held:
            self.acted()
            self.made(held[-1])
            many = counted(len(jobs), "prompt")
            what = "the same prompt" if len(jobs) == 1 else many
            self.say(f"In the outbox: {what} again. {named(self, '{undo}')} takes it back.")

    def _doubt(self, jobs: Sequence[Job]) -> tuple[str, str, str] | None:
        """What must be asked before the prompts are sent again, if anything: question, why, and the word for yes."""
        open_ones = sum(job.state is JobState.UNCONFIRMED for job in jobs)
        if open_ones:
            which = "This one was" if len(jobs) == 1 else f"{open_ones:,} of {len(jobs):,} were"
            twice = "It may be made twice." if is_free(self.session) else "It may cost twice."
            why = f"{which} sent, but no answer is known: Whisul may have it. {twice}"
            return _send_again(jobs), why, "send it anew" if len(jobs) == 1 else "send them anew"
        if len(jobs) > 1:
            and_costs = "" if is_free(self.session) else ", and costs"
            return (
                _send_again(jobs),
                f"Each is a song of its own{and_costs}: {counted(len(jobs), 'song')}.",
                "send them",
            )
        seconds = self.session.settings.number("same_prompt_seconds")
        since = self.desk.now().timestamp() - seconds
        before = self.session.store.same_prompt_since(jobs[0].prompt, self.session.account, since) if seconds else None
        if before is None:
            return None
        ago = age(before.created_at, self.desk.now())
        return (
            _send_again(jobs),
            f"The same prompt was written {ago} ago ({before.state}).{every_song_costs(self.session)}",
            "send",
        )


def _send_again(jobs: Sequence[Job]) -> str:
    return "Send this prompt again?" if len(jobs) == 1 else f"Send {counted(len(jobs), 'prompt')} again?"
