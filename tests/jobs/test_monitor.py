"""The loop, in virtual time: a real store, a Whisul that answers as told."""

from __future__ import annotations

import asyncio
import itertools

import pytest

from tests.jobs.conftest import OpenStore
from tests.jobs.fake_whisul import COMPLETED, NotSent, after, never
from tests.jobs.virtual import VirtualClock, run_virtually
from tests.jobs.working import ACCOUNT, at_work, build, fake, until
from whisul_tui.api.client import JobReport
from whisul_tui.api.errors import BadReply, KeyRefused, Limited, NotFound, Unavailable
from whisul_tui.domain import JobState
from whisul_tui.jobs.dispatch import Plan
from whisul_tui.jobs.gate_rules import key_changed
from whisul_tui.jobs.rhythm import Rhythm
from whisul_tui.jobs.status import Phase
from whisul_tui.storage import StoreBusy, StoreError


def gaps(moments: list[float]) -> list[float]:
    return [later - earlier for earlier, later in itertools.pairwise(moments)]


def test_polls_at_two_speeds_until_the_end(open_store: OpenStore) -> None:
    """First at 10 s, every 10 s until 45 s old, then 5 s after each answer; the end is written with its song."""

    async def main(clock: VirtualClock) -> None:
        whisul, client = fake(clock)
        working = build(open_store(clock), clock, client)
        async with at_work(working):
            number, start = working.running(), clock()
            await asyncio.sleep(70)
            whisul.answers = [COMPLETED]
            await until(lambda: working.state(number) is JobState.COMPLETED)
        waits = gaps([start, *whisul.polls()])
        assert all(9.7 <= wait <= 10.0 for wait in waits[:4]), waits
        assert all(5.0 <= wait <= 5.2 for wait in waits[5:]), waits
        assert {number} in [numbers for _, numbers in working.told[-3:]]
        assert whisul.closed

    run_virtually(main)


def test_a_prompt_goes_from_held_to_running(open_store: OpenStore) -> None:
    """The undo delay is kept; *sending* stands in the store before bytes leave, and the id when they are answered."""

    async def main(clock: VirtualClock) -> None:
        whisul, client = fake(clock, connecting=0.3, latency=0.5)
        working = build(open_store(clock), clock, client)
        async with at_work(working):
            number, start = working.hold(delay=3.0), clock()
            await asyncio.sleep(2.9)
            assert working.state(number) is JobState.HELD
            assert working.monitor.status.phase is Phase.POLLING
            await until(lambda: bool(whisul.posts()))
            assert whisul.posts()[0] - start == pytest.approx(3.3, abs=0.1)
            assert working.state(number) is JobState.SENDING
            await until(lambda: working.state(number) is JobState.RUNNING)
            job = working.job(number)
            assert job.job_id == f"job-{job.client_id}"
            await until(lambda: bool(whisul.polls()))
            assert whisul.polls()[0] - whisul.posts()[0] == pytest.approx(10.25, abs=0.2)
        assert {number} in [numbers for _, numbers in working.told]

    run_virtually(main)


def test_waits_after_refusals(open_store: OpenStore) -> None:
    """5 10 20 40 60 60 s, each at most a tenth longer; then the job goes on as before. Submissions wait too."""

    async def main(clock: VirtualClock) -> None:
        whisul, client = fake(clock)
        working = build(open_store(clock), clock, client)
        async with at_work(working):
            working.running(age=60, due_in=0)
            working.running("job-2", age=60, due_in=1)
            await asyncio.sleep(60)  # so that there is a pace to be learnt
            whisul.asked.clear()
            whisul.answers = [Limited() for _ in range(6)]
            await until(lambda: working.monitor.status.phase is Phase.LIMITED)
            number = working.hold()
            await until(lambda: len(whisul.asked) == 7)
            status = working.monitor.status
            assert status.phase is Phase.LIMITED
            assert status.message
            await until(lambda: working.state(number) is JobState.RUNNING)
        waits = gaps([asked.at for asked in whisul.asked])[:6]
        for wait, asked in zip((5, 10, 20, 40, 60, 60), waits, strict=True):
            assert wait <= asked <= 1.1 * wait + 0.3, waits
        assert working.gate().refusals == 0

    run_virtually(main)


