"""Songs made from songs, and seeds that bring one back: through the API, with the composer's word for it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.studio.support import Served, serving
from whisul_tui.studio.book import Book


def tags(studio: Served, prompt: str) -> str:
    """What the tiny composer says a song was made from."""
    return str(studio.song(prompt)["tags"]).partition("from ")[2]


def refused(studio: Served, prompt: str) -> str:
    """The message of a submission that is refused with 400."""
    answer = studio.http.post("/api/generate", json={"prompt": prompt})
    assert answer.status_code == 400
    return str(answer.json()["message"])


def test_a_seed_in_the_prompt_is_the_seed_of_the_song(studio: Served) -> None:
    job_id = studio.submit("slow lofi, seed 4711")
    job = studio.end_of(job_id)
    assert job["prompt"] == "slow lofi, seed 4711"
    assert job["result"]["title"] == "Song 711 of slow lofi"
    assert studio.song("slow lofi, seed 4711")["title"] == job["result"]["title"]


def test_a_variation_is_made_from_the_song_it_names(studio: Served) -> None:
    first = studio.submit("first, seed 5")
    studio.end_of(first)
    second = studio.submit(f"variation of {first}, seed 6")
    assert studio.end_of(second)["result"]["tags"].endswith("from first#5<")
    assert tags(studio, f"same song as {second[:8]} at 92 bpm") == f"variation of {first}#6<first#5<"


def test_the_same_song_is_the_newest_that_did_not_fail(studio: Served) -> None:
    newest = studio.submit("newest, seed 8")
    studio.end_of(newest)
    studio.end_of(studio.submit("crash"))
    assert tags(studio, "same song at 92 bpm") == "newest#8<"


def test_what_is_no_song_is_refused_with_a_sentence(studio: Served) -> None:
    assert "nothing to start from" in refused(studio, "variation of 0123abcd")
    failed = studio.submit("raise")
    studio.end_of(failed)
    assert "failed" in refused(studio, f"variation of {failed}")


def test_the_same_song_where_nothing_was_made_is_a_prompt_like_any_other(tmp_path: Path) -> None:
    with serving(tmp_path) as studio:
        assert tags(studio, "same song at 92 bpm") == ""


def test_a_line_of_songs_made_from_songs_has_an_end(tmp_path: Path) -> None:
    with closing(Book(tmp_path / "b.db")) as book:
        job = book.accept("first", 1, 100.0)
        for number in range(60):
            job = book.accept("next", number, 100.0, origin=job.id)
        assert len(book.origins(job)) == 60
    with serving(tmp_path / "studio") as studio:
        last = studio.hosted.studio
        with closing(Book(tmp_path / "studio" / "data" / last.shelf.songs.parent.name / "studio.db")) as book:
            job = book.accept("first", 1, 100.0)
            for number in range(50):
                job = book.accept("next", number, 100.0, origin=job.id)
        assert "start from an earlier one" in refused(studio, f"variation of {job.id}")


def test_a_book_of_the_first_format_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "b.db"
    with closing(Book(path)) as book:
        job = book.accept("old", 1, 100.0)
    with closing(sqlite3.connect(path)) as old:
        old.execute("ALTER TABLE job DROP COLUMN origin")
        old.execute("PRAGMA user_version = 1")
    with closing(Book(path)) as book:
        made = book.accept("new", 2, 101.0, origin=job.id)
        found = book.get(made.id)
        assert found is not None
        assert [before.prompt for before in book.origins(found)] == ["old"]
