"""`backup` and `restore` as verbs."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Bring, Run
from whisul_tui.domain import JobState
from whisul_tui.paths import Paths
from whisul_tui.storage import JobStore


def test_a_backup_is_put_back(run: Run, store: JobStore, bring: Bring, paths: Paths, tmp_path: Path) -> None:
    job = bring(JobState.FAILED, "soft rain")
    ran = run("backup")
    assert (ran.code, ran.err) == (0, "1 job, all pages whole.\n")
    file = Path(ran.out.strip())
    assert file.parent == paths.data_dir / "backups"
    assert run("backup", str(file)).code == 2
    store.forget([job.number], 1.0)
    bring(JobState.FAILED, "later")
    ran = run("restore", str(file))
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.startswith("Restored: 1 job. What there was before is in ")
    assert [shown["prompt"] for shown in run("jobs", "--json").json] == ["soft rain"]
    assert run("restore", str(tmp_path / "absent")).code == 2
    (tmp_path / "x").write_text("x")
    assert run("restore", str(tmp_path / "x")).code == 1


def test_into_a_folder_without_a_store(run: Run, bring: Bring, tmp_path: Path) -> None:
    assert run("backup", "--data-dir", str(tmp_path / "none")).code == 1
    bring(JobState.FAILED, "soft rain")
    bring(JobState.HELD, "not sent")
    file = str(tmp_path / "b.db")
    assert run("backup", file).code == 0
    ran = run("restore", file, "--data-dir", str(tmp_path / "new"))
    assert "1 prompt not sent when the backup was made became unconfirmed" in ran.err
    shown = run("jobs", "--json", "--data-dir", str(tmp_path / "new")).json
    assert [job["state"] for job in shown] == ["unconfirmed", "failed"]
