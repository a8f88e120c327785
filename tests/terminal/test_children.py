"""No program that is started from here is given the key in its environment."""

from __future__ import annotations

import ast
import json
import os
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import whisul_tui
from whisul_tui.domain.secret import Secret
from whisul_tui.paths import find_paths
from whisul_tui.screens.external_editor import edit_outside
from whisul_tui.settings import load_settings, with_key

PACKAGE = Path(whisul_tui.__file__).parent
KEY = "wh_canary_0123456789"
STARTS = {"run", "Popen", "create_subprocess_exec", "check_output", "check_call", "call"}


def starts(source: str) -> list[ast.Call]:
    """The calls that start a program."""
    return [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in STARTS
        and ast.unparse(node.func.value) in ("subprocess", "asyncio")
        and not (node.func.attr == "run" and ast.unparse(node.func.value) == "asyncio")
    ]


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_program_is_given_an_environment_of_its_own(path: Path) -> None:
    for call in starts(path.read_text()):
        assert any(key.arg == "env" for key in call.keywords), f"{path.name}:{call.lineno} inherits the key"
        assert not any(key.arg == "shell" for key in call.keywords)


def test_the_rule_sees() -> None:
    (call,) = starts("import subprocess\nsubprocess.run(words)")
    assert not call.keywords


def script(folder: Path, out: Path) -> Path:
    """A program that writes its environment down."""
    path = folder / "noting"
    path.write_text(f"#!/bin/sh\nenv > {out}\necho {KEY}-given\n")
    path.chmod(0o700)
    return path


def test_an_editor_gets_no_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "seen"
    monkeypatch.setenv("WHISUL_API_KEY", KEY)
    monkeypatch.setenv("EDITOR", str(script(tmp_path, out)))
    app: Any = SimpleNamespace(suspend=nullcontext)
    assert edit_outside(app, "soft rain") == "soft rain"
    assert "PATH=" in out.read_text()
    assert KEY not in out.read_text()


def test_the_command_that_prints_a_key_gets_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out, paths = tmp_path / "seen", find_paths()
    paths.config_file.parent.mkdir(parents=True, exist_ok=True)
    paths.config_file.write_text(f"api_key_command = {json.dumps(str(script(tmp_path, out)))}\n")
    monkeypatch.setenv("WHISUL_PROFILE", "default")
    settings = with_key(load_settings(paths, environ={}))
    assert isinstance(settings.key, Secret)
    assert settings.key.reveal() == f"{KEY}-given"
    assert "WHISUL_" not in out.read_text()
    assert os.environ["WHISUL_PROFILE"] == "default"
