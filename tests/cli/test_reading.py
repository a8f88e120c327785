"""`jobs` and `show`: what the store knows, for people and for scripts; no request, no key."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Bring, Run
from whisul_tui.domain import JobState, Song
from whisul_tui.paths import Paths
from whisul_tui.storage import JobStore

FIELDS = {
    "job_id", "client_id", "state", "remote_status", "prompt", "message", "title", "bpm", "seconds", "tags", "song_url",
    "image_url", "profile", "account", "created_at", "sent_at", "accepted_at", "started_at", "finished_at", "starred",
    "number", "own_tags", "note", "origin",
}  # fmt: skip
SONG = Song("Rain on Neon", 82.0, 183.0, "https://cdn.example/a.mp3", "https://cdn.example/a.png", ("lofi", "rain"))


def test_without_a_store_there_are_no_jobs_and_none_is_made(run: Run, paths: Paths) -> None:
    ran = run("jobs")
    assert (ran.code, ran.out) == (0, "")
    assert "no jobs yet" in ran.err
    assert run("jobs", "--json").json == []
    assert run("show", "7f3a91c2").code == 4
    assert not paths.data_dir.exists()


def test_jobs_as_columns_whole_ids_where_no_terminal_shows_them(run: Run, bring: Bring) -> None:
    bring(JobState.COMPLETED, job_id="7f3a91c2-0000-4000-8000-000000000001", song=SONG)
    bring(JobState.HELD, "first line\nsecond line")
    held, completed = run("jobs").out.splitlines()
    assert completed == (
        "7f3a91c2-0000-4000-8000-000000000001  ✓ completed  3:03  82  2025-06-15 15:06:40  Rain on Neon"
    )
    assert held.endswith("◌ held          -   -  2025-06-15 15:06:40  first line")
    assert "\x1b" not in held + completed


def test_jobs_by_state_search_and_limit(run: Run, bring: Bring) -> None:
    for number in range(25):
        bring(JobState.FAILED if number % 5 == 0 else JobState.RUNNING, f"song of the number{number:02}")
    assert len(run("jobs").out.splitlines()) == 20
    assert len(run("jobs", "--limit", "0").out.splitlines()) == 25
    assert [job["prompt"][-2:] for job in run("jobs", "--limit", "2", "--json").json] == ["24", "23"]
    assert {job["state"] for job in run("jobs", "--state", "failed", "--json").json} == {"failed"}
    assert [job["prompt"][-2:] for job in run("jobs", "--search", "number07 song", "--json").json] == ["07"]
    nothing = run("jobs", "--search", "polka")
    assert (nothing.code, nothing.out) == (0, "")


def test_json_has_the_documented_fields(run: Run, bring: Bring) -> None:
    job = bring(JobState.COMPLETED, "rain 夜", song=SONG)
    found = run("show", job.short_id, "--json").json
    assert set(found) == FIELDS
    assert found["title"] == "Rain on Neon"
    assert (found["bpm"], found["seconds"], found["tags"]) == (82.0, 183.0, ["lofi", "rain"])
    assert (found["profile"], found["account"]) == ("default", "default@whisul.com")
    assert found["accepted_at"] == "2025-06-15T15:06:40Z"
    assert found["prompt"] == "rain 夜"
    help_text = run("show", "--help").out
    assert all(field in help_text for field in FIELDS)
    empty = run("show", bring(JobState.HELD).client_id, "--json").json
    assert empty["job_id"] is None
    assert empty["tags"] == []


def test_show_is_a_page(run: Run, bring: Bring) -> None:
    job = bring(JobState.COMPLETED, "late night\nlofi", song=SONG)
    lines = run("show", job.short_id).out.splitlines()
    assert lines[0] == "✓ completed"
    assert "prompt     late night" in lines
    assert "           lofi" in lines
    assert "song       https://cdn.example/a.mp3" in lines
    assert "length     3:03" in lines


@pytest.mark.parametrize("state", list(JobState))
def test_show_tells_every_state_and_ends_well(run: Run, bring: Bring, state: JobState) -> None:
    job = bring(state, song=SONG if state is JobState.COMPLETED else None)
    ran = run("show", job.short_id)
    assert ran.code == 0
    assert ran.out.splitlines()[0].endswith(state.value)
    if job.message:
        assert job.message in ran.out


def test_unknown_and_ambiguous_ids(run: Run, bring: Bring) -> None:
    bring(JobState.RUNNING, job_id="7f3a91c2-aaaa")
    bring(JobState.RUNNING, job_id="7f3a91c2-bbbb")
    unknown = run("show", "beef\x1b[31m")
    assert unknown.code == 4
    assert "whisul-tui jobs" in unknown.err
    assert "\x1b" not in unknown.err
    ambiguous = run("show", "7f3a91c2")
    assert ambiguous.code == 2
    assert "7f3a91c2-bbb" in ambiguous.err
    assert run("show", "7f3a91c2-a").code == 0


def test_reading_needs_no_key_and_leaves_a_store_that_cannot_be_written(
    run: Run, bring: Bring, store: JobStore
) -> None:
    bring(JobState.RUNNING, "rain")
    store.database.close()
    path = store.database.path
    path.chmod(0o400)
    path.parent.chmod(0o500)
    try:
        assert "rain" in run("jobs").out
    finally:
        path.parent.chmod(0o700)


@pytest.mark.parametrize("content", [b"", b"not a database", b"SQLite format 3\0" + b"\0" * 84])
@pytest.mark.parametrize("words", [("jobs",), ("show", "x"), ("wait", "x"), ("download", "x")])
def test_a_damaged_store_is_a_sentence_and_1(run: Run, paths: Paths, content: bytes, words: tuple[str, ...]) -> None:
    paths.data_dir.mkdir(parents=True)
    paths.database.write_bytes(content)
    ran = run(*words)
    assert (ran.code, ran.out) == (1, "")
    assert str(paths.database) in ran.err
    assert paths.database.read_bytes() == content
    assert not os.path.lexists(paths.log_file)


def test_head_ends_the_list_silently(bring: Bring) -> None:
    for number in range(300):
        bring(JobState.HELD, f"{number} " + "long " * 200)
    command = f"{sys.executable} -m whisul_tui jobs --limit 0 | head -n 1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", command],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": str(Path.cwd())},
    )
    first, code = done.stdout.splitlines()
    assert "299 long" in first
    assert (code, done.stderr) == ("0", "")


def test_a_search_is_a_filter_and_what_is_none_is_wrong_usage(run: Run, bring: Bring) -> None:
    bring(JobState.FAILED, "jazz")
    bring(JobState.RUNNING, "jazz")
    found = json.loads(run("jobs", "--json", "--search", "jazz -state:running").out)
    assert [job["state"] for job in found] == ["failed"]
    wrong = run("jobs", "--search", "bpm:fast")
    assert wrong.code == 2
    assert "bpm: wants figures, as bpm:80 or bpm:80..95" in wrong.err
