"""Windows of rows: compared with a plain list of all jobs, sorted and filtered by Python."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.storage.conftest import ACCOUNT, OWNER, Bring, HandClock
from whisul_tui.domain import Job, JobState, Song
from whisul_tui.storage import Database, JobStore, Sort, View, Windows, matches, ranking, schema

_STARTED = datetime(2026, 11, 22, tzinfo=UTC)
_STATE_ORDER = ["running", "sending", "held", "unconfirmed", "completed", "failed", "rejected", "expired"]


def _value(job: Job, sort: Sort) -> float:
    """The figure of a sort, unknown as -1."""
    elapsed = (job.finished_at - job.started_at).total_seconds() if job.finished_at and job.started_at else None
    figure = {
        Sort.BPM: job.song.bpm if job.song else None,
        Sort.LENGTH: job.song.seconds if job.song else None,
        Sort.ELAPSED: elapsed,
    }[sort]
    return -1.0 if figure is None else figure


def _expected(jobs: list[Job], sort: Sort) -> list[int]:
    newest = sorted(jobs, key=lambda job: -job.number)
    if sort is Sort.OLDEST:
        newest.reverse()
    elif sort is Sort.TITLE:
        newest.sort(key=lambda job: (job.name.casefold(), job.number))
    elif sort is Sort.STATE:
        newest.sort(key=lambda job: _STATE_ORDER.index(job.state))
    elif sort is not Sort.NEWEST:
        newest.sort(key=lambda job: -_value(job, sort))
    return [job.number for job in newest]


@pytest.fixture
def jobs(store: JobStore, bring: Bring) -> list[Job]:
    """Sixty visible jobs in all states, with gaps of forgotten and taken-back ones among them."""
    pick = random.Random(7)
    with store.database.write():  # one commit for all
        for index in range(90):
            state = pick.choice([*JobState, JobState.COMPLETED, JobState.COMPLETED])
            song = Song(
                pick.choice(["Rain", "rain on Neon", "Ärger", "Zebra", None]),
                pick.choice([None, 80.0, 120.0, 120.5]),
                pick.choice([None, 60.0, 180.0]),
            )
            finished = _STARTED + timedelta(seconds=pick.choice([10, 60, 60, 95]))
            number = bring(
                state,
                pick.choice(["alpha", "beta rain", f"gamma {index}"]),
                **({"song": song} if state is JobState.COMPLETED else {}),
                **pick.choice([{}, {"started_at": _STARTED, "finished_at": finished}]),
            )
            if index % 5 == 4:
                assert store.take_back(number) or state is not JobState.HELD
                store.forget([number], 1.0)
    rows = store.database.query("SELECT number FROM jobs WHERE forgotten_at IS NULL")
    found = [job for row in rows if (job := store.get(row[0]))]
    assert len(found) > 60
    assert {job.state for job in found} == set(JobState)
    return found


@pytest.mark.parametrize("search", ["", "rain"])
@pytest.mark.parametrize("state", [None, JobState.FAILED, JobState.COMPLETED])
@pytest.mark.parametrize("sort", Sort)
def test_every_window_of_every_view(
    database: Database,
    jobs: list[Job],
    sort: Sort,
    state: JobState | None,
    search: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ranking, "RUNG", 8)  # several rungs for a few jobs
    windows, view = Windows(database), View(sort, search, state)
    texts = {job.number: f"{job.prompt}\n{job.song.title if job.song else ''}".casefold() for job in jobs}
    shown = [job for job in jobs if state in (None, job.state) and search in texts[job.number]]
    expected = _expected(shown, sort)
    assert windows.total(view) == len(expected)
    assert windows.is_whole(view)
    for offset in range(len(expected) + 2):
        for limit in (1, 7, 100):
            assert [job.number for job in windows.rows(view, offset, limit)] == expected[offset : offset + limit]
    assert [windows.index_of(view, number) for number in expected] == list(range(len(expected)))
    assert windows.numbers(view, 1000) == expected
    assert windows.rows(view, -3, -1) == []
    hidden = {job.number for job in jobs} - set(expected)
    assert all(windows.index_of(view, number) is None for number in [*hidden, 10**6])


def test_a_row_is_the_whole_job(database: Database, jobs: list[Job]) -> None:
    assert Windows(database).rows(View(), 0, 1000) == sorted(jobs, key=lambda job: -job.number)


@pytest.mark.parametrize("sort", Sort)
def test_positions_over_many_blocks(path: Path, clock: HandClock, sort: Sort) -> None:
    """Numbers that lie blocks apart, whole blocks empty: positions are still those of the visible jobs."""
    with Database.open(path, clock=clock) as database:
        store, windows = JobStore(database), Windows(database)
        size = 1 << schema.BLOCK_BITS
        numbers = []
        with database.write() as connection:
            for start in (1, size - 2, 3 * size - 1, 9 * size):
                connection.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = 'jobs'", (start - 1,))
                numbers += [
                    store.hold(f"p{index:02}", account=ACCOUNT, now=clock.now, not_before=clock.now).number
                    for index in range(len(numbers), len(numbers) + 4)
                ]
        assert numbers[4:8] == [size - 2, size - 1, size, size + 1]
        expected = numbers if sort in (Sort.OLDEST, Sort.TITLE) else numbers[::-1]
        assert windows.numbers(View(sort), 100) == expected
        assert [windows.index_of(View(sort), number) for number in expected] == list(range(16))


def test_counts_follow_every_step(store: JobStore, jobs: list[Job]) -> None:
    counts = store.counts()
    assert list(counts) == list(JobState)
    assert counts == {state: sum(job.state is state for job in jobs) for state in JobState}
    truth = "SELECT number >> 11, state, count(*) FROM jobs WHERE forgotten_at IS NULL GROUP BY 1, 2"
    kept = "SELECT block, state, jobs FROM blocks WHERE jobs > 0 ORDER BY 1, 2"
    assert [tuple(row) for row in store.database.query(kept)] == [tuple(row) for row in store.database.query(truth)]


def test_what_is_kept_is_given_up_when_the_store_changes(store: JobStore, bring: Bring, path: Path) -> None:
    windows = Windows(store.database)
    views = [View(Sort.TITLE), View(search="rain"), View(Sort.BPM, "rain"), View(Sort.STATE)]
    first = bring(JobState.RUNNING, "rain a")
    assert [windows.numbers(view, 9) for view in views] == [[first]] * 4
    with Database.open(path) as other:
        second = JobStore(other).hold("rain b", account=ACCOUNT, now=1.0, not_before=1.0).number
    assert [sorted(windows.numbers(view, 9)) for view in views] == [[first, second]] * 4
    store.settled(first, JobState.COMPLETED, 2.0, song=Song("Zulu", 90.0))
    assert windows.numbers(View(Sort.TITLE), 9) == [second, first]
    assert windows.numbers(View(Sort.STATE), 9) == [second, first]
    store.forget([first], 3.0)
    assert [windows.numbers(view, 9) for view in views] == [[second]] * 4
    store.take_back(second)
    assert [windows.total(view) for view in views] == [0] * 4


def test_a_poll_leaves_the_revision_as_it_is(store: JobStore, bring: Bring, clock: HandClock) -> None:
    windows, number = Windows(store.database), bring(JobState.RUNNING)
    before = windows.revision()
    clock.now += 10
    with store.turn() as turn:
        assert turn.claim_poll(number, clock.now, 5)
    store.still_running(number, clock.now, due_at=clock.now + 5)
    assert windows.revision() == before
    store.settled(number, JobState.FAILED, clock.now)
    assert windows.revision() > before


@pytest.mark.parametrize("sort", Sort)
def test_no_order_is_made_by_sorting_or_from_the_whole_table(database: Database, sort: Sort) -> None:
    """SQLite's own plan of every statement of an unsearched view: an index or the number, and no sorter."""
    statements: list[str] = []
    JobStore(database).hold("one", account=ACCOUNT, now=1.0, not_before=1.0)
    database.read().set_trace_callback(statements.append)
    windows = Windows(database)
    for state in (None, JobState.HELD):
        view = View(sort, state=state)
        windows.index_of(view, windows.rows(view, 0, 40)[0].number)
    database.read().set_trace_callback(None)
    looked_at = [sql for sql in statements if "FROM jobs" in sql]
    assert len(looked_at) >= 6
    for sql in looked_at:
        plan = [row["detail"] for row in database.query(f"EXPLAIN QUERY PLAN {sql}")]
        assert not [step for step in plan if "B-TREE" in step or step == "SCAN jobs"], (sql, plan)


