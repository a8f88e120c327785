"""The command line: global options on both sides of the verb, help, version, mistakes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run
from whisul_tui import __version__
from whisul_tui.cli.arguments import VERBS, parse
from whisul_tui.command_line import _parsed


@pytest.mark.parametrize(
    "words",
    [
        ["--profile", "work", "--data-dir", "/d", "jobs"],
        ["jobs", "--profile", "work", "--data-dir", "/d"],
        ["--profile", "work", "jobs", "--data-dir", "/d"],
        ["--local", "jobs", "--profile", "work", "--data-dir", "/d"],
    ],
)
def test_global_options_stand_before_or_after_the_verb(words: list[str]) -> None:
    args = parse(words)
    assert (args.verb, args.profile, args.data_dir) == ("jobs", "work", Path("/d"))


def test_local_is_short_for_the_profile() -> None:
    assert parse(["--local"]).profile == "local"
    assert parse([]).profile is None
    assert parse([]).verb is None


def test_no_words_are_read_without_a_parser_as_with_one() -> None:
    assert _parsed([]) == parse([])


def test_every_verb_has_a_help_with_what_it_prints_and_ends_with(run: Run) -> None:
    ran = run("--help")
    assert ran.code == 0
    assert "examples:" in ran.out
    for name in VERBS:
        assert f"    {name} " in ran.out
        told = run(name, "--help")
        assert (told.code, told.err) == (0, "")
        assert "--data-dir" in told.out


@pytest.mark.parametrize("words", [["--version"], ["jobs", "--version"]])
def test_version(run: Run, words: list[str]) -> None:
    assert run(*words).out == f"whisul-tui {__version__}\n"


@pytest.mark.parametrize(
    "words",
    [
        ["bogus"],
        ["jobs", "--bogus"],
        ["jobs", "--limit", "many"],
        ["jobs", "--limit", "-1"],
        ["jobs", "--state", "done"],
        ["jobs", "--st", "failed"],
        ["wait"],
        ["show"],
        ["show", "a", "b"],
        ["config"],
        ["generate"],
        ["generate", "rain", "--file", "f"],
        ["generate", "late", "night"],
        ["generate", "rain", "--patience", "nan"],
        ["generate", "rain", "--patience", "-1"],
        ["--data-dir", "", "jobs"],
        ["--profile", "nobody", "jobs"],
    ],
)
def test_wrong_usage_is_one_line_and_2(run: Run, words: list[str]) -> None:
    ran = run(*words)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("whisul-tui")
    assert ran.err.count("\n") == 1


def test_a_mistake_cannot_steer_the_terminal(run: Run) -> None:
    ran = run("jobs", "--\x1b]0;pwned\x07")
    assert ran.code == 2
    assert "\x1b" not in ran.err


def test_a_prompt_that_begins_with_a_dash_goes_after_two(run: Run) -> None:
    assert parse(["generate", "--wait", "--", "-- minus"]).prompt == "-- minus"
    assert parse(["generate", "--", "-x"]).prompt == "-x"
    assert "after --" in run("generate", "-x").err
