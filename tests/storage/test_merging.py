"""Exports and their merging: lossless between two hosts, nothing doubled, nothing sent, the user's marks kept."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.storage.conftest import ACCOUNT, OWNER, START, Bring, found
from whisul_tui.domain import Job, JobState, Song
from whisul_tui.domain.export_record import Record, RecordError, read_record, write_record
from whisul_tui.storage import Database, JobStore, View, Windows
from whisul_tui.storage.export_file import free_name, write_export
from whisul_tui.storage.exporting import Format, export, guarded
from whisul_tui.storage.merging import Merged, merge

SONG = Song("Rain on Neon", 82.5, 183.25, "https://cdn.example/a.mp3", "https://cdn.example/a.png", ("lofi", "rain"))


@pytest.fixture
def there(tmp_path: Path) -> Iterator[JobStore]:
    """The store of another host, empty."""
    with Database.open(tmp_path / "there" / "jobs.db", clock=lambda: START) as database:
        yield JobStore(database)


def exported(store: JobStore) -> dict[str, Any]:
    numbers = Windows(store.database).numbers(View(), 1000)
    content: dict[str, Any] = json.loads("".join(export(store.database, numbers, Format.JSON, host="here", now=START)))
    return content


def take(store: JobStore, content: dict[str, Any]) -> Merged:
    return merge(store.database, [read_record(job) for job in content["jobs"]], host=content["host"], now=START)


def jobs(store: JobStore) -> list[Job]:
    return Windows(store.database).rows(View(), 0, 1000)


def test_all_that_is_known_comes_over_and_twice_is_once(store: JobStore, there: JobStore, bring: Bring) -> None:
    began = datetime.fromtimestamp(START + 1.123456, UTC)
    for state in JobState:
        if state not in (JobState.HELD, JobState.SENDING):
            more = {"song": SONG, "started_at": began} if state is JobState.COMPLETED else {}
            number = bring(state, f"a prompt\nthat is {state}", **more)
            store.tag([number], ["demo", "for Anna"])
            store.write_note(number, "two\nlines")
            store.star(number, True)
    with store.database.write() as connection:
        connection.execute("INSERT INTO families (id, template, made_at) VALUES (3, 'a {b|c}', 5.5)")
        connection.execute("UPDATE jobs SET family = 3, parent = 1 WHERE number = 2")
    content = exported(store)
    assert (content["format"], content["version"], content["host"]) == ("whisul-tui jobs", 1, "here")
    merged = take(there, content)
    assert (merged.new, merged.same) == (6, 0)
    mine, theirs = jobs(store), {job.client_id: job for job in jobs(there)}
    for job in mine:
        other = theirs[job.client_id]
        due = other.due_at
        assert (due is not None) == (job.state is JobState.RUNNING)
        same = {"number": job.number, "not_before": job.not_before, "due_at": job.due_at, "parent": job.parent}
        assert other._replace(origin=None, family=job.family, **same) == job
        assert other.origin == "here"
    child = next(job for job in jobs(there) if job.parent)
    assert found(there, child.parent or 0).client_id == found(store, 1).client_id
    assert there.database.query("SELECT template, made_at FROM families")[0][:] == ("a {b|c}", 5.5)
    before = jobs(there)
    merged = take(there, content)
    assert (merged.new, merged.completed, merged.same) == (0, 0, 6)
    assert jobs(there) == before
    again = exported(there)
    assert [dict(job, origin=None) for job in again["jobs"]] == sorted(
        (dict(job, origin=None) for job in content["jobs"]), key=lambda job: -next(
            other.number for other in jobs(there) if other.client_id == job["client_id"])
    )  # fmt: skip


def test_what_is_held_or_being_sent_elsewhere_is_never_sent_from_here(
    store: JobStore, there: JobStore, bring: Bring
) -> None:
    bring(JobState.HELD, "held")
    sending = bring(JobState.SENDING, "sending")
    merged = take(there, exported(store))
    assert (merged.new, merged.held) == (1, 1)
    (job,) = jobs(there)
    assert (job.state, job.prompt) == (JobState.UNCONFIRMED, "sending")
    assert "here" in (job.message or "")
    with there.turn() as turn:
        assert turn.ready_submission(ACCOUNT, START + 1e6) is None
        assert turn.in_flight(ACCOUNT) == 0
    store.accepted(sending, "job-x", START + 1, START + 2, owner=OWNER)
    assert take(there, exported(store)).completed == 1
    (job,) = jobs(there)
    assert (job.state, job.job_id) == (JobState.RUNNING, "job-x")
    with there.turn() as turn:
        due = turn.most_overdue(ACCOUNT, START + 100, 45)
        assert due is not None
        assert due.job_id == "job-x"
    store.settled(sending, JobState.COMPLETED, START + 90, song=SONG)
    take(there, exported(store))
    (job,) = jobs(there)
    assert (job.state, job.song) == (JobState.COMPLETED, SONG)
    assert there.counts()[JobState.COMPLETED] == 1
    assert Windows(there.database).total(View(search="neon")) == 1


def test_the_users_own_words_stay(store: JobStore, there: JobStore, bring: Bring) -> None:
    number = bring(JobState.COMPLETED, song=SONG)
    store.tag([number], ["mine", "both"])
    take(there, exported(store))
    (other,) = jobs(there)
    there.tag([other.number], ["theirs"], ["mine"])
    there.write_note(other.number, "their note")
    there.star(other.number, True)
    store.write_note(number, "my note")
    take(store, exported(there))
    job = found(store, number)
    assert (job.own_tags, job.note, job.starred) == (("mine", "both", "theirs"), "my note", True)


def test_what_was_taken_off_here_stays_off(store: JobStore, there: JobStore, bring: Bring) -> None:
    number = bring(JobState.COMPLETED, song=SONG)
    store.star(number, True)
    store.tag([number], ["Demo", "kept"])
    store.write_note(number, "for Anna")
    take(there, exported(store))
    store.star(number, False)
    store.tag([number], [], ["Demo"])
    store.write_note(number, "")
    take(store, exported(there))
    job = found(store, number)
    assert (job.own_tags, job.note, job.starred) == (("kept",), None, False)
    store.star(number, True)  # given back, and taken over like anybody's
    store.tag([number], ["demo"])
    store.write_note(number, "mine")
    with store.database.write() as connection:
        connection.execute("UPDATE jobs SET starred = 0, own_tags = 'kept', note = NULL")  # as if never said here
    take(store, exported(there))
    job = found(store, number)
    assert (job.own_tags, job.note, job.starred) == (("kept", "Demo"), "for Anna", True)


def test_an_older_export_takes_nothing_back(store: JobStore, bring: Bring) -> None:
    number = bring(JobState.RUNNING)
    early = exported(store)
    store.settled(number, JobState.FAILED, START + 90, message="The violins broke.")
    after = found(store, number)
    assert take(store, early).same == 1
    assert found(store, number) == after
    late = exported(store)
    late["jobs"][0] |= {"state": "completed", "song": {"title": "No such song"}}
    take(store, late)
    assert found(store, number) == after


def test_a_held_job_here_is_left_to_its_own_steps(store: JobStore, bring: Bring) -> None:
    number = bring(JobState.HELD)
    content = exported(store)
    content["jobs"][0] |= {"state": "completed", "job_id": "job-y", "song": {"title": "x"}, "own_tags": ["t"]}
    take(store, content)
    job = found(store, number)
    assert (job.state, job.job_id, job.song, job.own_tags) == (JobState.HELD, None, None, ("t",))


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_record_with_anything_in_it_is_read_or_refused(data: st.DataObject) -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    job = Job(0, "c" * 32, "a@b", "prompt", JobState.COMPLETED, moment, moment, job_id="j", song=SONG)
    content = write_record(Record(job))
    for name in data.draw(st.lists(st.sampled_from(sorted(content)), max_size=3)):
        content[name] = data.draw(JUNK)
    with suppress(RecordError):
        record = read_record(content)
        assert read_record(json.loads(json.dumps(write_record(record)))) == record


def test_hostile_texts_are_cleaned_and_bounded() -> None:
    content = {
        "client_id": "x", "job_id": "y", "state": "completed", "account": "a\x1b]0;x\x07", "prompt": "p\x1b[2J" * 9_000,
        "created_at": "2026-01-01T00:00:00Z", "song": {"title": "t\u202e" * 500, "song_url": "javascript:alert(1)",
        "tags": ["a,b", "\x07", *["t"] * 500]}, "own_tags": ["x" * 500, "-a"], "note": "n\x00" * 9_000,
        "starred": "yes",
    }  # fmt: skip
    job = read_record(content).job
    assert "\x1b" not in job.prompt + job.account
    assert len(job.prompt) <= 10_000
    assert job.song is not None
    assert (job.song.song_url, job.song.tags[0], len(job.song.tags)) == (None, "a b", 99)
    assert (job.own_tags[1], job.starred) == ("a", False)
    for wrong in (
        {},
        {**content, "client_id": "../x"},
        {**content, "state": "bought"},
        {**content, "job_id": None},
        [],
    ):
        with pytest.raises(RecordError):
            read_record(wrong)


def test_a_table_without_formulas_and_a_playlist_of_links(store: JobStore, bring: Bring) -> None:
    bring(JobState.FAILED, "no song")
    bring(JobState.COMPLETED, '=HYPERLINK("http://x")', song=SONG._replace(title="@SUM(A1)", tags=("+1", "-2")))
    numbers = Windows(store.database).numbers(View(), 9)
    rows = list(csv.reader(io.StringIO("".join(export(store.database, numbers, Format.CSV, host="h", now=1.0)))))
    cells = dict(zip(rows[0], rows[1], strict=True))
    assert (cells["prompt"], cells["title"]) == ('\'=HYPERLINK("http://x")', "'@SUM(A1)")
    assert (cells["tags"], cells["bpm"]) == ("'+1, -2", "82.5")
    assert guarded("plain") == "plain"
    assert "".join(export(store.database, numbers, Format.M3U8, host="h", now=1.0)) == (
        "#EXTM3U\n#EXTINF:183,@SUM(A1)\nhttps://cdn.example/a.mp3\n"
    )


def test_a_file_is_private_whole_and_overwrites_nothing(tmp_path: Path) -> None:
    target = tmp_path / "new" / "x.json"
    assert write_export(target, ["a", "b"]) == 2
    assert target.read_text() == "ab"
    assert target.stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        write_export(target, ["c"])

    def breaks() -> Iterator[str]:
        yield "half"
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        write_export(target, breaks(), replace=True)
    assert target.read_text() == "ab"
    assert write_export(target, ["c"], replace=True) == 1
    assert [path.name for path in target.parent.iterdir()] == ["x.json"]
    assert free_name(target.parent, "x", "json").name == "x-2.json"
