"""The filter language against a naive filter over random jobs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.storage.conftest import OWNER, Bring
from tests.support.naive_filter import naive
from whisul_tui.domain import JobState, Song
from whisul_tui.domain.job_filter import read_filter
from whisul_tui.storage import Database, JobStore, Sort, View, Windows, matches

NOW = 1_763_000_000.0
DAY = 86_400.0
WORDS = ("rain", "Rain on", "lo", "lofi", "jazz", "no vocals", "Büro", "日本", "100%", "a_b", 'say "x"', "-", "q9")
STATES = (JobState.COMPLETED, JobState.FAILED, JobState.RUNNING, JobState.REJECTED, JobState.UNCONFIRMED, JobState.HELD)


@pytest.fixture(scope="module")
def windows(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Windows]:
    """Three hundred jobs of all kinds."""
    folder: Path = tmp_path_factory.mktemp("filters")
    with Database.open(folder / "jobs.db", clock=lambda: NOW) as database:
        store, die = JobStore(database), Random(7)
        for number in range(300):
            _add(store, die, NOW - die.choice((0.0, 0.5, 3, 8, 20, 400)) * DAY, number)
        yield Windows(database, patience=60.0)


def _add(store: JobStore, die: Random, at: float, number: int) -> None:
    state = die.choice(STATES)
    prompt = " ".join(die.choice(WORDS) for _ in range(die.randint(1, 4)))
    job = store.hold(prompt, account="a", now=at, not_before=at)
    if die.random() < 0.3:
        store.tag([job.number], [die.choice(WORDS) for _ in range(die.randint(1, 3))])
    if die.random() < 0.2:
        store.write_note(job.number, "\n".join(die.choice(WORDS) for _ in range(die.randint(1, 3))))
    if state is JobState.HELD:
        return
    with store.turn() as turn:
        assert turn.claim_submission(job.number, OWNER, at)
    assert store.leaving(job.number, OWNER, at)
    if state is JobState.REJECTED:
        store.rejected(job.number, "no", at)
    elif state is JobState.UNCONFIRMED:
        store.unconfirmed(job.number, "no answer", at)
    else:
        store.accepted(job.number, f"job-{number}", at, at)
    if state is JobState.COMPLETED:
        song = Song(
            die.choice(("", *WORDS)),
            bpm=die.choice((None, 79.5, 80, 95, 96, 120)),
            seconds=die.choice((None, 120, 120.4, 210, 300)),
            tags=tuple(die.choice(WORDS) for _ in range(die.randint(0, 3))),
        )
        store.settled(job.number, state, at + 90, song=song)
    elif state is JobState.FAILED:
        store.settled(job.number, state, at + 90, message="no")
    store.star(job.number, die.random() < 0.2)


terms = st.tuples(
    st.sampled_from(("", "", "-")),
    st.one_of(
        st.sampled_from([word.replace('"', "") for word in WORDS]).map(lambda word: f'"{word}"'),
        st.sampled_from([word for word in WORDS if " " not in word]),
        st.sampled_from(
            ("tag:lofi", "tag:lo", 'tag:"Rain on"', "tag:日本", "tag:büro", "state:failed", "state:r", "state:c")
        ),
        st.sampled_from(
            ("bpm:80", "bpm:80..95", "bpm:96..", "bpm:..80", "length:2:00", "length:2:00..3:30", "length:4:00..")
        ),
        st.sampled_from(("since:1d", "since:7d", "before:7d", "before:1w", "is:starred")),
    ),
).map("".join)


@settings(max_examples=400, deadline=None)
@given(st.lists(terms, max_size=4).map(" ".join), st.sampled_from([None, JobState.COMPLETED]))
def test_it_finds_what_a_naive_filter_finds(windows: Windows, text: str, state: JobState | None) -> None:
    wanted = read_filter(text, datetime.fromtimestamp(NOW, UTC)).terms
    jobs = windows.rows(View(), 0, 1000)
    assert len(jobs) == 300
    expected = [job.number for job in jobs if all(naive(job, term) for term in wanted) and state in (None, job.state)]
    assert windows.numbers(View(search=text, state=state), 1000) == expected


@settings(max_examples=100, deadline=None)
@given(st.lists(terms, max_size=3).map(" ".join), st.sampled_from([Sort.NEWEST, Sort.OLDEST]), st.integers(1, 40))
def test_a_search_that_is_cut_off_has_the_first_of_its_order(
    windows: Windows, text: str, sort: Sort, limit: int
) -> None:
    whole = windows.numbers(View(sort, search=text), 1000)
    few = Windows(windows._database, search_limit=limit)
    assert few.numbers(View(sort, search=text), 1000) == whole[:limit] or not View(search=text).is_search
    assert few.is_whole(View(sort, search=text)) is (len(whole) <= limit or not View(search=text).is_search)


def test_what_is_not_wanted_is_looked_up_part_by_part(windows: Windows, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Windows(windows._database)
    monkeypatch.setattr(matches, "_FIRST_PART", 7)
    for sort in (Sort.NEWEST, Sort.OLDEST):
        for text in ("-rain", "-lofi jazz", "-tag:lofi state:completed", "-jazz -lofi bpm:80"):
            view = View(sort, search=text)
            expected = whole.numbers(view, 1000)
            assert expected
            assert Windows(windows._database).numbers(view, 1000) == expected


def test_a_star_is_found_at_once(store: JobStore, bring: Bring) -> None:
    windows, view = Windows(store.database), View(search="is:starred")
    number = bring(JobState.COMPLETED)
    assert windows.numbers(view, 9) == []
    store.star(number, True)
    assert windows.numbers(view, 9) == [number]
