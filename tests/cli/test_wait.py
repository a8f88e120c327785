"""`wait`: jobs that ended, jobs that run, interruption, other accounts."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path
from threading import Event

import pytest

from tests.cli.conftest import KEY, Bring, Run, write_config
from tests.cli.whisul import Whisul
from tests.support.scripted import answer
from whisul_tui.domain import JobState, Song
from whisul_tui.paths import Paths

ENDS = {
    JobState.COMPLETED: 0,
    JobState.FAILED: 5,
    JobState.REJECTED: 6,
    JobState.EXPIRED: 4,
    JobState.UNCONFIRMED: 8,
}


@pytest.mark.parametrize(("state", "code"), ENDS.items())
def test_what_has_ended_is_told_at_once_without_key_or_request(
    run: Run, bring: Bring, state: JobState, code: int
) -> None:
    job = bring(state, song=Song(song_url="https://cdn.example/a.mp3") if state is JobState.COMPLETED else None)
    ran = run("wait", job.short_id)
    assert ran.code == code
    assert state.value in ran.out
    assert (ran.err == "") is (code == 0)
    assert run("wait", job.short_id, "--json").json["state"] == state.value


def test_the_first_that_did_not_end_well_decides(run: Run, bring: Bring) -> None:
    ids = [bring(state).short_id for state in (JobState.COMPLETED, JobState.REJECTED, JobState.FAILED)]
    assert run("wait", *ids).code == 6
    ran = run("wait", "--json", *reversed(ids))
    assert ran.code == 5
    assert [job["state"] for job in ran.json] == ["failed", "rejected", "completed"]


def test_running_jobs_are_followed_whoever_sent_them(run: Run, whisul: Whisul) -> None:
    ids = [run("generate", f"song {number}").out.strip() for number in range(3)]
    ran = run("wait", *ids)
    assert (ran.code, ran.err) == (0, "")
    assert sorted(line.split()[0] for line in ran.out.splitlines()) == sorted(ids)


def test_the_same_job_twice_is_told_once(run: Run, whisul: Whisul) -> None:
    job_id = run("generate", "rain").out.strip()
    assert len(run("wait", job_id, job_id[:9]).out.splitlines()) == 1


def test_one_that_is_not_known_is_4_and_none_is_waited_for(run: Run, bring: Bring) -> None:
    ran = run("wait", bring(JobState.RUNNING).short_id, "7f3a91c2-0000-4000-8000-000000000001")
    assert (ran.code, ran.out) == (4, "")


def test_without_a_key_a_running_job_cannot_be_followed(run: Run, bring: Bring) -> None:
    assert run("wait", bring(JobState.RUNNING).short_id).code == 3


def test_a_job_of_another_profile_names_the_profile(run: Run, bring: Bring, paths: Paths) -> None:
    job = bring(JobState.RUNNING)
    write_config(paths, f'api_key = "{KEY}"\n[profiles.work]\nbase_url = "https://work.example/api"\n')
    ran = run("wait", job.short_id, "--profile", "work")
    assert ran.code == 2
    assert "--profile default" in ran.err


def test_a_refused_key_ends_with_3_and_the_job_runs_on(run: Run, whisul: Whisul) -> None:
    job_id = run("generate", "rain, stays").out.strip()
    whisul.status = 401
    assert run("wait", job_id).code == 3
    assert run("show", job_id, "--json").json["state"] == "running"


def test_a_long_job_is_no_reason_for_impatience_and_a_limit_is(run: Run, whisul: Whisul) -> None:
    whisul.polls_before_end = 6
    job_id = run("generate", "rain").out.strip()
    assert run("wait", job_id, "--patience", "0").code == 0
    other = run("generate", "storm, stays").out.strip()
    whisul.status = 429
    ran = run("wait", other, "--patience", "0.1")
    assert ran.code == 7
    assert run("show", other, "--json").json["state"] == "running"


def test_a_job_that_whisul_no_longer_knows_ends_with_4(run: Run, whisul: Whisul) -> None:
    job_id = run("generate", "rain").out.strip()
    whisul.jobs.clear()
    ran = run("wait", job_id)
    assert ran.code == 4
    assert "no longer knows it (404)" in ran.err


def test_foreign_text_cannot_steer_the_terminal(run: Run, whisul: Whisul) -> None:
    job_id = run("generate", "rain").out.strip()
    result = {"title": "a\x1b]52;c;cHduZWQ=\x07\u202eb\nc", "tags": "\x9b31m", "song_url": "javascript:alert(1)"}
    told = {"status": "completed", "prompt": "rain", "started_at": "x", "result": result}
    whisul.raw = answer(200, told)
    for ran in (run("wait", job_id), run("show", job_id), run("jobs"), run("wait", job_id, "--json")):
        assert ran.code == 0
        assert not set(ran.out + ran.err) & set("\x1b\x07\x9b\u202e")
        assert "javascript" not in ran.out


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("verb", [("generate", "--wait"), ("wait",)])
def test_an_interruption_loses_nothing_and_prints_the_line_that_resumes(
    run: Run, whisul: Whisul, verb: tuple[str, ...], number: signal.Signals
) -> None:
    whisul.polls_before_end = 1_000_000
    about = "rain" if verb[0] == "generate" else run("generate", "rain").out.strip()
    process = subprocess.Popen(
        [sys.executable, "-m", "whisul_tui", *verb, about],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(Path.cwd())},
    )
    for _ in range(1000):
        if sum(whisul.polls.values()) >= 2:
            break
        Event().wait(0.01)
    process.send_signal(number)
    _, err = process.communicate(timeout=10)
    assert process.returncode == 130
    assert "Traceback" not in err
    line = err.strip().rsplit(": ", 1)[1]
    [job_id] = whisul.jobs
    assert line == f"whisul-tui wait {job_id[:8]}"
    whisul.polls_before_end = 0
    assert run(*shlex.split(line)[1:]).code == 0
    assert whisul.prompts == ["rain"]


def test_plain_is_a_line_a_change_of_state(run: Run, whisul: Whisul) -> None:
    ran = run("generate", "--plain", "--wait", "soft\nrain")
    assert (ran.code, ran.err) == (0, "")
    lines = [line.split(" ", 3) for line in ran.out.splitlines()]
    assert [state for _, _, state, _ in lines][-2:] == ["running", "completed"]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", moment) for moment, *_ in lines)
    assert lines[-2][3] == "soft"
    assert "\r" not in ran.out
    assert "\x1b" not in ran.out
    again = run("wait", "--plain", lines[-1][1])
    assert again.out.splitlines() == ran.out.splitlines()[-1:]
    assert run("wait", "--plain", "--json", lines[-1][1]).code == 2


def test_a_command_is_run_for_the_end_of_a_job(run: Run, whisul: Whisul, paths: Paths, tmp_path: Path) -> None:
    script = tmp_path / "hook"
    script.write_text(f'#!/bin/sh\ncat > {tmp_path}/part; echo "$1 $WHISUL_API_KEY" > {tmp_path}/told\n')
    script.chmod(0o700)
    text = paths.config_file.read_text()
    write_config(paths, f'{text}on_event = "{script}"\n')
    assert run("generate", "--wait", "rain").code == 0
    assert (tmp_path / "told").read_text() == "completed \n"
    assert '"state": "completed"' in (tmp_path / "part").read_text()
    write_config(paths, f'{text}on_event = "false"\n')
    ran = run("generate", "--wait", "more rain")
    assert ran.code == 0
    assert ran.err == "on_event: false ended with 1.\n"
