"""Changing one setting in the file: what is written, what is kept, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from whisul_tui.paths import Paths, find_paths
from whisul_tui.settings import ROWS, UNSET, SettingsError, change, load_settings, read_file
from whisul_tui.settings.live import groups, when
from whisul_tui.settings.shown import in_words, shown, whence
from whisul_tui.settings.table import BY_NAME

OWN = """\
# My settings.
undo_seconds = 9  # long

[keys]
again = "ctrl+y"

[profiles.work]
base_url = "https://work.example/api"
undo_seconds = 7
"""


@pytest.fixture
def paths(home: Path) -> Paths:
    return find_paths()


def put(paths: Paths, text: str) -> None:
    paths.config_file.parent.mkdir(parents=True, exist_ok=True)
    paths.config_file.write_text(text)
    paths.config_file.chmod(0o600)


def test_a_setting_is_written_and_everything_else_kept(paths: Paths) -> None:
    put(paths, OWN)
    kept = change(paths, "bell", False, profile="default", environ={})
    assert read_file(paths.config_file) == {
        "undo_seconds": 9,
        "bell": False,
        "keys": {"again": "ctrl+y"},
        "profiles": {"work": {"base_url": "https://work.example/api", "undo_seconds": 7}},
    }
    assert kept == paths.config_file.with_name("config.toml.bak")
    assert kept.read_text() == OWN
    assert {path.stat().st_mode & 0o777 for path in (kept, paths.config_file)} == {0o600}


def test_a_file_that_was_written_by_the_program_is_not_kept_again(paths: Paths) -> None:
    put(paths, OWN)
    change(paths, "bell", False, profile="default", environ={})
    assert change(paths, "bell", True, profile="default", environ={}) is None
    assert paths.config_file.with_name("config.toml.bak").read_text() == OWN


def test_it_goes_where_it_stands_for_the_profile_in_force(paths: Paths) -> None:
    put(paths, OWN)
    change(paths, "undo_seconds", 1.0, profile="work", environ={})
    change(paths, "bell", False, profile="work", environ={})
    content = read_file(paths.config_file)
    assert (content["undo_seconds"], content["profiles"]["work"]["undo_seconds"], content["bell"]) == (9, 1.0, False)
    change(paths, "undo_seconds", UNSET, profile="work", environ={})
    assert "undo_seconds" not in read_file(paths.config_file)["profiles"]["work"]
    change(paths, "undo_seconds", UNSET, profile="work", environ={})
    assert "undo_seconds" not in read_file(paths.config_file)


def test_settings_of_a_table_are_written_into_it_and_an_empty_one_goes(paths: Paths) -> None:
    change(paths, "downloads.folder", "~/songs", profile="default", environ={})
    assert read_file(paths.config_file) == {"downloads": {"folder": "~/songs"}}
    change(paths, "downloads.folder", UNSET, profile="default", environ={})
    change(paths, "downloads.name", UNSET, profile="default", environ={})
    assert read_file(paths.config_file) == {}


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("undo_seconds", 61.0, "0 to 60"),
        ("undo_seconds", "soon", "0 to 60"),
        ("base_url", "http://whisul.com", "plain http"),
        ("poll_min_seconds", 1.0, "5 or more"),
        ("poll_max_seconds", 5.5, "poll_min_seconds (6)"),
        ("profile", "nowhere", "there is no profile"),
        ("player", "two\nlines", "a command"),
    ],
)
def test_a_wrong_value_is_refused_and_nothing_written(paths: Paths, name: str, value: Any, words: str) -> None:
    text = "poll_min_seconds = 6\n"
    put(paths, text)
    with pytest.raises(SettingsError) as caught:
        change(paths, name, value, profile="default", environ={})
    assert words in str(caught.value)
    assert paths.config_file.read_text() == text


def test_a_broken_file_is_not_written_over(paths: Paths) -> None:
    put(paths, "bell = ")
    with pytest.raises(SettingsError, match="not valid TOML"):
        change(paths, "bell", True, profile="default", environ={})
    assert paths.config_file.read_text() == "bell = "


def test_a_folder_that_cannot_be_written_is_a_sentence(paths: Paths) -> None:
    paths.config_file.parent.parent.mkdir(parents=True, exist_ok=True)
    paths.config_file.parent.write_text("a file where the folder should be")
    with pytest.raises(SettingsError, match=r"cannot be (read|written)"):
        change(paths, "bell", True, profile="default", environ={})


VALUES = st.booleans() | st.integers() | st.floats() | st.text(max_size=12)


@hypothesis_settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(name=st.sampled_from([row.name for row in ROWS]), value=VALUES)
def test_any_value_is_written_and_loads_or_is_refused(paths: Paths, name: str, value: Any) -> None:
    put(paths, OWN)
    refused = ""
    try:
        change(paths, name, value, profile="default", environ={})
    except SettingsError as error:
        refused = str(error)
    if refused:
        assert any(words in refused for words in ("allowed", "known are", "not usable"))
        assert paths.config_file.read_text() == OWN
    else:
        settings = load_settings(paths, profile=None if name == "profile" else "default", environ={})
        assert settings.keys == {"again": "ctrl+y"}


# What the screen needs to know ---------------------------------------------------------------------------------------


def test_texts_become_values_of_the_kind() -> None:
    assert BY_NAME["bell"].parse("TRUE") is True
    assert BY_NAME["undo_seconds"].parse(" 2.5 ") == 2.5
    assert BY_NAME["max_in_flight"].parse("4") == 4
    assert BY_NAME["max_in_flight"].parse("4.5") == "4.5"
    assert BY_NAME["player"].parse("mpv {url}") == "mpv {url}"
    assert BY_NAME["glyphs"].choices == ("auto", "unicode", "ascii")
    assert BY_NAME["bell"].choices == (True, False)


def test_every_setting_is_in_one_group() -> None:
    names = [row.name for _, rows in groups() for row in rows]
    assert sorted(names) == sorted(row.name for row in ROWS)


def test_newer_settings_are_adopted_but_for_what_the_session_was_opened_with(paths: Paths) -> None:
    settings = load_settings(paths, environ={})
    put(paths, 'undo_seconds = 5\nbase_url = "https://other.example"\nbell = false\n[keys]\nagain = "A"\n')
    held = settings.values
    assert settings.adopt(load_settings(paths, environ={})) == {"undo_seconds", "bell", "keys"}
    assert (held["undo_seconds"], held["bell"], held["base_url"]) == (5, False, "https://whisul.com/api")
    assert settings.keys == {"again": "A"}
    assert whence(settings, "bell") == "file"
    assert when("bell") == "at once"
    assert "anew" in when("base_url")


def test_values_are_shown_in_words_and_the_key_masked(paths: Paths) -> None:
    settings = load_settings(paths, environ={"WHISUL_API_KEY": "wh_0123456789abcdefCANARY"})
    assert shown(settings, "api_key") == "••••NARY"
    assert [in_words(value) for value in (None, True, 3.0, 2.5, "mpv")] == ["not set", "true", "3", "2.5", "mpv"]
    assert "\x1b" not in in_words("x\x1b[31my")
