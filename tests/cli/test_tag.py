"""`tag`: own tags and notes without a screen."""

from __future__ import annotations

from tests.cli.conftest import Bring, Run
from whisul_tui.domain import JobState


def test_tags_and_notes_are_given_found_and_listed(run: Run, bring: Bring) -> None:
    one = bring(JobState.COMPLETED, "soft rain")
    two = bring(JobState.FAILED, "hard rain")
    ran = run("tag", one.job_id or "", two.job_id or "", "--add", "demo, for Anna", "--add", "b", "--note", "x\ny")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines() == [
        f"{one.job_id}  #demo #for Anna #b  x y",
        f"{two.job_id}  #demo #for Anna #b  x y",
    ]
    ran = run("tag", one.job_id or "", "--remove", "B", "--note", "", "--json")
    assert ran.json["own_tags"] == ["demo", "for Anna"]
    assert ran.json["note"] is None
    assert [job["job_id"] for job in run("jobs", "--search", "tag:b", "--json").json] == [two.job_id]
    assert run("tag").out.splitlines() == ["demo      2", "for Anna  2", "b         1"]
    assert run("tag", "--json").json[0] == {"tag": "demo", "jobs": 2}
    assert "own tags" in run("show", two.job_id or "").out


def test_what_cannot_be_done_is_said(run: Run, bring: Bring) -> None:
    assert run("tag").err == "No job has a tag of your own yet.\n"
    assert run("tag", "--add", "x").code == 2
    assert run("tag", "absent", "--add", "x").code == 4
    job = bring(JobState.COMPLETED)
    assert run("tag", job.job_id or "", "--add", " , -").code == 2
    assert run("tag", job.job_id or "", "--note", "x" * 4001).code == 2
