"""`export` and `import`: from one data folder to another."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.cli.conftest import Bring, Run
from whisul_tui.domain import JobState, Song
from whisul_tui.storage import JobStore


def test_jobs_come_to_another_folder_once(run: Run, store: JobStore, bring: Bring, tmp_path: Path) -> None:
    done = bring(JobState.COMPLETED, "soft rain", song=Song("Rain", 80.0, 100.0, "https://cdn.example/a.mp3"))
    bring(JobState.FAILED, "hard rain")
    bring(JobState.HELD, "not yet")
    file, other = tmp_path / "all.json", str(tmp_path / "other")
    ran = run("export", "--to", str(file))
    assert (ran.code, ran.err) == (0, f"3 jobs in {file}\n")
    assert run("export", "--to", str(file)).code == 2
    assert run("export", "--to", str(file), "--force", "--search", "rain").code == 0
    assert len(json.loads(file.read_text())["jobs"]) == 2
    ran = run("--data-dir", other, "import", str(file), "--json")
    assert ran.code == 0
    assert ran.json == {"new": 2, "completed": 0, "same": 0, "held": 0, "unreadable": 0}
    assert run("import", "--data-dir", other, str(file), "--json").json["same"] == 2
    (shown,) = run("jobs", "--data-dir", other, "--json", "--search", '"soft rain"').json
    assert (shown["job_id"], shown["title"]) == (done.job_id, "Rain")
    assert shown["origin"]
    store.kept.put("filter", "wet", '{"search": "rain"}', 1.0)
    assert len(run("jobs", "--search", "@wet", "--json").json) == 2
    assert len(run("jobs", "--search", "@wet -hard", "--json").json) == 1
    assert run("export", "--format", "m3u8").out.splitlines()[1:] == ["#EXTINF:100,Rain", "https://cdn.example/a.mp3"]
    assert run("export", "--format", "csv", "--search", "state:held").out.splitlines()[1].split(",")[2] == "held"


def test_an_import_gives_way_to_whoever_types(
    run: Run, bring: Bring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(JobState.COMPLETED)
    assert run("export", "--to", str(tmp_path / "all.json")).code == 0
    asked: list[int] = []
    monkeypatch.setattr(os, "nice", asked.append)
    assert run("import", "--data-dir", str(tmp_path / "other"), str(tmp_path / "all.json")).code == 0
    assert len(asked) == 1
    assert asked[0] >= 10


def test_what_is_no_export_is_refused(run: Run, bring: Bring, tmp_path: Path) -> None:
    assert run("export", "--data-dir", str(tmp_path / "none")).code == 1
    bring(JobState.COMPLETED)
    assert run("export", "--to", str(tmp_path / "x.txt")).code == 2
    file = tmp_path / "x.json"
    for content in ("", "[]", "{}", "[" * 100_000, '{"format": "whisul-tui jobs", "version": 1}'):
        file.write_text(content)
        assert run("import", str(file)).code == 2
    file.write_text('{"format": "whisul-tui jobs", "version": 2, "jobs": []}')
    assert "newer" in run("import", str(file)).err
    file.write_text('{"format": "whisul-tui jobs", "version": 1, "jobs": [{}, 7]}')
    ran = run("import", str(file))
    assert ran.code == 1
    assert "2 could not be used; the first: number 1, it has no client_id." in ran.err
    assert run("import", str(tmp_path / "absent")).code == 2
