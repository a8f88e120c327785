"""Sending a prompt, in virtual time: what each answer makes of it, and that it is never sent twice by itself."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

import pytest

from tests.jobs.conftest import OpenStore
from tests.jobs.fake_whisul import NotSent, after, never
from tests.jobs.virtual import VirtualClock, run_virtually
from tests.jobs.working import ACCOUNT, at_work, build, fake, until
from whisul_tui.api.client import Accepted
from whisul_tui.api.errors import (
    BadReply,
    ConfigurationProblem,
    KeyMissing,
    KeyRefused,
    Limited,
    NotFound,
    Rejected,
    Unavailable,
)
from whisul_tui.domain import JobState
from whisul_tui.jobs.owners import this_process
from whisul_tui.jobs.poller import Poller
from whisul_tui.jobs.status import Phase
from whisul_tui.storage import JobStore, Owner, StoreFull

DEAD = Owner(this_process().host, 2**22 + 1, 1.0)  # over every pid that Linux gives


@pytest.mark.parametrize(
    ("answer", "state", "says"),
    [
        (Rejected("The prompt is too short."), JobState.REJECTED, "too short"),
        (NotFound("This address takes no songs (404)."), JobState.REJECTED, "takes no songs"),
        (Unavailable(sent=True, status=500), JobState.UNCONFIRMED, "500"),
        (Unavailable(sent=True, reason="it took too long"), JobState.UNCONFIRMED, "took too long"),
        (BadReply("it holds no valid job id"), JobState.UNCONFIRMED, "no valid job id"),
        (ZeroDivisionError("a mistake of ours"), JobState.UNCONFIRMED, "unexpected"),
        (KeyRefused(), JobState.HELD, ""),
    ],
    ids=["400", "404", "500", "time-out", "bad-202", "mistake", "401"],
)
def test_what_an_answer_makes_of_a_prompt(open_store: OpenStore, answer: Exception, state: JobState, says: str) -> None:
    """It is said what happened, and nothing but one request ever leaves for it, however long one waits."""

    async def main(clock: VirtualClock) -> None:
        whisul, client = fake(clock, answers=[answer])
        working = build(open_store(clock), clock, client)
        async with at_work(working):
            number = working.hold()
            await until(lambda: bool(whisul.posts()))
            await asyncio.sleep(7200)
        assert len(whisul.posts()) == 1
        assert working.state(number) is state
        assert says in (working.job(number).message or "")

    run_virtually(main)


@pytest.mark.parametrize(
    "error",
    [
        Unavailable(sent=False, reason="the connection was refused"),
        ConfigurationProblem("The proxy cannot be used."),
        ZeroDivisionError(),
    ],
    ids=["no-connection", "configuration", "mistake"],
)
def test_what_surely_did_not_leave_is_tried_again(open_store: OpenStore, error: Exception) -> None:
    """Held again, and sent 10 to 30 s later."""

    async def main(clock: VirtualClock) -> None:
        whisul, client = fake(clock, answers=[NotSent(error)])
        working = build(open_store(clock), clock, client)
        async with at_work(working):
            number, start = working.hold(), clock()
            await asyncio.sleep(5)
            assert working.state(number) is JobState.HELD
            await until(lambda: working.state(number) is JobState.RUNNING)
            assert 10 <= whisul.posts()[0] - start <= 31
        assert len(whisul.posts()) == 1

    run_virtually(main)


def test_without_a_key_nothing_leaves(open_store: OpenStore) -> None:
    """KeyMissing: held, and the status asks for a key."""

    async def main(clock: VirtualClock) -> None:
        whisul, client = fake(clock, answers=[NotSent(KeyMissing())])
        working = build(open_store(clock), clock, client)
        async with at_work(working):
            number = working.hold()
            await until(lambda: working.monitor.status.phase is Phase.KEY_REFUSED)
            assert "no API key" in working.monitor.status.message
            await asyncio.sleep(600)
        assert working.state(number) is JobState.HELD
        assert not whisul.posts()

    run_virtually(main)


def test_a_gate_that_closes_while_a_prompt_connects_keeps_it(open_store: OpenStore) -> None:
    """The connection takes 2 s; in that time a poll meets a 429: the prompt does not leave before the gate opens."""

    async def main(clock: VirtualClock) -> None:
        whisul, client = fake(clock, connecting=2.0)
        working = build(open_store(clock), clock, client)
        async with at_work(working):
            number = working.hold()
            await until(lambda: number in working.outbox.connecting)
            whisul.answers = [Limited(20.0)]  # a poll's: the prompt comes to ask for an answer later
            working.running(age=60, due_in=0)
            await until(lambda: working.gate().refusals == 1)
            refused_at = clock()
            await until(lambda: working.state(number) is JobState.RUNNING)
        assert whisul.posts()[0] - refused_at >= 20

    run_virtually(main)


def test_a_claim_that_was_lost_is_not_sent(open_store: OpenStore) -> None:
    """Stopped for a minute while it connected: another process has sent it, so this one does not."""

    async def main(clock: VirtualClock) -> None:
        whisul, client = fake(clock, connecting=1.0)
        working = build(open_store(clock), clock, client)
        other = Owner("elsewhere", 7, 7.0)
        async with at_work(working):
            number = working.hold()
            await until(lambda: number in working.outbox.connecting)
            clock.ahead += 61  # as the clock stands when a stopped process goes on
            with working.store.turn() as turn:
                assert turn.claim_submission(number, other, clock())
            assert working.store.leaving(number, other, clock())
            await asyncio.sleep(30)
        assert not whisul.posts()
        assert working.state(number) is JobState.SENDING

    run_virtually(main)


def test_a_claim_that_is_old_is_not_used(open_store: OpenStore) -> None:
    """Stopped between claiming and asking: neither prompt nor poll leaves any more."""

    async def main(clock: VirtualClock) -> None:
        whisul, _ = fake(clock)
        working = build(open_store(clock), clock, lambda: whisul)
        number = working.hold()
        with working.store.turn() as turn:
            assert turn.claim_submission(number, working.passage.terms.owner, clock())
        await working.outbox.send(whisul, number, clock() - 6, probe=False)
        working.running(age=60, due_in=0)
        with working.store.turn() as turn:
            due = turn.most_overdue(ACCOUNT, clock(), 45.0)
        assert due is not None
        await Poller(working.passage).ask(whisul, due, clock() - 3, probe=False)
        assert not whisul.asked
        working.outbox.write_results()
        assert working.store.take_back(number) is not None  # unclaimed again

    run_virtually(main)


def full(_store: JobStore) -> Callable[..., bool]:
    def write(*_args: object, **_kwargs: object) -> bool:
        raise StoreFull("The disk is full.")

    return write


def test_an_accepted_job_that_the_store_cannot_take(open_store: OpenStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """The id is journalled, told, and in the store as soon as it can be; then the journal is empty."""

    async def main(clock: VirtualClock) -> None:
        whisul, client = fake(clock, answers=[Accepted("precious-1")])
        store = open_store(clock)
        journal = store.database.path.with_name("recovery.jsonl")
        working = build(store, clock, client)
        real = store.accepted
        monkeypatch.setattr(store, "accepted", full(store))
        async with at_work(working):
            number = working.hold()
            await until(lambda: working.monitor.status.phase is Phase.STORE_TROUBLE)
            status = working.monitor.status
            assert status.unsaved == ("precious-1",)
            assert "precious-1" in status.message
            assert json.loads(journal.read_text())["job_id"] == "precious-1"
            assert journal.stat().st_mode & 0o777 == 0o600
            await asyncio.sleep(120)
            assert working.state(number) is JobState.SENDING
            monkeypatch.setattr(store, "accepted", real)
            await until(lambda: working.state(number) is JobState.RUNNING, 20)
            assert working.job(number).job_id == "precious-1"
            await until(lambda: bool(whisul.polls("precious-1")))
        assert journal.read_text() == ""
        assert len(whisul.posts()) == 1

    run_virtually(main)


def test_the_journal_is_read_at_the_next_start(open_store: OpenStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ended with the store still full: the next start takes the job in, before it would be called unconfirmed."""

    async def main(clock: VirtualClock) -> None:
        whisul, client = fake(clock, answers=[Accepted("precious-2")])
        store = open_store(clock)
        first = build(store, clock, client, owner=DEAD)  # seen from the second start, its process is gone
        with monkeypatch.context() as broken:
            broken.setattr(store, "accepted", full(store))
            async with at_work(first):
                number = first.hold()
                await until(lambda: bool(first.outbox.unsaved))
            assert first.monitor.status.unsaved == ("precious-2",)
        assert first.state(number) is JobState.SENDING
        second = build(open_store(clock), clock, client)
        async with at_work(second):
            await until(lambda: second.state(number) is JobState.RUNNING, 5)
        assert second.job(number).job_id == "precious-2"
        assert len(whisul.posts()) == 1

    run_virtually(main)


