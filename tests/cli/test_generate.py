"""`generate`, with a real engine, store and server: what is sent, what is printed, how it ends."""

from __future__ import annotations

import asyncio
import io
import socket
import stat
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import KEY, Bring, Run, write_config
from tests.cli.whisul import MP3, PNG, Whisul
from tests.support.scripted import Request, ScriptedServer, Step, answer, reset, running
from whisul_tui.domain import JobState
from whisul_tui.domain.gate import Gate
from whisul_tui.paths import Paths
from whisul_tui.settings import load_settings
from whisul_tui.storage import JobStore


def open_gate(store: JobStore, paths: Paths) -> None:
    """Lets requests leave at once: what the wait after a 429 would do in 5 s."""
    settings = load_settings(paths)
    with store.turn() as turn:
        turn.save_gate(settings.profile.gate(settings.key), Gate())


def test_it_returns_with_the_job_id_once_whisul_has_accepted(run: Run, whisul: Whisul, store: JobStore) -> None:
    ran = run("generate", "late night lofi, stays")
    [job_id] = whisul.jobs
    assert (ran.code, ran.out, ran.err) == (0, f"{job_id}\n", "")
    assert whisul.prompts == ["late night lofi, stays"]
    assert store.find(job_id).state is JobState.RUNNING


def test_a_prompt_of_another_program_that_it_has_sent_keeps_its_answer(
    run: Run, whisul: Whisul, store: JobStore, bring: Bring, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was killed, say, and left one in the outbox; Whisul takes its time over that one, and has taken our own."""
    monkeypatch.setattr("whisul_tui.session.STOP_SECONDS", 0.1)
    older = bring(JobState.HELD, "left behind, stays")
    assert whisul.server is not None
    served, ours = whisul.server.otherwise.act, asyncio.Event()

    async def slowly(request: Request | None, writer: asyncio.StreamWriter) -> None:
        if request is not None and b"left behind" in request.body:
            await ours.wait()  # is accepted: the verb has nothing more to do
            await asyncio.sleep(1.0)
        await served(request, writer)
        ours.set()

    whisul.server.otherwise = Step(slowly)
    assert run("generate", "late night lofi, stays").code == 0
    assert whisul.prompts == ["late night lofi, stays", "left behind, stays"]
    assert store.find(older.client_id).state is JobState.RUNNING


def test_wait_follows_to_the_end(run: Run, whisul: Whisul) -> None:
    ran = run("generate", "--wait", "late night lofi")
    [job_id] = whisul.jobs
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines()[0] == job_id
    assert ran.out.splitlines()[1].startswith(f"{job_id}  ✓ completed  Rain on Neon  3:03  http://127.0.0.1")


def test_json_is_one_object(run: Run, whisul: Whisul) -> None:
    found = run("generate", "--wait", "--json", "late night lofi").json
    assert (found["state"], found["title"], found["seconds"]) == ("completed", "Rain on Neon", 183.0)
    assert (found["started_at"], found["finished_at"]) == ("2025-05-01T12:00:00Z", "2025-05-01T12:01:38Z")


def test_a_failed_job_ends_with_5(run: Run, whisul: Whisul) -> None:
    ran = run("generate", "--wait", "fail, please")
    assert ran.code == 5
    assert "✗ failed" in ran.out
    assert "The violins broke. It cannot be resumed" in ran.err


def test_a_rejected_prompt_ends_with_6_and_is_kept(run: Run, whisul: Whisul, store: JobStore) -> None:
    ran = run("generate", "reject this polka")
    assert (ran.code, ran.out) == (6, "")
    assert "No polka. Change the prompt" in ran.err
    assert run("jobs", "--state", "rejected", "--json").json[0]["prompt"] == "reject this polka"


def test_without_a_key_nothing_is_sent_and_it_ends_with_3(run: Run, paths: Paths) -> None:
    ran = run("generate", "rain")
    assert (ran.code, ran.out) == (3, "")
    assert "WHISUL_API_KEY" in ran.err
    assert not paths.database.exists()


def test_a_key_that_is_refused_ends_with_3_and_the_prompt_waits(run: Run, whisul: Whisul) -> None:
    whisul.status = 401
    ran = run("generate", "rain")
    assert (ran.code, ran.out) == (3, "")
    assert "key" in ran.err
    assert run("jobs", "--json").json[0]["state"] == "held"


def test_a_limit_that_outlasts_the_patience_ends_with_7_and_wait_sends_it(
    run: Run, whisul: Whisul, store: JobStore, paths: Paths
) -> None:
    whisul.status = 429
    ran = run("generate", "rain", "--patience", "0.2")
    assert (ran.code, ran.out) == (7, "")
    assert "patience" in ran.err
    assert whisul.prompts == []
    held = run("jobs", "--json").json[0]
    assert held["state"] == "held"
    resume = f"whisul-tui wait {held['client_id'][:8]}"
    assert resume in ran.err
    whisul.status = None
    open_gate(store, paths)
    assert run(*resume.split()[1:]).code == 0
    assert whisul.prompts == ["rain"]


def test_a_host_that_cannot_be_reached_ends_with_7(run: Run, paths: Paths) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: refused
        write_config(paths, f'base_url = "http://127.0.0.1:{taken.getsockname()[1]}/api"\napi_key = "{KEY}"\n')
        ran = run("generate", "rain", "--patience", "0.2", "--json")
    assert ran.code == 7
    assert ran.json["state"] == "held"


def test_a_lost_answer_ends_with_8_and_nothing_is_sent_again(run: Run, paths: Paths) -> None:
    with running(ScriptedServer(reset())) as server:
        write_config(paths, f'base_url = "{server.url}/api"\napi_key = "{KEY}"\n')
        ran = run("generate", "--wait", "rain")
        again = run("wait", run("jobs", "--json").json[0]["client_id"])
    assert (ran.code, again.code) == (8, 8)
    assert "may cost twice" in ran.err
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "raw",
    [
        answer(202, b"<html>Log in, please</html>", {"Content-Type": "text/html"}),
        answer(202, b'{"job_id": "7f3a'),
        answer(202, {"job_id": "../../etc/passwd"}),
        answer(503, b"busy"),
    ],
)
def test_an_answer_that_cannot_be_read_is_unconfirmed_too(run: Run, whisul: Whisul, raw: bytes) -> None:
    whisul.raw = raw
    ran = run("generate", "rain")
    assert (ran.code, ran.out) == (8, "")
    assert ran.err.count("\n") == 1


def test_a_store_of_a_newer_version_is_read_and_nothing_is_sent(
    run: Run, whisul: Whisul, store: JobStore, bring: Bring
) -> None:
    bring(JobState.COMPLETED, "soft rain")
    with store.database.write() as connection:
        connection.execute("PRAGMA user_version = 999")
    store.database.close()
    ran = run("generate", "rain")
    assert (ran.code, ran.out) == (1, "")
    assert "newer" in ran.err
    ran = run("jobs")
    assert ran.code == 0
    assert "soft rain" in ran.out
    assert "newer" in ran.err
    assert whisul.requests == []


def test_a_file_is_one_prompt_a_line(run: Run, whisul: Whisul, tmp_path: Path) -> None:
    file = tmp_path / "prompts.txt"
    file.write_bytes("\ufefffirst\r\n\n  \t\nsecond # no comment\n- third\n".encode())
    ran = run("generate", "--file", str(file))
    assert ran.code == 0
    assert sorted(ran.out.split()) == sorted(whisul.jobs)  # three at once: the answers come in any order
    assert sorted(whisul.prompts) == ["- third", "first", "second # no comment"]


def test_with_several_the_first_that_did_not_end_well_decides(run: Run, whisul: Whisul, tmp_path: Path) -> None:
    file = tmp_path / "prompts.txt"
    file.write_text("good\nfail\nreject\n")
    ran = run("generate", "--wait", "--json", "--file", str(file))
    assert ran.code == 5
    assert [job["state"] for job in ran.json] == ["completed", "failed", "rejected"]


def test_the_prompt_from_standard_input_keeps_its_lines(
    run: Run, whisul: Whisul, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("[Verse]\nrain 夜\n".encode())))
    assert run("generate", "-").code == 0
    assert whisul.prompts == ["[Verse]\nrain 夜"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["   "], "empty"),
        (["x" * 100_000], "100,000 characters"),
        (["--file", "bad.txt"], "line 2"),
        (["--file", "blank.txt"], "no prompts"),
        (["--file", "missing.txt"], "No such file"),
        (["--file", "latin.txt"], "not UTF-8"),
        (["--file", "."], "Is a directory"),
    ],
)
def test_a_prompt_that_cannot_be_sent_is_2_before_anything_is(
    run: Run, whisul: Whisul, paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("bad.txt").write_text("good\n" + "x" * 20_000)
    Path("blank.txt").write_text("\n \n")
    Path("latin.txt").write_bytes(b"fl\xfcte")
    ran = run("generate", *words)
    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err
    assert whisul.prompts == []
    assert not paths.database.exists()


def test_download_keeps_song_and_cover_and_waits_by_itself(run: Run, whisul: Whisul, tmp_path: Path) -> None:
    found = run("generate", "--download", str(tmp_path / "songs"), "--json", "rain").json
    song, cover = Path(found["song_file"]), Path(found["cover_file"])
    assert (song.read_bytes()[-4100:], cover.read_bytes()) == (MP3[10:], PNG), "a tag of ours, and the music"
    assert song.parent == tmp_path / "songs"
    assert song.name.startswith("Rain on Neon")
    assert stat.S_IMODE(song.stat().st_mode) == 0o600


@pytest.mark.parametrize("state", [JobState.HELD, JobState.SENDING])
def test_what_others_left_in_the_outbox_is_not_printed(run: Run, whisul: Whisul, bring: Bring, state: JobState) -> None:
    bring(state, "somebody else's, stays")
    ran = run("generate", "mine, stays")
    assert ran.code == 0
    assert ran.out.strip() in whisul.jobs
    assert whisul.jobs[ran.out.strip()] == "mine, stays"


def test_a_seed_is_never_sent_to_anybody_but_a_studio(run: Run, whisul: Whisul) -> None:
    ran = run("generate", "--seed", "42", "late night lofi")
    assert (ran.code, ran.out, whisul.prompts) == (2, "", [])
    assert "--seed is the studio's alone" in ran.err
    assert "nothing was sent" in ran.err


@pytest.mark.parametrize("seed", ["-1", "x", "1.5", "9" * 19])
def test_a_seed_is_a_number(run: Run, whisul: Whisul, seed: str) -> None:
    ran = run("generate", f"--seed={seed}", "late night lofi")
    assert (ran.code, whisul.prompts) == (2, [])
    assert "1 to 18 digits" in ran.err
