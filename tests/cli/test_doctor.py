"""`doctor`: the broken layer is named with its mend, and decides the exit code."""

from __future__ import annotations

import io
import os
import pty
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.conftest import KEY, Bring, Run, write_config
from tests.cli.whisul import Whisul
from whisul_tui.domain import JobState
from whisul_tui.domain.gate import Gate
from whisul_tui.paths import Paths, find_paths
from whisul_tui.settings import load_settings
from whisul_tui.storage import JobStore
from whisul_tui.terminal.remembered import recall

LAYERS = ["config", "key", "network", "API", "store", "terminal", "clipboard", "players", "listener"]


def verdicts(found: dict[str, list[dict[str, str]]]) -> dict[str, str]:
    return {layer["layer"]: layer["verdict"] for layer in found["layers"]}


def test_when_all_is_well(run: Run, whisul: Whisul, bring: Bring) -> None:
    bring(JobState.RUNNING)
    ran = run("doctor", "--json")
    assert ran.code == 0
    assert list(verdicts(ran.json)) == LAYERS
    assert [verdicts(ran.json)[layer] for layer in LAYERS[:5]] == ["ok"] * 5
    told = {layer["layer"]: layer["told"] for layer in ran.json["layers"]}
    assert "1 job" in told["store"]
    assert "••••NARY" in told["key"]
    assert whisul.prompts == []
    assert [request.method for request in whisul.requests] == ["GET"]


def test_people_get_a_line_a_layer(run: Run, whisul: Whisul) -> None:
    lines = run("doctor").out.splitlines()
    assert lines[0].startswith("✓  ok       config     ")
    assert [line.split()[2] for line in lines if line[0] != " "] == LAYERS


@pytest.mark.parametrize(
    ("config", "code", "layer", "mend"),
    [
        ("bel = true", 2, "config", ""),
        ("", 3, "key", "WHISUL_API_KEY"),
        ('api_key_command = "false"', 3, "key", "by hand"),
        (f'api_key = "{KEY}"', 7, "network", "network"),
    ],
)
def test_the_first_broken_layer_decides(run: Run, paths: Paths, config: str, code: int, layer: str, mend: str) -> None:
    write_config(paths, f'base_url = "http://127.0.0.1:9/api"\n{config}\n')
    ran = run("doctor", "--json")
    assert ran.code == code
    first = next(found for found in ran.json["layers"] if found["verdict"] == "broken")
    assert first["layer"] == layer
    assert mend in (first["mend"] or "")
    assert verdicts(ran.json)["API"] == "skipped"


@pytest.mark.parametrize(("status", "code"), [(401, 3), (500, 7), (302, 7)])
def test_an_api_that_does_not_work(run: Run, whisul: Whisul, status: int, code: int) -> None:
    whisul.status = status
    ran = run("doctor", "--json")
    assert ran.code == code
    assert verdicts(ran.json)["API"] == "broken"


def test_a_limit_breaks_nothing(run: Run, whisul: Whisul) -> None:
    whisul.status = 429
    ran = run("doctor", "--json")
    assert ran.code == 0
    assert verdicts(ran.json)["API"] == "note"


def test_nothing_is_asked_while_the_gate_is_closed(run: Run, whisul: Whisul, store: JobStore, paths: Paths) -> None:
    settings = load_settings(paths)
    with store.turn() as turn:
        turn.save_gate(settings.profile.gate(settings.key), Gate(until=time.time() + 60))
    ran = run("doctor", "--json")
    assert verdicts(ran.json)["API"] == "note"
    assert whisul.requests == []


def test_a_damaged_store(run: Run, whisul: Whisul, paths: Paths) -> None:
    paths.data_dir.mkdir(parents=True)
    paths.database.write_text("no database")
    ran = run("doctor", "--json")
    assert ran.code == 1
    assert verdicts(ran.json)["store"] == "broken"
    assert verdicts(ran.json)["API"] == "ok"


def test_a_player_of_the_settings_that_is_not_there(run: Run, whisul: Whisul, paths: Paths) -> None:
    paths.config_file.write_text(paths.config_file.read_text() + 'player = "no-such-player {url}"\n')
    ran = run("doctor", "--json")
    assert ran.code == 2
    assert verdicts(ran.json)["players"] == "broken"


@pytest.mark.parametrize(("answers", "verdict"), [("y" + "\n" * 14, "ok"), ("n\n" * 14, "note")])
def test_what_only_eyes_can_tell(whisul: Whisul, answers: str, verdict: str) -> None:
    outer, inner = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "whisul_tui", "doctor", "--terminal"],
        stdin=subprocess.PIPE,
        stdout=inner,
        stderr=inner,
        env=os.environ | {"PYTHONPATH": str(Path.cwd())},
    )
    os.close(inner)
    assert process.stdin is not None
    process.stdin.write(answers.encode())
    process.stdin.close()
    shown = b""
    try:
        while chunk := os.read(outer, 65_536):
            shown += chunk
    except OSError:  # the other end is closed
        pass
    os.close(outer)
    assert process.wait(timeout=10) == 0
    lines = [line for line in shown.decode().splitlines() if " terminal " in line]
    assert len(lines) == 14
    assert all(f" {verdict} " in line for line in lines)
    for seen in (b"\x1b[48;2;255;64;0m", b"\x1bP0;1;0q", b"\x1b_Ga=T", b"\x1b]777;notify;", b"\x1b]52;c;"):
        assert seen in shown, "a sample is not cleaned away"
    kept = recall(find_paths().state_dir, os.environ)
    assert set(kept.values()) == {verdict == "ok"}
    assert {"bell", "sixel", "kitty", "clipboard by OSC 52"} < set(kept)


def test_eyes_need_a_terminal(run: Run, whisul: Whisul, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    ran = run("doctor", "--terminal")
    assert ran.code == 2
    assert "needs a terminal" in ran.err


def test_keys_of_connections_that_are_written_down_are_warned_of(
    run: Run, whisul: Whisul, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSLKEYLOGFILE", "/tmp/keys")
    layer = next(found for found in run("doctor", "--json").json["layers"] if found["layer"] == "network")
    assert layer["verdict"] == "note"
    assert "SSLKEYLOGFILE" in layer["told"]


def test_a_folder_that_others_may_write_to_is_warned_of(run: Run, whisul: Whisul, paths: Paths, bring: Bring) -> None:
    bring(JobState.RUNNING)
    ran = run("--data-dir", str(paths.data_dir), "doctor", "--json")
    assert verdicts(ran.json)["store"] == "ok"
    folder = paths.data_dir.with_name("elsewhere")
    paths.data_dir.rename(folder)
    folder.chmod(0o777)
    ran = run("--data-dir", str(folder), "doctor", "--json")
    assert verdicts(ran.json)["store"] == "note"


def test_a_key_behind_a_symbolic_link_is_told(run: Run, paths: Paths, tmp_path: Path) -> None:
    """By doctor as a note, and by a verb that uses the key."""
    write_config(paths, f'base_url = "http://127.0.0.1:9/api"\napi_key = "{KEY}"\n')
    paths.config_file.rename(tmp_path / "linked.toml")
    paths.config_file.symlink_to(tmp_path / "linked.toml")
    layer = run("doctor", "--json").json["layers"][0]
    assert (layer["layer"], layer["verdict"]) == ("config", "note")
    assert "symbolic link" in layer["told"]
    assert "symbolic link" in run("generate", "rain", "--patience", "0").err
