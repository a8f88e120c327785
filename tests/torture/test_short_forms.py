"""A short form of each torture, and a sign that it can fail; the full ones are commands, see the README."""

from __future__ import annotations

import ast
import shutil
from pathlib import Path

import pytest

from tests.torture import (
    crash_canary,
    damaged_stores,
    fuzzed_answers,
    hostile_players,
    hostile_terminal,
    huge_fields,
    mutants,
    outbox_model,
    program_kills,
    syscall_kills,
    terminal_signals,
)
from tests.torture.payloads import EVERYTHING, PAYLOADS
from tests.torture.whitelist import violations
from whisul_tui.jobs.outbox import Outbox
from whisul_tui.storage import claims, submissions


def may_trace() -> bool:
    return shutil.which("strace") is not None


@pytest.mark.skipif(not may_trace(), reason="strace is not installed")
def test_killed_at_system_calls() -> None:
    verdict = syscall_kills.run(["202"], points=5, seed=3)
    assert verdict.points == 5
    assert verdict.killed
    assert (verdict.lost, verdict.doubled, verdict.broken) == ([], [], [])


def test_any_order_of_prompts_answers_crashes_and_clocks() -> None:
    outbox_model.check(12, 30)


def test_the_model_sees_a_prompt_that_is_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def held_again(self: Outbox, number: int, _evidence: str) -> None:
        self.not_sent(number, 0.0)

    monkeypatch.setattr(Outbox, "_unconfirmed", held_again)
    with pytest.raises(AssertionError, match=r"sent twice|was taken, and is held"):
        outbox_model.check(60, 40, shrink=False)


def test_the_model_sees_a_paused_prompt_that_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(submissions, "_LEAVING", submissions._LEAVING.replace("NOT paused", "TRUE"))
    monkeypatch.setattr(claims, "_FIRST_READY", claims._FIRST_READY.replace("NOT paused", "TRUE"))
    monkeypatch.setattr(claims, "_CLAIM_SUBMISSION", claims._CLAIM_SUBMISSION.replace("NOT paused", "TRUE"))
    with pytest.raises(AssertionError, match="paused"):
        outbox_model.check(60, 40, shrink=False)


def test_the_model_sees_an_id_that_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    right = Outbox._accepted
    monkeypatch.setattr(Outbox, "_accepted", lambda self, job, job_id: right(self, job, f"{job_id}-not"))
    with pytest.raises(AssertionError, match="was taken, and is running"):
        outbox_model.check(60, 40, shrink=False)


@pytest.mark.parametrize("payload", PAYLOADS, ids=ascii)
def test_the_whitelist_sees_every_payload(payload: str) -> None:
    harmless = {"\r", "\x07", "\x08\x08\x08", "\x1b7\x1b8", "\x1b[2J\x1b[H", "\x1b[31mred\x1b[0m", "\ufe0f\ufe0e"}
    harmless |= {"\x1b[?1049l", "\x1b[?1000h", "\x1b(0lqqk\x1b(B", "e" + "\u0301" * 300}  # the program's own, or text
    found = violations(f"a{payload}b".encode("utf-8", "surrogatepass"))
    assert bool(found) or payload in harmless


def test_hostile_texts_in_a_terminal() -> None:
    outcome = hostile_terminal.in_terminal(hostile_terminal.UNWALLED, EVERYTHING[::30], 80, 24, deep=1)
    assert outcome.wrong == []
    assert len(outcome.drawn) > 10


def test_crashes_of_some_kinds_leave_no_canary() -> None:
    assert crash_canary.run(few=True)[1] == []


def test_damaged_stores_and_settings() -> None:
    stores, configs = damaged_stores.stores(12, seed=7), damaged_stores.configs(100)
    assert sum(stores.values()) == 12
    assert stores["set aside and rebuilt"] > 2
    assert set(configs) <= {"taken", "refused with a sentence"}


@pytest.mark.skipif(not may_trace(), reason="strace is not installed")
def test_a_disk_that_is_full_at_a_write() -> None:
    verdict = damaged_stores.full_disks(2)
    assert verdict.points == 2
    assert (verdict.lost, verdict.doubled, verdict.broken) == ([], [], [])


def test_fuzzed_bodies() -> None:
    assert sum(fuzzed_answers.bodies(1500, seed=5).values()) == 3000


def test_signals_at_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        terminal_signals,
        "KINDS",
        {name: terminal_signals.KINDS[name] for name in ("SIGHUP", "20 SIGCONTs while starting, ^q")},
    )
    well, bad, _seconds = terminal_signals.run(1)
    assert bad == []
    assert well.total() == 2


def test_whole_programs_killed_on_one_store(tmp_path: Path) -> None:
    total = program_kills.Sum()
    program_kills.torture(tmp_path, 5, total, seed=11, pace=3.0)
    assert total.breaches == []
    assert total.killed.total() >= 5


@pytest.mark.skipif(not may_trace(), reason="strace is not installed")
@pytest.mark.parametrize("name", ["ffplay", "vlc", "mpg123"])
def test_hostile_links_and_files_for_a_player(name: str) -> None:
    seen = hostile_players.try_player(name, few=True)
    if seen is None:
        pytest.skip(f"{name} is not installed")
    assert seen.wrong == []
    assert seen.sounded
    assert seen.refused > 3


def test_a_players_judge_sees_what_it_must_not_do(tmp_path: Path) -> None:
    log = tmp_path / "strace.log"
    log.write_text(
        '10 execve("/usr/bin/mpv", ["mpv"]) = 0\n10 openat(AT_FDCWD, "/x/song/song.mp3", O_RDONLY) = 3\n'
        '10 openat(AT_FDCWD, "/x/BAIT.wav", O_RDONLY) = 4\n11 execve("/bin/sh", ["sh"]) = 0\n'
        '10 connect(5, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("9.9.9.9")}, 16) = 0\n'
    )
    wrong = hostile_players.judged(log, '"/x/song/song.mp3"', ["/song", "/BAIT.wav"], {"/song"})
    assert [why.split()[1] for why in wrong] == ["asked", "opened", "started", "called"]


def test_a_mutant_differs_in_one_place() -> None:
    source = "def f(a, b):\n    if a < b and not a:\n        return min(a + 1, 'x')\n    g()\n"
    versions = [ast.unparse(tree) for _, tree in mutants.mutants(source)]
    assert len(set(versions)) == len(versions) == 10
    assert ast.unparse(ast.parse(source)) not in versions
    assert "    pass" in "\n".join(versions)


def test_huge_texts_are_painted_in_time() -> None:
    usual, huge = huge_fields.run(2_000_000, ("Listen",), rounds=1)
    assert set(huge.seconds) == {"Listen", "a paste"}
    assert (huge.slow(usual), huge.grown < huge_fields.MOST_MEGABYTES) == ([], True)