def test_other_results_wait_for_the_store_too(open_store: OpenStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rejection that cannot be written is tried again until it is."""

    async def main(clock: VirtualClock) -> None:
        whisul, client = fake(clock, answers=[Rejected("Another prompt, please.")])
        store = open_store(clock)
        working = build(store, clock, client)
        real = store.rejected
        monkeypatch.setattr(store, "rejected", full(store))
        async with at_work(working):
            number = working.hold()
            await until(lambda: working.monitor.status.phase is Phase.STORE_TROUBLE)
            monkeypatch.setattr(store, "rejected", real)
            await until(lambda: working.state(number) is JobState.REJECTED, 20)
        assert len(whisul.posts()) == 1

    run_virtually(main)


def test_what_a_dead_process_left(open_store: OpenStore) -> None:
    """Sending by a process that is gone: unconfirmed. Claimed and not left: sent. By a living one: left alone."""

    async def main(clock: VirtualClock) -> None:
        whisul, client = fake(clock)
        working = build(open_store(clock), clock, client)
        sending, claimed, alive = (working.hold(f"song {n}") for n in range(3))
        me = this_process()
        for number, owner in ((sending, DEAD), (claimed, DEAD), (alive, me)):
            with working.store.turn() as turn:
                assert turn.claim_submission(number, owner, clock())
        assert working.store.leaving(sending, DEAD, clock())
        assert working.store.leaving(alive, me, clock())
        async with at_work(working):
            await until(lambda: working.state(claimed) is JobState.RUNNING, 5)
            assert working.state(sending) is JobState.UNCONFIRMED
            assert any(sending in numbers for _, numbers in working.told)
            await asyncio.sleep(60)
            assert working.state(alive) is JobState.SENDING
        assert len(whisul.posts()) == 1

    run_virtually(main)


def test_a_process_that_dies_meanwhile_is_noticed(open_store: OpenStore) -> None:
    """Not only at the start: a prompt that another process had on its way is settled within half a minute."""

    async def main(clock: VirtualClock) -> None:
        _, client = fake(clock)
        working = build(open_store(clock), clock, client)
        async with at_work(working):
            await asyncio.sleep(60)
            number = working.hold(delay=3600)
            assert working.store.release(number)
            with working.store.turn() as turn:
                assert turn.claim_submission(number, DEAD, clock())
            assert working.store.leaving(number, DEAD, clock())
            await until(lambda: working.state(number) is JobState.UNCONFIRMED, 30)

    run_virtually(main)


@pytest.mark.parametrize(
    ("answer", "state"),
    [(after(3.0), JobState.RUNNING), (never, JobState.UNCONFIRMED)],
    ids=["answered-in-time", "given-up"],
)
def test_ending_waits_for_a_prompt_on_its_way(open_store: OpenStore, answer: object, state: JobState) -> None:
    """The answer is waited for; one that does not come makes the job unconfirmed, with the evidence."""

    async def main(clock: VirtualClock) -> None:
        whisul, client = fake(clock, answers=[answer])
        working = build(open_store(clock), clock, client)
        async with at_work(working, patience=4.0):
            number = working.hold()
            await until(lambda: bool(whisul.posts()))
        assert working.state(number) is state
        assert state is JobState.RUNNING or "closed" in (working.job(number).message or "")
        assert whisul.closed

    run_virtually(main)


def test_ending_keeps_what_has_not_left(open_store: OpenStore) -> None:
    """Still connecting when the program ends: the prompt stays held, unclaimed, and the next start sends it."""

    async def main(clock: VirtualClock) -> None:
        whisul, client = fake(clock, connecting=2.0)
        working = build(open_store(clock), clock, client)
        async with at_work(working, patience=4.0):
            number = working.hold()
            await until(lambda: number in working.outbox.connecting)
        assert working.state(number) is JobState.HELD
        assert not whisul.posts()
        again = build(open_store(clock), clock, client)
        async with at_work(again, patience=4.0):
            await until(lambda: again.state(number) is JobState.RUNNING, 10)
        assert len(whisul.posts()) == 1

    run_virtually(main)


def test_a_refused_prompt_is_held_before_the_connection_is_closed_and_nobody_elses(open_store: OpenStore) -> None:
    """A kill in between leaves no doubt; and another process does not find it ready before the gate is closed."""

    async def main(clock: VirtualClock) -> None:
        store = open_store(clock)
        whisul, client = fake(clock, answers=[Limited()])
        working = build(store, clock, client)
        number, other = working.hold(), Owner("elsewhere", 1, 1.0)
        seen: list[tuple[JobState, int | None, float]] = []

        async def submit(prompt: str, *, on_refused: Callable[[], None], **more: object) -> Accepted:
            def refused() -> None:
                on_refused()
                with store.turn() as turn:
                    ready = turn.ready_submission(ACCOUNT, clock() + 4.9, other)
                    seen.append((working.state(number), ready, turn.gate(ACCOUNT).until))

            return await type(whisul).submit(whisul, prompt, on_refused=refused, **more)  # type: ignore[arg-type]

        whisul.submit = submit  # type: ignore[assignment, method-assign]
        with store.turn() as turn:
            assert turn.claim_submission(number, working.passage.terms.owner, clock())
        await working.outbox.send(whisul, number, clock(), probe=False)
        assert seen == [(JobState.HELD, None, 0.0)]
        working.outbox.write_results()
        with store.turn() as turn:
            assert turn.ready_submission(ACCOUNT, clock() + 4.9, other) is None
            assert turn.ready_submission(ACCOUNT, clock() + 5.0, other) == number

    run_virtually(main)