def test_a_search_is_cut_off_at_its_limit_and_says_so(database: Database, bring: Bring) -> None:
    numbers = [bring(prompt=f"rain {index}") for index in range(6)]
    windows = Windows(database, search_limit=4)
    for search in ("rain", "ra"):
        assert windows.numbers(View(search=search), 99) == numbers[:1:-1]
        assert windows.numbers(View(Sort.OLDEST, search), 99) == numbers[:4]
        assert windows.total(View(search=search)) == 4
        assert not windows.is_whole(View(search=search))
    assert windows.is_whole(View(search="rain 3"))
    assert windows.is_whole(View())


def test_a_search_out_of_patience_gives_what_it_has(database: Database, store: JobStore, bring: Bring) -> None:
    with database.write():
        newest = [bring(prompt=f"take {index} " + "x" * 500 + "zq") for index in range(400)][-1]
    store.forget([bring(JobState.REJECTED, "q9")], OWNER.started)
    windows = Windows(database, patience=0.0)
    assert not windows.is_whole(View(search="q9"))
    assert windows.total(View(search="q9")) == 0
    found = windows.numbers(View(search="zq"), 999)  # nothing begins with it
    assert 0 < len(found) < 400
    assert found[0] == newest
    assert database.read().execute("SELECT count(*) FROM jobs").fetchone()[0] == 401, "the handler is gone"


