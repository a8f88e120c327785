"""One submission at a time, each of its steps watched: what the gate is told, what the store, and as whose."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.jobs.conftest import OpenStore
from tests.jobs.fake_whisul import FakeWhisul, NotSent, never
from tests.jobs.virtual import VirtualClock, run_virtually
from tests.jobs.working import ACCOUNT, Working, build, fake
from whisul_tui.api.client import Accepted
from whisul_tui.api.errors import BadReply, KeyRefused, Limited, Rejected, Unavailable
from whisul_tui.domain import JobState
from whisul_tui.domain.gate import Gate
from whisul_tui.jobs.gate_rules import Answer, Answered
from whisul_tui.storage import Owner, StoreFull

STEPS = ("accepted", "held_again", "unconfirmed", "rejected", "let_go")


@dataclass
class Watched:
    """A submission that is claimed and not sent yet, and what happens to it."""

    working: Working
    whisul: FakeWhisul
    number: int
    entered: list[tuple[Answer | None, bool]] = field(default_factory=list)
    steps: list[tuple[str, Owner | None]] = field(default_factory=list)
    durable: list[bool] = field(default_factory=list)

    async def send(self, *, age: float = 0.0, probe: bool = True) -> None:
        """Sends it, as a probe or not, claimed so many seconds ago."""
        await self.working.outbox.send(self.whisul, self.number, self.working.clock() - age, probe=probe)

    def settle(self) -> JobState:
        """Has the store take what it did not yet, and gives the state."""
        self.working.outbox.write_results()
        return self.working.state(self.number)

    @property
    def kinds(self) -> list[tuple[Answered | None, bool]]:
        return [(answer.kind if answer else None, probe) for answer, probe in self.entered]


def watched(open_store: OpenStore, clock: VirtualClock, *answers: object, **more: Any) -> Watched:
    whisul, client = fake(clock, answers=list(answers), connecting=0.3)
    working = build(open_store(clock), clock, client, **more)
    number = working.hold()
    owner = working.passage.terms.owner
    with working.store.turn() as turn:
        assert turn.claim_submission(number, owner, clock())
    seen = Watched(working, whisul, number)
    enter, turn_of = working.passage.enter, working.passage.turn

    def entering(answer: Answer | None, *, probe: bool = False, write: Callable[[], object] | None = None) -> None:
        seen.entered.append((answer, probe))
        enter(answer, probe=probe, write=write)

    def turning(*, durable: bool = False) -> Any:
        seen.durable.append(durable)
        return turn_of(durable=durable)

    def stepping(name: str, step: Callable[..., bool]) -> Callable[..., bool]:
        def take(*args: Any, owner: Owner | None = None, **more: Any) -> bool:
            seen.steps.append((name, owner))
            return step(*args, owner=owner, **more)

        return take

    working.passage.enter = entering  # type: ignore[method-assign]
    working.passage.turn = turning  # type: ignore[method-assign]
    for name in STEPS:
        setattr(working.store, name, stepping(name, getattr(working.store, name)))
    return seen


@pytest.mark.parametrize(
    ("answer", "kind", "steps", "state"),
    [
        (None, Answered.SERVED, ["accepted"], JobState.RUNNING),
        (Rejected("Too short."), Answered.SERVED, ["rejected"], JobState.REJECTED),
        (Limited(7.0), Answered.LIMITED, ["held_again", "held_again"], JobState.HELD),
        (KeyRefused(), Answered.KEY_REFUSED, ["held_again"], JobState.HELD),
        (Unavailable(sent=True, status=502), Answered.FAILED, ["unconfirmed"], JobState.UNCONFIRMED),
        (NotSent(Unavailable(sent=False, reason="x")), Answered.UNREACHED, ["held_again"], JobState.HELD),
        (NotSent(ZeroDivisionError()), Answered.FAILED, ["held_again"], JobState.HELD),
        (ZeroDivisionError(), Answered.FAILED, ["unconfirmed"], JobState.UNCONFIRMED),
    ],
    ids=["202", "400", "429", "401", "502", "refused", "mistake before", "mistake after"],
)  # fmt: skip
def test_the_gate_hears_each_outcome_as_the_probes_and_each_step_is_the_claimants(
    open_store: OpenStore, answer: object, kind: Answered, steps: list[str], state: JobState
) -> None:
    async def main(clock: VirtualClock) -> None:
        seen = watched(open_store, clock, answer)
        before = clock()
        await seen.send()
        assert seen.settle() is state
        assert seen.kinds == [(kind, True)]
        assert seen.steps == [(step, seen.working.passage.terms.owner) for step in steps]
        heard = seen.entered[0][0]
        assert heard is not None
        left = 0.3 if not isinstance(answer, NotSent) else heard.sent_at - before
        assert heard.sent_at - before == pytest.approx(left)
        assert seen.working.outbox.connecting == set()
        told = [numbers for _, numbers in seen.working.told]
        assert (frozenset({seen.number}) in told) is not isinstance(answer, NotSent)
        assert seen.durable[:1] == ([] if isinstance(answer, NotSent) else [True])

    run_virtually(main)


def test_a_silence_that_whisul_asks_for_is_handed_on(open_store: OpenStore) -> None:
    async def main(clock: VirtualClock) -> None:
        seen = watched(open_store, clock, Accepted("job-1", pause=30.0))
        await seen.send()
        heard = seen.entered[0][0]
        assert heard is not None
        assert (heard.kind, heard.pause) == (Answered.SERVED, 30.0)

    run_virtually(main)


@pytest.mark.parametrize(
    ("gate", "probe", "leaves"),
    [
        (Gate(), False, True),
        (Gate(half=True), True, True),
        (Gate(half=True), False, False),
        (Gate(until=4e9), True, False),
        (Gate(refused_key=True), True, False),
    ],
    ids=["open", "half, the probe", "half, another", "closed", "refused key"],
)
def test_the_gate_is_looked_at_once_more_before_it_leaves(
    open_store: OpenStore, gate: Gate, probe: bool, leaves: bool
) -> None:
    async def main(clock: VirtualClock) -> None:
        seen = watched(open_store, clock)
        with seen.working.store.turn() as turn:
            turn.save_gate(ACCOUNT, gate)
        await seen.send(probe=probe)
        assert len(seen.whisul.posts()) == leaves
        assert seen.settle() is (JobState.RUNNING if leaves else JobState.HELD)

    run_virtually(main)


def test_cancelled_while_it_connects_it_lets_its_claim_go(open_store: OpenStore) -> None:
    async def main(clock: VirtualClock) -> None:
        seen = watched(open_store, clock)
        sending = asyncio.ensure_future(seen.send())
        await asyncio.sleep(0.1)
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending
        assert seen.settle() is JobState.HELD
        assert seen.steps == [("let_go", seen.working.passage.terms.owner)]
        assert seen.kinds == [(None, True)]

    run_virtually(main)


@pytest.mark.parametrize(("age", "leaves"), [(5.0, True), (5.01, False)])
def test_a_claim_that_is_five_seconds_old_is_not_used_any_more(open_store: OpenStore, age: float, leaves: bool) -> None:
    async def main(clock: VirtualClock) -> None:
        seen = watched(open_store, clock)
        await seen.send(age=age)
        assert len(seen.whisul.posts()) == leaves
        if not leaves:
            assert seen.settle() is JobState.HELD
            assert (seen.kinds, seen.steps) == ([(None, True)], [("let_go", seen.working.passage.terms.owner)])

    run_virtually(main)


@pytest.mark.parametrize(("running", "leaves"), [(1, True), (2, False)])
def test_no_more_than_the_user_allows_are_let_go(open_store: OpenStore, running: int, leaves: bool) -> None:
    async def main(clock: VirtualClock) -> None:
        seen = watched(open_store, clock, max_in_flight=2)
        for number in range(running):
            seen.working.running(f"job-{number}")
        seen.steps.clear()
        await seen.send()
        assert len(seen.whisul.posts()) == leaves
        assert seen.settle() is (JobState.RUNNING if leaves else JobState.HELD)

    run_virtually(main)


@pytest.mark.parametrize(
    ("after", "steps", "state", "message"),
    [
        (0.1, ["let_go"], JobState.HELD, None),
        (0.5, ["unconfirmed"], JobState.UNCONFIRMED,
         "whisul-tui was closed after the prompt had left and before the answer came."),
    ],
    ids=["before it left", "after it left"],
)  # fmt: skip
def test_cancelled(open_store: OpenStore, after: float, steps: list[str], state: JobState, message: str | None) -> None:
    async def main(clock: VirtualClock) -> None:
        seen = watched(open_store, clock, never)
        task = asyncio.create_task(seen.send())
        await asyncio.sleep(after)
        assert seen.working.outbox.connecting == ({seen.number} if after < 0.3 else set())
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert seen.working.outbox.connecting == set()
        assert seen.settle() is state
        assert seen.working.job(seen.number).message == message
        assert seen.kinds == [(None, True)]
        assert seen.steps == [(step, seen.working.passage.terms.owner) for step in steps]

    run_virtually(main)


def test_a_store_that_cannot_note_the_leaving_keeps_the_prompt_and_is_told(
    open_store: OpenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def main(clock: VirtualClock) -> None:
        seen = watched(open_store, clock)

        def full(*_: object) -> bool:
            raise StoreFull("The disk is full.")

        monkeypatch.setattr(seen.working.store, "leaving", full)
        with pytest.raises(StoreFull):
            await seen.send()
        assert seen.whisul.posts() == []
        assert seen.kinds == [(None, True)]
        assert seen.settle() is JobState.HELD
        assert seen.steps == [("held_again", seen.working.passage.terms.owner)]

    run_virtually(main)


def test_a_mistake_after_it_left_and_a_long_reason_are_evidence(open_store: OpenStore) -> None:
    async def main(clock: VirtualClock) -> None:
        seen = watched(open_store, clock, ZeroDivisionError())
        await seen.send()
        seen.settle()
        told = seen.working.job(seen.number).message
        assert told == "The prompt had left when something unexpected happened; see the log."
        seen = watched(open_store, clock, BadReply("x" * 900))
        await seen.send()
        seen.settle()
        assert len(seen.working.job(seen.number).message or "") == 500

    run_virtually(main)


@pytest.mark.parametrize("same", [True, False])
def test_an_id_for_a_row_that_is_not_ours_any_more_is_logged_unless_it_is_there(
    open_store: OpenStore, caplog: pytest.LogCaptureFixture, same: bool
) -> None:
    async def main(clock: VirtualClock) -> None:
        seen = watched(open_store, clock, Accepted("job-1"))
        task = asyncio.create_task(seen.send())
        await asyncio.sleep(0.35)
        with (
            seen.working.store.database.write() as connection
        ):  # another process took it for dead, and the user told the id
            connection.execute(
                "UPDATE jobs SET state = 'running', job_id = ?, claim_pid = 1", ("job-1" if same else "job-2",)
            )
        with caplog.at_level(logging.ERROR):
            await task
        assert ("is in another state" in caplog.text) is not same

    run_virtually(main)


def test_an_id_for_a_row_that_is_gone_is_logged(open_store: OpenStore, caplog: pytest.LogCaptureFixture) -> None:
    async def main(clock: VirtualClock) -> None:
        seen = watched(open_store, clock, Accepted("job-1"))
        task = asyncio.create_task(seen.send())
        await asyncio.sleep(0.35)
        with seen.working.store.database.write() as connection:
            connection.execute("DELETE FROM jobs")
        with caplog.at_level(logging.ERROR):
            await task
        assert "is in another state" in caplog.text

    run_virtually(main)


def test_the_journal_is_looked_at_again_only_after_something_went_into_it(
    open_store: OpenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def main(clock: VirtualClock) -> None:
        seen = watched(open_store, clock)
        looked: list[int] = []
        box = seen.working.outbox
        assert box.closing is False
        monkeypatch.setattr(box, "recover", lambda: looked.append(1))
        box.write_results()
        assert looked == []
        right = seen.working.store.accepted

        def full(*_: object, **__: object) -> bool:
            raise StoreFull("The disk is full.")

        monkeypatch.setattr(seen.working.store, "accepted", full)
        await seen.send()
        assert box.unsaved
        monkeypatch.setattr(seen.working.store, "accepted", right)
        box.write_results()
        box.write_results()
        assert looked == [1]
        assert box.unsaved == ()

    run_virtually(main)


def test_lines_that_fit_no_job_are_told(open_store: OpenStore, caplog: pytest.LogCaptureFixture) -> None:
    async def main(clock: VirtualClock) -> None:
        seen = watched(open_store, clock)
        with caplog.at_level(logging.ERROR):
            seen.working.outbox.recover()
            assert caplog.text == ""
            path = seen.working.store.database.path.with_name("recovery.jsonl")
            path.write_text('{"client_id": "nobody", "job_id": "job-9", "at": 1.0}\n')
            seen.working.outbox.recover()
        assert "1 lines of recovery.jsonl fit no job" in caplog.text

    run_virtually(main)
