"""The store as screens read it: trouble is told once and shown in the header, and never ends the program.

What screens change goes through the engine, whose futures hand its errors over; reads are all here.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from whisul_tui.domain import Job, JobState
from whisul_tui.domain.budget import Spent
from whisul_tui.storage.drafts import Drafts, PastPrompt, PromptHistory
from whisul_tui.storage.errors import StoreError
from whisul_tui.storage.jobs import JobStore
from whisul_tui.storage.kept import Kept
from whisul_tui.storage.kinship import Kin
from whisul_tui.storage.windows import Looked, View, Windows

if TYPE_CHECKING:
    from whisul_tui.session import Session
    from whisul_tui.storage.database import Database

Value = TypeVar("Value")
_REMEMBERED = 32


@dataclass(slots=True)
class Reading:
    """Whether the store can be read: `trouble` is the sentence of the last read that failed, "" since one went well.

    While it cannot, a question is answered as it was the last time, so that the screens keep what they show.
    """

    tell: Callable[[str], None] = lambda _: None
    trouble: str = ""
    _last: OrderedDict[object, object] = field(default_factory=OrderedDict)

    def ask(self, question: object, read: Callable[[], Value], otherwise: Value) -> Value:
        """What `read` gives, else its last answer to this (hashable) question, else `otherwise`."""
        try:
            value = read()
        except StoreError as error:
            if str(error) != self.trouble:
                self.trouble = str(error)
                self.tell(self.trouble)
            return self._last.get(question, otherwise)  # type: ignore[return-value]  # as the same question had it
        self.trouble = ""
        self._last[question] = value
        self._last.move_to_end(question)
        if len(self._last) > _REMEMBERED:
            self._last.popitem(last=False)
        return value


def calm(session: Session, reading: Reading) -> Session:
    """The same session, its reads calmed."""
    database = session.database
    return replace(
        session,
        store=_CalmStore(database, reading),
        windows=_CalmWindows(database, reading),
        drafts=_CalmDrafts(database, reading),
        history=_CalmHistory(database, reading),
    )


class _CalmStore(JobStore):
    def __init__(self, database: Database, reading: Reading) -> None:
        super().__init__(database)
        get, same, counts = self.get, self.same_prompt_since, self.counts
        usual = self.usual_seconds

        def calm_get(number: int) -> Job | None:
            return reading.ask(("get", number), lambda: get(number), None)

        def calm_same(prompt: str, account: str, since: float) -> Job | None:
            return reading.ask(("same", prompt, account, since), lambda: same(prompt, account, since), None)

        def calm_counts() -> dict[JobState, int]:
            return reading.ask("counts", counts, {})

        def calm_usual(account: str) -> tuple[float, float] | None:
            return reading.ask(("usual", account), lambda: usual(account), None)

        spent, waiting, paused = self.spent, self.waiting, self.paused

        def calm_spent(account: str, now: float) -> Spent:
            return reading.ask(("spent", account), lambda: spent(account, now), Spent())

        def calm_waiting(account: str, limit: int = 1_000) -> list[Job]:
            return reading.ask(("waiting", account, limit), lambda: waiting(account, limit), [])

        def calm_paused(account: str | None = None) -> int:
            return reading.ask(("paused", account), lambda: paused(account), 0)

        lineage, members, place = self.lineage, self.family, self.place_in_family

        def calm_lineage(number: int) -> list[Kin]:
            return reading.ask(("lineage", number), lambda: lineage(number), [])

        def calm_family(family: int) -> list[Job]:
            return reading.ask(("family", family), lambda: members(family), [])

        def calm_place(number: int, family: int) -> tuple[int, int]:
            return reading.ask(("place in", number, family), lambda: place(number, family), (0, 0))

        self.lineage, self.family, self.place_in_family = calm_lineage, calm_family, calm_place
        self.spent, self.waiting, self.paused = calm_spent, calm_waiting, calm_paused
        self.kept = _CalmKept(database, reading)
        self.get, self.same_prompt_since, self.counts = calm_get, calm_same, calm_counts
        self.usual_seconds = calm_usual
        self._calm_open(reading)
        self._calm_marks(reading)

    def _calm_open(self, reading: Reading) -> None:
        open_jobs, open_states = self.open_jobs, self.open_states

        def calm_open_jobs(limit: int = 2_000) -> list[Job]:
            return reading.ask(("open", limit), lambda: open_jobs(limit), [])

        def calm_open_states() -> dict[int, JobState]:
            return reading.ask("open states", open_states, {})

        self.open_jobs, self.open_states = calm_open_jobs, calm_open_states

    def _calm_marks(self, reading: Reading) -> None:
        known, forgotten = self.known_tags, self.last_forgotten

        def calm_known_tags() -> dict[str, int]:
            return reading.ask("tags", known, {})

        def calm_last_forgotten() -> list[int]:
            return reading.ask("forgotten", forgotten, [])

        self.known_tags, self.last_forgotten = calm_known_tags, calm_last_forgotten


class _CalmKept(Kept):
    def __init__(self, database: Database, reading: Reading) -> None:
        super().__init__(database)
        self._reading = reading

    def text(self, kind: str, name: str) -> str | None:
        return self._reading.ask(("kept", kind, name), partial(super().text, kind, name), None)

    def texts(self, kind: str) -> dict[str, str]:
        return self._reading.ask(("kept", kind), partial(super().texts, kind), {})


class _CalmWindows(Windows):
    def __init__(self, database: Database, reading: Reading) -> None:
        super().__init__(database)
        self._reading = reading

    def revision(self) -> int:
        return self._reading.ask("revision", super().revision, 0)

    def total(self, view: View) -> int:
        return self._reading.ask(("total", view), lambda: Windows.total(self, view), 0)

    def is_whole(self, view: View) -> bool:
        return self._reading.ask(("whole", view), lambda: Windows.is_whole(self, view), True)

    def glance(self, view: View, keep: int | None) -> bool:
        return self._reading.ask(("glance", view), lambda: Windows.glance(self, view, keep), True)

    def take(self, looked: Looked) -> bool:
        return self._reading.ask("take", lambda: Windows.take(self, looked), False)

    def rows(self, view: View, offset: int, limit: int) -> list[Job]:
        return self._reading.ask(("rows", view, offset, limit), lambda: Windows.rows(self, view, offset, limit), [])

    def index_of(self, view: View, number: int) -> int | None:
        return self._reading.ask(("place", view, number), lambda: Windows.index_of(self, view, number), None)

    def numbers(self, view: View, limit: int) -> list[int]:
        return self._reading.ask(("numbers", view, limit), lambda: Windows.numbers(self, view, limit), [])


class _CalmDrafts(Drafts):
    def __init__(self, database: Database, reading: Reading) -> None:
        super().__init__(database)
        self._reading = reading

    def load(self, slot: str) -> str:
        return self._reading.ask(("draft", slot), lambda: Drafts.load(self, slot), "")


class _CalmHistory(PromptHistory):
    def __init__(self, database: Database, reading: Reading) -> None:
        super().__init__(database)
        self._reading = reading

    def recent(self, limit: int = 50, search: str = "") -> list[PastPrompt]:
        return self._reading.ask(("past", limit, search), lambda: PromptHistory.recent(self, limit, search), [])

    def candidates(self, search: str, limit: int = 200) -> list[PastPrompt]:
        return self._reading.ask(
            ("candidates", limit, search), lambda: PromptHistory.candidates(self, search, limit), []
        )