def test_a_refused_prompt_is_held_and_sent_once_more(open_store: OpenStore) -> None:
    """429 with Retry-After on a POST: held again for that long, then sent; the account's polls wait with it."""

    async def main(clock: VirtualClock) -> None:
        whisul, client = fake(clock, answers=[Limited(90.0)])
        working = build(open_store(clock), clock, client)
        async with at_work(working):
            number = working.hold()
            working.running(age=60, due_in=5)
            await until(lambda: len(whisul.posts()) == 1)
            await until(lambda: working.state(number) is JobState.HELD)
            await until(lambda: working.state(number) is JobState.RUNNING)
        first, second = (asked.at for asked in whisul.asked[:2])
        assert 90 <= second - first <= 99.5
        assert len(whisul.posts()) == 2

    run_virtually(main)


def test_failures_are_tried_again_after_a_while(open_store: OpenStore) -> None:
    """5xx, an answer that is no answer, and a lost connection: the same job again after 10 to 30 s."""

    async def main(clock: VirtualClock) -> None:
        whisul, client = fake(clock)
        working = build(open_store(clock), clock, client)
        whisul.answers = [
            Unavailable(sent=True, status=500),
            JobReport(JobState.RUNNING),
            BadReply("it is no JSON"),
            JobReport(JobState.RUNNING, remote_status="mastering"),
            Unavailable(sent=True, reason="it took too long"),
            COMPLETED,
        ]
        async with at_work(working):
            number = working.running(age=60, due_in=0)
            await until(lambda: working.state(number) is JobState.COMPLETED)
        waits = gaps(whisul.polls())
        assert all(10 <= wait <= 30.5 for wait in waits[0::2]), waits
        assert all(5 <= wait <= 5.5 for wait in waits[1::2]), waits

    run_virtually(main)


def test_an_outage_is_probed(open_store: OpenStore) -> None:
    """Twenty jobs and nothing answers for five minutes: about one request per 10 to 30 s, and all go on afterwards."""

    async def main(clock: VirtualClock) -> None:
        whisul, client = fake(clock)
        working = build(open_store(clock), clock, client)
        whisul.answers = [Unavailable(sent=False, reason="its name could not be found")] * 25
        async with at_work(working):
            for number in range(20):
                working.running(f"job-{number}", age=60, due_in=0)
            await until(lambda: working.monitor.status.phase is Phase.OFFLINE)
            assert "name could not be found" in working.monitor.status.message
            await until(lambda: len(whisul.asked) > 60, 3600)
            assert working.monitor.status.phase is Phase.POLLING
        outage = [asked.at for asked in whisul.asked[:25]]
        assert all(gap >= 10 for gap in gaps(outage[4:])), gaps(outage)

    run_virtually(main)


def test_a_refused_key_stops_everything(open_store: OpenStore) -> None:
    """401: nothing leaves any more, jobs wait, until there is another key."""

    async def main(clock: VirtualClock) -> None:
        whisul, client = fake(clock, answers=[KeyRefused()])
        working = build(open_store(clock), clock, client)
        async with at_work(working):
            running = working.running(age=60, due_in=0)
            await until(lambda: working.monitor.status.phase is Phase.KEY_REFUSED)
            held = working.hold()
            await asyncio.sleep(600)
            assert len(whisul.asked) == 1
            assert (working.state(running), working.state(held)) == (JobState.RUNNING, JobState.HELD)
            with working.passage.turn() as opened:
                opened.gate = key_changed(opened.gate, clock())
            working.monitor.nudge()
            await until(lambda: working.state(held) is JobState.RUNNING, 5)
            await until(lambda: len(whisul.polls()) >= 2, 5)

    run_virtually(main)


@pytest.mark.parametrize(("age", "asked"), [(5.0, 3), (3600.0, 1)])
def test_an_unknown_job_expires(open_store: OpenStore, age: float, asked: int) -> None:
    """404: terminal at once for an old job; a young one is doubted twice, 5 s apart at least."""

    async def main(clock: VirtualClock) -> None:
        whisul, client = fake(clock, answers=[NotFound() for _ in range(5)])
        working = build(open_store(clock), clock, client)
        async with at_work(working):
            number = working.running(age=age, due_in=0)
            await until(lambda: working.state(number) is JobState.EXPIRED)
            await asyncio.sleep(60)
        assert len(whisul.polls()) == asked
        assert all(gap >= 5 for gap in gaps(whisul.polls()))
        assert "expired" in (working.job(number).message or "")

    run_virtually(main)


