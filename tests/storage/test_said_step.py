"""Step 2 of the schema on a store of version 1: what the user says of a job is kept, searched and salvaged."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from whisul_tui.domain.job import JobState
from whisul_tui.storage import schema
from whisul_tui.storage.database import Database
from whisul_tui.storage.jobs import JobStore
from whisul_tui.storage.setting_aside import salvage


@pytest.fixture
def old_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store of version 1 with two jobs."""
    path = tmp_path / "jobs.db"
    with monkeypatch.context() as patch:
        patch.setattr(schema, "STEPS", schema.STEPS[:1])
        database = Database.open(path)
        for text in ("slow piano", "fast drums"):
            with database.write() as connection:
                prompt = connection.execute(
                    "INSERT INTO prompts (digest, used_at, text) VALUES (?, 1, ?) RETURNING id", (text.encode(), text)
                ).fetchone()[0]
                connection.execute(
                    "INSERT INTO jobs (state, prompt, account, client_id, job_id, created_at, changed_at, sort_name, "
                    "tags) VALUES ('completed', ?, 'a', ?, ?, 1, 1, ?, 'calm')",
                    (prompt, text, text[:4], text),
                )
        database.close()
    return path


def _found(database: Database, word: str) -> list[int]:
    return [row[0] for row in database.query("SELECT rowid FROM words WHERE words MATCH ? ORDER BY rowid", (word,))]


def test_what_is_said_of_an_old_job_is_found_and_forgotten_with_it(old_store: Path) -> None:
    with closing(Database.open(old_store)) as database:
        store = JobStore(database)
        job = store.get(1)
        assert job is not None
        assert (job.own_tags, job.note, job.paused, job.family) == ((), None, False, None)
        before = database.query("SELECT revision FROM revisions")[0][0]
        with database.write() as connection:
            connection.execute("UPDATE jobs SET own_tags = ?, note = ? WHERE number = 1", ("demo\nclient", "for Anna"))
        job = store.get(1)
        assert job is not None
        assert (job.own_tags, job.note) == (("demo", "client"), "for Anna")
        assert database.query("SELECT revision FROM revisions")[0][0] > before
        assert (_found(database, "client"), _found(database, "anna"), _found(database, "calm")) == ([1], [1], [1, 2])
        store.forget([1, 2], 5.0)
        assert [_found(database, word) for word in ("client", "anna", "calm", "piano")] == [[], [], [], []]
        with database.write() as connection:
            connection.execute("INSERT INTO words (words) VALUES ('integrity-check')")
        store.restore([1, 2])
        assert (_found(database, "client"), _found(database, "calm"), _found(database, "drums")) == ([1], [1, 2], [2])


def test_a_changed_prompt_is_found_by_its_new_words_alone(old_store: Path) -> None:
    with closing(Database.open(old_store)) as database:
        with database.write() as connection:
            connection.execute("UPDATE jobs SET prompt = 2 WHERE number = 1")
        assert (_found(database, "piano"), _found(database, "drums")) == ([], [1, 2])


def test_a_damaged_store_of_either_version_is_salvaged_with_what_was_said(old_store: Path, tmp_path: Path) -> None:
    with closing(Database.open(tmp_path / "from_1.db")) as new:
        assert salvage(old_store, new) == 2
    Database.open(old_store).close()
    with closing(sqlite3.connect(old_store)) as connection, connection:
        connection.execute("INSERT INTO families VALUES (7, 'slow {piano|harp}', 1, NULL)")
        connection.execute("UPDATE jobs SET family = 7, own_tags = 'demo', note = 'n', paused = 1, origin = 'h'")
    with closing(Database.open(tmp_path / "from_2.db")) as new:
        assert salvage(old_store, new) == 2
        job = JobStore(new).get(1)
        assert job is not None
        assert job.state is JobState.COMPLETED
        assert (job.family, job.own_tags, job.note, job.paused, job.origin) == (7, ("demo",), "n", True, "h")
