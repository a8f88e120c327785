"""Sending from the editor: one prompt, or all that braces and files make, after the questions that money asks for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial

from whisul_tui.desk import Desk
from whisul_tui.domain import Job, JobState, PromptError
from whisul_tui.domain.budget import OverBudget
from whisul_tui.domain.expansion import ExpansionError
from whisul_tui.domain.slots import prompts_of_text, text_of_prompt
from whisul_tui.formatting import age
from whisul_tui.screens.confirm import ConfirmScreen
from whisul_tui.screens.main import MainScreen
from whisul_tui.screens.spending import every_song_costs, is_free, over_budget, spent_words
from whisul_tui.screens.write_words import failure, problem_words
from whisul_tui.storage.entering import Entry
from whisul_tui.widgets.prompt_editor import PromptEditor


@dataclass(frozen=True, slots=True)
class _Letter:
    """What leaves the editor: the prompts, and the `text` that they were, empty for prompts of a file."""

    prompts: tuple[str, ...]
    text: str = ""
    at_once: int | None = None


class Sending(MainScreen):
    """The part of the Write screen that lets prompts go, and takes them in again where they were not wanted."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._parent_job: int | None = None
        self._leaving: Future[list[Job]] | None = None
        self._mine: set[int] = set()  # sent from here and not yet accepted: what is rejected comes back here

    @property
    def _editor(self) -> PromptEditor:
        return self.query_one(PromptEditor)

    def _say(self, problem: str) -> None:
        raise NotImplementedError

    def _take(self, text: str, *, parent: int | None = None) -> None:
        raise NotImplementedError

    def _begin_anew(self) -> None:
        """What was in the editor is on its way: nothing of it is to be recalled."""
        raise NotImplementedError

    def on_prompt_editor_sent(self, event: PromptEditor.Sent) -> None:
        event.stop()
        if self._leaving is not None and not event.text:
            return  # Enter was pressed twice, and the prompt is on its way
        try:
            prompts = prompts_of_text(event.text)
        except PromptError as error:
            self._give_back(event.text)
            self._say(problem_words(error, getattr(self.app, "_keymap", {})))
            if isinstance(error, ExpansionError) and error.place is not None:
                before = event.text[: error.place]
                self._editor.move_cursor((before.count("\n"), error.place - before.rfind("\n") - 1))
            return
        if len(prompts) > 1:
            self._give_back(event.text)
            self._ask_for_all(prompts, event.text)
        else:
            self._ask_about_one(prompts, event.text)

    def _ask_about_one(self, prompts: tuple[str, ...], text: str) -> None:
        now, seconds = self.desk.now(), self.session.settings.number("same_prompt_seconds")
        since = now.timestamp() - seconds
        before = self.session.store.same_prompt_since(prompts[0], self.session.account, since) if seconds else None
        if before is None:
            self._send(_Letter(prompts, text))
            return
        question = ConfirmScreen(
            "Send the same prompt again?",
            f"It was sent {age(before.created_at, now)} ago and is {before.state}.{every_song_costs(self.session)}",
            "send it again",
            "leave it",
        )
        self._give_back(text)  # it stands there while the question does, and is kept as a draft
        self.app.push_screen(question, self._when(_Letter(prompts, text)))

    def _ask_for_all(self, prompts: tuple[str, ...], text: str = "", *, at_once: int | None = None) -> None:
        """Shows what will be sent, and how much it is; the `text` stands in the editor meanwhile."""
        from whisul_tui.screens.preview import PreviewScreen, SendAll

        def answered(answer: SendAll | None) -> None:
            if answer is not None:
                self._when(_Letter(prompts, text, answer.at_once))(True)

        spent = spent_words(self.session, self.desk.now().timestamp())
        self.app.push_screen(
            PreviewScreen(prompts, at_once=at_once, spent=spent, is_free=is_free(self.session)), answered
        )

    def _give_back(self, text: str) -> None:
        """What is not sent goes back into the editor, before what was typed since."""
        if text:
            self._editor.put(text + self._editor.text)

    def _when(self, letter: _Letter, *, over_budget: bool = False) -> Callable[[bool | None], None]:
        """What sends the letter, whose text stands in the editor, at a yes."""

        def answered(yes: bool | None) -> None:
            if yes:
                self._editor.put(self._editor.text.removeprefix(letter.text))
                self._send(letter, over_budget=over_budget)

        return answered

    def _send(self, letter: _Letter, *, over_budget: bool = False) -> None:
        """Into the outbox, from an editor that has let go of it; it comes back should the store refuse."""
        parent = None
        if letter.text:
            parent, self._parent_job = self._parent_job, None
            self._begin_anew()
        self._say("")
        several = len(letter.prompts) > 1
        self._leaving = self.session.engine.submit_all(
            [Entry(prompt, parent) for prompt in letter.prompts],
            template=letter.text if several else None,
            at_once=letter.at_once,
            over_budget=over_budget,
        )
        self._leaving.add_done_callback(partial(self.call_later, self._submitted, letter, parent))

    def _submitted(self, letter: _Letter, parent: int | None, future: Future[list[Job]]) -> None:
        if future is self._leaving:
            self._leaving = None
        error = None if future.cancelled() else future.exception()
        if isinstance(error, OverBudget):
            self._give_back(letter.text)
            self._parent_job = parent
            self.app.push_screen(over_budget(error), self._when(letter, over_budget=True))
        elif (why := failure(future, "Not sent.")) is not None:
            if letter.text:
                self._take(letter.text, parent=parent)
            self._say(why)
        else:
            self._mine.update(_numbers(future.result()))
            self._look_at_mine()

    def _look_at_mine(self) -> None:
        """A prompt that was sent from here and is rejected comes back, unless another one is being written."""
        for number in sorted(self._mine):
            job = self.session.store.get(number)
            if job is not None and job.state in (JobState.HELD, JobState.SENDING):
                continue
            self._mine.discard(number)
            if job is not None and job.state is JobState.REJECTED and not self._editor.text:
                self._take(text_of_prompt(job.prompt), parent=job.number)
                self._say(f"Whisul rejected it: {job.message or 'no reason was given'}")


def _numbers(jobs: Sequence[Job]) -> list[int]:
    """Of a large batch nothing is waited for: what is rejected of it stands in the list."""
    return [job.number for job in jobs] if len(jobs) <= 20 else []
