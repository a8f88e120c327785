"""`generate` with several songs: expansion only where it is asked for, dry runs, so many at a time, and the budget."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run, write_config
from tests.cli.whisul import Whisul
from whisul_tui.paths import Paths
from whisul_tui.storage import JobStore, View, Windows

FOUR = "{lofi|jazz}, {rain|sun}"
PROMPTS = ["lofi, rain", "lofi, sun", "jazz, rain", "jazz, sun"]


def test_braces_are_text_unless_they_are_to_expand(run: Run, whisul: Whisul, store: JobStore) -> None:
    assert run("generate", FOUR).code == 0
    assert whisul.prompts == [FOUR]
    ran = run("generate", "--expand", FOUR)
    assert ran.code == 0
    assert len(ran.out.splitlines()) == 4
    assert sorted(whisul.prompts[1:]) == sorted(PROMPTS)
    jobs = Windows(store.database).rows(View(), 0, 9)
    assert len({job.family for job in jobs[:4]}) == 1
    assert jobs[4].family is None


def test_expanded_json_is_a_list_also_of_one(run: Run, whisul: Whisul) -> None:
    assert len(run("generate", "--expand", "--json", "{a|b} lofi").json) == 2
    assert len(run("generate", "--expand", "--json", "lofi").json) == 1


@pytest.mark.parametrize(
    ("text", "words"), [("lofi {a|b", "Character 6: this { is never closed"), ("{a|b}" * 8, "256 songs; at most 200")]
)
def test_what_does_not_expand_ends_with_2(run: Run, whisul: Whisul, text: str, words: str) -> None:
    ran = run("generate", "--expand", text)
    assert (ran.code, ran.out, whisul.prompts) == (2, "", [])
    assert words in ran.err


def test_a_dry_run_needs_no_key_sends_nothing_and_keeps_nothing(run: Run, paths: Paths) -> None:
    ran = run("generate", "--dry-run", "--expand", FOUR)
    assert ran.code == 0
    assert ran.out.splitlines() == [f"{place}  {prompt}" for place, prompt in enumerate(PROMPTS, 1)]
    assert "4 submissions; this is a dry run: nothing was sent." in ran.err
    assert not paths.database.exists()
    found = run("generate", "--dry-run", "--json", "--expand", FOUR).json
    assert found == {"prompts": PROMPTS, "submissions": 4}


def test_a_dry_run_of_a_file_expands_its_lines(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "prompts.txt"
    file.write_text("{a|b} lofi\n\nsoft {rain}\n", encoding="utf-8")
    assert run("generate", "--dry-run", "--file", str(file)).out.splitlines() == ["1  {a|b} lofi", "2  soft {rain}"]
    assert len(run("generate", "--dry-run", "--expand", "--file", str(file)).out.splitlines()) == 3
    file.write_text("fine\n{a|b lofi\n", encoding="utf-8")
    ran = run("generate", "--dry-run", "--expand", "--file", str(file))
    assert ran.code == 2
    assert "(line 2)" in ran.err


def test_at_most_so_many_are_with_whisul_at_a_time(run: Run, whisul: Whisul, store: JobStore, tmp_path: Path) -> None:
    """The ones that wait are sent when others have ended, so that `--wait` sees all of them through."""
    file = tmp_path / "prompts.txt"
    file.write_text("one lofi\ntwo lofi\nthree lofi\nfour lofi\n", encoding="utf-8")
    ran = run("generate", "--wait", "--max-in-flight", "1", "--file", str(file))
    assert ran.code == 0
    assert whisul.prompts == ["one lofi", "two lofi", "three lofi", "four lofi"]
    jobs = Windows(store.database).rows(View(), 0, 9)[::-1]
    for before, after in itertools.pairwise(jobs):
        assert before.finished_at is not None
        assert after.sent_at is not None
        assert after.sent_at >= before.changed_at


def test_over_the_budget_nothing_is_sent_unless_it_is_said(run: Run, whisul: Whisul, paths: Paths) -> None:
    text = paths.config_file.read_text(encoding="utf-8") if paths.config_file.exists() else ""
    write_config(paths, "budget_day = 3\n" + text)
    assert run("generate", "lofi").code == 0
    ran = run("generate", "--expand", "{a|b|c} lofi")
    assert (ran.code, ran.out) == (2, "")
    assert "1 of 3 today spent, and this is 3 submissions more" in ran.err
    assert "--over-budget" in ran.err
    dry = run("generate", "--dry-run", "--json", "--expand", "{a|b|c} lofi")
    assert dry.code == 2
    assert json.loads(dry.out) == {
        "prompts": ["a lofi", "b lofi", "c lofi"], "submissions": 3, "budget_day": 3, "spent_day": 1
    }  # fmt: skip
    assert whisul.prompts == ["lofi"]
    assert run("generate", "--over-budget", "--expand", "{a|b|c} lofi").code == 0
    assert len(whisul.prompts) == 4


@pytest.mark.parametrize("count", ["0", "-1", "many", "1001"])
def test_so_many_at_a_time_is_a_number(run: Run, count: str) -> None:
    ran = run("generate", "--max-in-flight", count, "lofi")
    assert ran.code == 2
    assert "a number from 1 to 1000" in ran.err or "expected one argument" in ran.err
