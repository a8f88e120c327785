"""`config path`, `config show`, `config init`."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest

from tests.cli.conftest import KEY, Run, write_config
from whisul_tui.cli.config import template
from whisul_tui.paths import Paths
from whisul_tui.settings import ROWS, load_settings


def test_path_names_every_place(run: Run, paths: Paths, tmp_path: Path) -> None:
    ran = run("config", "path")
    assert ran.code == 0
    assert ran.out.splitlines()[0].split() == ["config", str(paths.config_file)]
    found = run("config", "path", "--json", "--data-dir", str(tmp_path / "elsewhere")).json
    assert found["store"] == str(tmp_path / "elsewhere" / "jobs.db")
    assert found["log"] == str(paths.log_file)


def test_show_tells_value_and_origin_and_masks_the_key(run: Run, paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    write_config(paths, f'api_key = "{KEY}"\nundo_seconds = 0\n[keys]\nagain = "b"\n')
    monkeypatch.setenv("WHISUL_BASE_URL", "https://other.example/api")
    found = run("config", "show", "--json").json
    assert found["api_key"] == {"value": "••••NARY", "origin": str(paths.config_file)}
    assert found["base_url"] == {"value": "https://other.example/api", "origin": "environment"}
    assert found["undo_seconds"]["value"] == 0
    assert found["bell"] == {"value": True, "origin": "default"}
    assert found["keys.again"]["value"] == "b"
    assert {row.name for row in ROWS} <= set(found)
    shown = run("config", "show")
    assert re.search(r'^base_url +"https://other.example/api" +environment$', shown.out, re.MULTILINE)


def test_show_does_not_run_the_command_of_the_key(run: Run, paths: Paths, tmp_path: Path) -> None:
    write_config(paths, f'api_key_command = "touch {tmp_path / "ran"}"\n')
    assert run("config", "show").code == 0
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("text", ["bell = ", 'bell = "yes"', "bel = true", 'base_url = "http://whisul.com/api"'])
@pytest.mark.parametrize("words", [("config", "show"), ("jobs",), ("generate", "rain"), ("wait", "x")])
def test_a_broken_file_is_a_sentence_and_2(run: Run, paths: Paths, text: str, words: tuple[str, ...]) -> None:
    write_config(paths, text)
    ran = run(*words)
    assert (ran.code, ran.out) == (2, "")
    assert str(paths.config_file) in ran.err
    assert ran.err.count("\n") == 1


def test_init_writes_a_commented_private_file_that_changes_nothing(run: Run, paths: Paths) -> None:
    ran = run("config", "init")
    assert (ran.code, ran.out) == (0, f"{paths.config_file}\n")
    assert stat.S_IMODE(paths.config_file.stat().st_mode) == 0o600
    settings = load_settings(paths, environ={})
    assert set(settings.origins.values()) == {"default"}
    text = paths.config_file.read_text()
    for row in ROWS:
        assert row.help in text


def test_every_commented_line_of_init_is_valid_when_it_is_set(paths: Paths) -> None:
    text = re.sub(r"^# (?=\[|[a-z_]+ = )", "", template(), flags=re.MULTILINE)
    write_config(paths, text)
    settings = load_settings(paths, environ={})
    assert {row.name for row in ROWS if settings.origins[row.name] == "default"} == set()
    assert "work" in settings.profiles
    assert settings.keys == {"again": "ctrl+y"}


@pytest.mark.parametrize("there", ["file", "link"])
def test_init_never_touches_what_is_there(run: Run, paths: Paths, tmp_path: Path, there: str) -> None:
    paths.config_file.parent.mkdir(parents=True)
    target = paths.config_file if there == "file" else tmp_path / "mine.toml"
    if there == "link":
        paths.config_file.symlink_to(target)
    else:
        target.write_text("bell = false\n")
    ran = run("config", "init")
    assert ran.code == 2
    assert "was left as it is" in ran.err
    assert (target.read_text() == "bell = false\n") if there == "file" else not target.exists()