@pytest.mark.parametrize("sort", [Sort.NEWEST, Sort.OLDEST])
def test_rare_letters_are_found_however_far_back_they_stand(database: Database, bring: Bring, sort: Sort) -> None:
    """Row by row time is up before they come; the index of words has what begins with them."""
    with database.write():
        wanted = [bring(JobState.COMPLETED, prompt, song=song) for prompt, song in (
            ("Q9 opens it", None), ("the one with q9x in it", None), ("plain", Song(title="so Q9, at last")),
            ("plain too", Song(tags=("fa q9, b",))),
        )]  # fmt: skip
        bring(prompt="q 9")
        for index in range(400):
            bring(prompt=f"take {index} " + "x" * 500)
    windows = Windows(database, patience=0.0)
    expected = wanted if sort is Sort.OLDEST else wanted[::-1]
    assert windows.numbers(View(sort, "q9"), 99) == expected
    assert not windows.is_whole(View(sort, "q9"))
    assert windows.numbers(View(sort, "Q9 plain"), 99) == [number for number in expected if number in wanted[2:]]
    assert windows.numbers(View(sort, "q9 state:failed"), 99) == []
    assert windows.numbers(View(sort, "zq"), 99) == []


def test_the_first_rows_come_before_all_that_is_found(
    database: Database, bring: Bring, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A glance stands for the view until another thread's whole look is taken; a changed store takes none."""
    monkeypatch.setattr(matches, "GLANCE", 5)
    with database.write():
        numbers = [bring(prompt=f"rain {index}") for index in range(12)]
    windows, view = Windows(database, search_limit=10), View(search="rain")
    assert not windows.glance(view, None)
    assert windows.total(view) == 5
    assert windows.numbers(view, 99) == numbers[:-6:-1]
    with ThreadPoolExecutor(1) as pool:
        looked = pool.submit(windows.whole_look, view).result()
        assert windows.take(looked)
        assert windows.numbers(view, 99) == numbers[:1:-1]
        assert not windows.is_whole(view)  # the limit is ten
        bring(prompt="rain again")
        assert not windows.take(looked)


def test_a_glance_that_is_enough_is_all(database: Database, bring: Bring, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where few are found, where it is to be sorted, and where the job under the cursor is found further down."""
    monkeypatch.setattr(matches, "GLANCE", 5)
    with database.write():
        numbers = [bring(prompt=f"rain {index}") for index in range(12)]
    windows = Windows(database)
    assert windows.glance(View(search="rain 11"), None)
    assert windows.glance(View(), None)
    assert windows.glance(View(Sort.TITLE, "rain"), None)
    assert windows.numbers(View(Sort.OLDEST, "ra"), 99) == numbers
    assert not windows.glance(View(search="rain"), numbers[-5])
    assert windows.total(View(search="rain")) == 5
    assert windows.glance(View(search="rai"), numbers[0])
    assert windows.index_of(View(search="rai"), numbers[0]) == 11
    other = bring(prompt="snow")
    assert not windows.glance(View(search="ra"), other)