def test_at_most_four_in_flight_and_a_place_is_kept_for_polls(open_store: OpenStore) -> None:
    """Ten prompts that all hang: three leave, and the running job is still asked in time."""

    async def main(clock: VirtualClock) -> None:
        whisul, client = fake(clock)
        whisul.answers = [never] * 3
        working = build(open_store(clock), clock, client)
        async with at_work(working):
            for number in range(10):
                working.hold(f"song {number}")
            await until(lambda: len(whisul.posts()) == 3)
            working.running(age=60, due_in=0)
            await asyncio.sleep(30)
        assert len(whisul.posts()) == 3
        assert all(5 <= gap <= 5.2 for gap in gaps(whisul.polls()))
        assert len(whisul.polls()) >= 5

    run_virtually(main)


def test_as_many_jobs_at_once_as_the_user_allows(open_store: OpenStore) -> None:
    """max_in_flight 2: two run, the third leaves when one of them has ended."""

    async def main(clock: VirtualClock) -> None:
        whisul, client = fake(clock, connecting=0.5)
        working = build(open_store(clock), clock, client, max_in_flight=2)
        async with at_work(working):
            numbers = [working.hold(f"song {n}") for n in range(3)]
            await asyncio.sleep(60)
            assert [working.state(n) for n in numbers] == [JobState.RUNNING, JobState.RUNNING, JobState.HELD]
            whisul.answers = [COMPLETED]
            await until(lambda: working.state(numbers[2]) is JobState.RUNNING, 60)
            assert len(whisul.posts()) == 3

    run_virtually(main)


def test_a_slow_poll_stays_claimed(open_store: OpenStore) -> None:
    """An answer that takes 25 s: nobody, ourselves included, asks for the job meanwhile."""

    async def main(clock: VirtualClock) -> None:
        whisul, client = fake(clock, answers=[after(25.0)])
        one, other = (build(open_store(clock), clock, client) for _ in range(2))
        async with at_work(one), at_work(other):
            one.running(age=60, due_in=0)
            await asyncio.sleep(60)
        assert whisul.polls()[1] - whisul.polls()[0] == pytest.approx(30.2, abs=0.3)

    run_virtually(main)


