"""The user's own themes: what loads, and a sentence for what does not."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from whisul_tui.theme_files import OwnFiles

MINE = """\
primary = "#7aa2f7"
background = "#101010"
foreground = "white"
dark = true
[variables]
state-failed = "red"
"""


def test_a_folder_that_is_not_there_has_none(tmp_path: Path) -> None:
    assert OwnFiles.read(tmp_path / "themes") == OwnFiles()


def test_a_file_is_a_theme_of_its_name(tmp_path: Path) -> None:
    tmp_path.joinpath("mine.toml").write_text(MINE)
    tmp_path.joinpath("readme.txt").write_text("no theme")
    files = OwnFiles.read(tmp_path)
    assert files.problems == ()
    (theme,) = files.themes
    assert (theme.name, theme.primary, theme.dark, theme.variables) == (
        "mine",
        "#7aa2f7",
        True,
        {"state-failed": "red"},
    )


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("mine", "", "is empty"),
        ("mine", "primary = ", "not valid TOML"),
        ("mine", "background = 'black'", "there is no primary"),
        ("mine", "primary = '#12'", "allowed is a colour"),
        ("mine", "primary = 3", "primary is 3; allowed is a colour"),
        ("mine", "primary = '#7aa2f780'", "allowed is a colour"),
        ("mine", "primary = 'ansi_red'", "allowed is a colour"),
        ("mine", "primary = 'red'\nlettering = 'big'", "unknown 'lettering'; known are primary"),
        ("mine", "primary = 'red'\ndark = 1", "true or false"),
        ("mine", "primary = 'red'\nvariables = 1", "allowed to be a table"),
        ("mine", "primary = 'red'\n[variables]\nstate-lost = 'red'", "unknown variable 'state-lost'"),
        ("nord", "primary = 'red'", "this name is taken"),
        ("whisul-dark", "primary = 'red'", "this name is taken"),
        ("My Theme", "primary = 'red'", "allowed are names of"),
        ("mine", "primary = '\\u001b[31m'", "allowed is a colour"),
        ("mine", "a = " + "[" * 5000, "not valid TOML"),
        ("mine", "#" * 70_000, "larger than 64 KB"),
    ],
)
def test_what_is_wrong_is_told_with_the_file(tmp_path: Path, name: str, text: str, words: str) -> None:
    tmp_path.joinpath(f"{name}.toml").write_text(text)
    files = OwnFiles.read(tmp_path)
    assert files.themes == ()
    (problem,) = files.problems
    assert problem.startswith(f"{name}.toml: ")
    assert words in problem
    assert "\x1b" not in problem


@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(raw=st.binary(max_size=60))
def test_any_file_is_a_theme_or_a_sentence(tmp_path: Path, raw: bytes) -> None:
    tmp_path.joinpath("mine.toml").write_bytes(raw)
    files = OwnFiles.read(tmp_path)
    assert len(files.themes) + len(files.problems) == 1
