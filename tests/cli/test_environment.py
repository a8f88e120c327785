"""A proxy or certificates that no waiting mends: a verb that would talk to Whisul ends at once, with one clear line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import KEY, Bring, Run
from whisul_tui.domain import JobState
from whisul_tui.storage import JobStore

BROKEN = [
    ("HTTPS_PROXY", "ftp://user:canary@proxy.example"),
    ("ALL_PROXY", "socks9://user:canary@proxy.example"),
    ("SSL_CERT_FILE", "{missing}/canary.pem"),
    ("SSLKEYLOGFILE", "{missing}/canary"),
]


@pytest.mark.parametrize(("name", "value"), BROKEN)
def test_a_broken_environment_ends_a_verb_at_once_with_2(
    run: Run, bring: Bring, store: JobStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    job = bring(JobState.RUNNING)
    monkeypatch.setenv("WHISUL_API_KEY", KEY)
    monkeypatch.setenv(name, value.replace("{missing}", str(tmp_path / "missing")))
    for words in (("generate", "late night lofi"), ("generate", "--wait", "lofi"), ("wait", job.short_id)):
        ran = run(*words)
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.count("\n") == 1
        assert f"Correct or unset {name}" in ran.err
        assert "canary" not in ran.err
    assert [job.number for job in store.open_jobs()] == [job.number], "nothing was held"


@pytest.mark.parametrize("value", ["http://user:canary@[::bad", "::canary::", "http://user:canary@proxy.example:99999"])
@pytest.mark.parametrize("name", ["HTTPS_PROXY", "ALL_PROXY"])
def test_doctor_tells_of_a_proxy_that_is_none(run: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv("WHISUL_API_KEY", KEY)
    monkeypatch.setenv(name, value)
    ran = run("doctor", "--json")
    layer = next(found for found in ran.json["layers"] if found["verdict"] == "broken")
    assert (ran.code, layer["layer"], layer["told"]) == (2, "network", "the proxy settings cannot be used")
    assert name in layer["mend"]
    assert "canary" not in ran.out + ran.err


def test_what_needs_no_request_is_told_all_the_same(
    run: Run, bring: Bring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = bring(JobState.FAILED)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "missing.pem"))
    assert run("wait", job.short_id).code == 5
    assert run("jobs").code == 0