def test_an_answer_that_comes_to_a_process_that_stood_still(
    open_store: OpenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped for 27 s with a poll under way: another process asked meanwhile and met a failure. The old answer does
    not bring the next poll forward; were it the end of the job, it would count."""

    async def main(clock: VirtualClock) -> None:
        slow, slow_client = fake(clock, answers=[after(27.0)])
        quick, quick_client = fake(clock)
        one = build(open_store(clock), clock, slow_client)
        one.running(age=60, due_in=0)
        async with at_work(one):
            await until(lambda: bool(slow.polls()))
            monkeypatch.setattr(one.monitor._dispatcher, "plan", lambda _quiet: Plan())  # it stands still
            other = build(open_store(clock), clock, quick_client)
            async with at_work(other):
                await asyncio.sleep(22)
                assert len(quick.polls()) >= 2
                quick.answers = [Unavailable(sent=True, status=500)]
                await until(lambda: not quick.answers)
                failed_at, asked = clock(), len(quick.polls())
                assert one.monitor._dispatcher.flights
                await until(lambda: not one.monitor._dispatcher.flights)
                with one.passage.turn():
                    pass
                await until(lambda: len(quick.polls()) > asked)
                assert quick.polls()[-1] - failed_at >= 9.9

    run_virtually(main)


def test_store_trouble_is_told_and_outlived(open_store: OpenStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy store: the status says so, the loop goes on, and so do the jobs when the trouble is over."""

    async def main(clock: VirtualClock) -> None:
        whisul, client = fake(clock)
        store = open_store(clock)
        working = build(store, clock, client)
        async with at_work(working):
            working.running(age=60, due_in=0)
            await until(lambda: bool(whisul.polls()))
            real = store.database.write

            def busy(**_options: object) -> object:
                raise StoreBusy("Another whisul-tui holds the store.")

            monkeypatch.setattr(store.database, "write", busy)
            await until(lambda: working.monitor.status.phase is Phase.STORE_TROUBLE)
            assert "holds the store" in working.monitor.status.message
            await asyncio.sleep(60)
            asked = len(whisul.polls())
            monkeypatch.setattr(store.database, "write", real)
            await until(lambda: len(whisul.polls()) > asked, 20)
            assert working.monitor.status.phase is Phase.POLLING

    run_virtually(main)


def test_an_answer_that_the_store_could_not_take_still_closes_the_gate(
    open_store: OpenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """429 while the store is full: when it can be written again, the gate is closed from the answer on."""

    async def main(clock: VirtualClock) -> None:
        whisul, client = fake(clock, answers=[Limited(30.0)], latency=1.0)
        store = open_store(clock)
        working = build(store, clock, client)
        async with at_work(working):
            working.running(age=60, due_in=0)
            await until(lambda: bool(whisul.polls()))
            real = store.database.write

            def full() -> object:
                raise StoreError("The disk is full.")

            monkeypatch.setattr(store.database, "write", full)
            await asyncio.sleep(8)
            monkeypatch.setattr(store.database, "write", real)
            await until(lambda: working.gate().refusals == 1, 20)
            await until(lambda: len(whisul.polls()) == 2)
        assert 30 <= gaps(whisul.polls())[0] - 1.0 <= 33.1

    run_virtually(main)


def test_a_mistake_of_ours_does_not_end_the_loop(
    open_store: OpenStore, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """An exception that nobody foresaw is logged; after a pause everything goes on."""

    async def main(clock: VirtualClock) -> None:
        whisul, client = fake(clock)
        store = open_store(clock)
        working = build(store, clock, client)
        mistakes = [ZeroDivisionError()]
        real = store.orphaned
        working.monitor._orphans_at = 0.0

        def mistaken(*args: object) -> list[int]:
            if mistakes:
                raise mistakes.pop()
            return real(*args)  # type: ignore[arg-type]  # the real call's own arguments

        monkeypatch.setattr(store, "orphaned", mistaken)
        async with at_work(working):
            number = working.hold()
            await until(lambda: working.state(number) is JobState.RUNNING, 10)
            assert whisul.posts()

    run_virtually(main)
    assert "ZeroDivisionError" in caplog.text


def test_other_processes_writes_are_noticed(open_store: OpenStore) -> None:
    """A job that another process put in the store is seen within two seconds, and subscribers are told."""

    async def main(clock: VirtualClock) -> None:
        whisul, client = fake(clock)
        working = build(open_store(clock), clock, client)
        other = open_store(clock)
        async with at_work(working):
            await asyncio.sleep(20)
            told = len(working.told)
            number = other.hold("from elsewhere", account=ACCOUNT, now=clock(), not_before=clock()).number
            await until(lambda: working.state(number) is JobState.RUNNING, 2.5)
            assert frozenset() in [numbers for _, numbers in working.told[told:]]
            assert len(whisul.posts()) == 1

    run_virtually(main)


@pytest.mark.parametrize("ahead", [3600.0, -3600.0, 20.0, -20.0])
def test_a_clock_that_is_set(open_store: OpenStore, ahead: float) -> None:
    """The wall clock jumps while jobs run: no job is asked within its floor, none waits for long."""

    async def main(clock: VirtualClock) -> None:
        whisul, client = fake(clock)
        whisul.clock = clock.monotonic
        one, other = (build(open_store(clock), clock, client) for _ in range(2))
        async with at_work(one), at_work(other):
            for number in range(4):
                one.running(f"job-{number}", age=60, due_in=number)
            await asyncio.sleep(22.2)
            clock.ahead += ahead
            await asyncio.sleep(60)
        for number in range(4):
            waits = gaps(whisul.polls(f"job-{number}"))
            assert len(waits) >= 9
            assert min(waits) >= 5, waits
            assert max(waits) <= 5 + 10.5, waits

    run_virtually(main)


@pytest.mark.parametrize("ahead", [3600.0, -3600.0, 30.0, -30.0])
def test_a_clock_that_is_set_while_the_gate_is_closed(open_store: OpenStore, ahead: float) -> None:
    """The wait is not shortened, and costs at most one wait more."""

    async def main(clock: VirtualClock) -> None:
        whisul, client = fake(clock, answers=[Limited(40.0)])
        whisul.clock = clock.monotonic
        one, other = (build(open_store(clock), clock, client) for _ in range(2))
        async with at_work(one), at_work(other):
            one.running(age=60, due_in=0)
            await until(lambda: one.gate().refusals == 1)
            await asyncio.sleep(10)
            clock.ahead += ahead
            await until(lambda: len(whisul.polls()) == 2)
        assert 40 <= gaps(whisul.polls())[0] <= 10 + 44 + 10

    run_virtually(main)


def test_polls_are_given_back_at_the_end(open_store: OpenStore) -> None:
    """Ended with a poll under way: the next one may come as soon as the floor allows, not when the claim runs out."""

    async def main(clock: VirtualClock) -> None:
        whisul, client = fake(clock, answers=[never])
        working = build(open_store(clock), clock, client)
        async with at_work(working):
            number = working.running(age=60, due_in=0)
            await until(lambda: bool(whisul.polls()))
        due_at = working.job(number).due_at
        assert due_at is not None
        assert due_at.timestamp() - whisul.polls()[0] == pytest.approx(5.0, abs=0.1)

    run_virtually(main)


def test_the_floor_of_a_poll_given_back_counts_from_the_end(open_store: OpenStore) -> None:
    """Nobody knows when the request arrived: it may have taken its time to connect, and the server counts from then."""

    async def main(clock: VirtualClock) -> None:
        whisul, client = fake(clock, answers=[never])
        working = build(open_store(clock), clock, client)
        async with at_work(working):
            number = working.running(age=60, due_in=0)
            await until(lambda: bool(whisul.polls()))
            await asyncio.sleep(2.0)
        due_at = working.job(number).due_at
        assert due_at is not None
        assert due_at.timestamp() - clock() >= 5.0

    run_virtually(main)


def test_a_probe_that_did_not_leave_holds_nobody_up(open_store: OpenStore) -> None:
    """After a 429 the one probe is a prompt whose connection fails: the gate closes as offline, and opens again."""

    async def main(clock: VirtualClock) -> None:
        whisul, client = fake(clock)
        whisul.answers = [Limited(), NotSent(Unavailable(sent=False, reason="the connection was refused"))]
        working = build(open_store(clock), clock, client)
        async with at_work(working):
            number = working.hold()
            await until(lambda: working.monitor.status.phase is Phase.OFFLINE)
            await until(lambda: working.state(number) is JobState.RUNNING, 60)
        assert len(whisul.posts()) == 2

    run_virtually(main)


def test_asked_by_the_user(open_store: OpenStore) -> None:
    """`r`, pressed again and again: at once if the floor allows, else when it does, counted from the last answer; a
    poll under way is the one that was asked for."""

    async def main(clock: VirtualClock) -> None:
        whisul, client = fake(clock, answers=[after(1.0)])
        working = build(open_store(clock), clock, client)
        async with at_work(working):
            number = working.running()
            await asyncio.sleep(3)
            for _ in range(400):
                working.monitor.ask_now(number)
                working.monitor.nudge()
                await asyncio.sleep(0.05)
        waits = gaps(whisul.polls())
        assert whisul.polls()[0] < clock() - 18
        assert waits[0] == pytest.approx(6.1, abs=0.1)
        assert all(5.1 <= wait <= 5.35 for wait in waits[1:]), waits
        assert not working.monitor.ask_now(4711)

    run_virtually(main)


def test_local_rhythm(open_store: OpenStore) -> None:
    """The local profile's 0.5 and 1 s: floor and ceiling as they say."""

    async def main(clock: VirtualClock) -> None:
        whisul, client = fake(clock, latency=0.005)
        working = build(open_store(clock), clock, client, rhythm=Rhythm(0.5, 1.0))
        async with at_work(working):
            working.running(due_in=1.0)
            await asyncio.sleep(20)
        waits = gaps(whisul.polls())
        assert len(waits) > 25
        assert min(waits) >= 0.5
        assert max(waits) <= 1.0

    run_virtually(main)


def test_a_crowd_is_asked_in_bursts_within_the_ceiling(open_store: OpenStore) -> None:
    """Each round costs the same for one poll as for many; a prompt that is entered meanwhile waits for no burst."""

    async def main(clock: VirtualClock) -> None:
        whisul, client = fake(clock, latency=0.005)
        working = build(open_store(clock), clock, client)
        jobs = [f"job-{n}" for n in range(510)]
        for n, job_id in enumerate(jobs):
            working.running(job_id, age=3600.0, due_in=10 * n / len(jobs))
        async with at_work(working):
            await asyncio.sleep(30.0)
            entered = clock()
            working.hold()
            await until(lambda: bool(whisul.posts()))
            await asyncio.sleep(10.0)
        assert whisul.posts()[0] - entered < 0.06
        for job_id in jobs:
            assert all(5.0 <= gap <= 10.0 for gap in gaps(whisul.polls(job_id)))
        polls = [moment for moment in whisul.polls() if moment < entered]
        assert len(polls) > 2 * len(jobs)
        assert sum(gap > 0.01 for gap in gaps(polls)) < len(polls) / 4

    run_virtually(main)
