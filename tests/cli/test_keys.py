"""`keys`: the list, and what a terminal sends."""

from __future__ import annotations

import termios

from tests.cli.conftest import Run, write_config
from tests.support.pty_program import in_pty
from whisul_tui.cli.keys import escaped, told
from whisul_tui.keymap import KEYS
from whisul_tui.paths import Paths
from whisul_tui.remapping import remap


def test_the_list_has_every_action_with_its_keys_room_and_help(run: Run) -> None:
    ran = run("keys", "--list")
    assert (ran.code, ran.err) == (0, "")
    assert [line.split()[0] for line in ran.out.splitlines()] == list(KEYS)
    found = run("keys", "--list", "--json").json
    assert found[0] == {
        "id": "screen.write",
        "keys": ["c", "1"],
        "default": ["c", "1"],
        "room": "Everywhere",
        "help": "Compose a prompt",
    }


def test_the_users_own_keys_are_in_force_and_conflicts_are_notes(run: Run, paths: Paths) -> None:
    write_config(paths, '[keys]\nagain = "e"\nsort = ""\nagian = "z"\n')
    ran = run("keys", "--list", "--json")
    keys = {row["id"]: row["keys"] for row in ran.json}
    assert (keys["again"], keys["edit"], keys["sort"]) == (["e"], [], [])
    assert "config.toml [keys] agian: there is no such action; did you mean again?" in ran.err
    assert "e: again and edit both want it. again has it" in ran.err


def test_doctor_tells_of_keys_that_could_not_be_as_written(run: Run, paths: Paths) -> None:
    write_config(paths, 'profile = "local"\n[keys]\nagian = "z"\n')
    found = run("doctor", "--json").json
    assert "agian: there is no such action" in str(found)


def test_without_a_terminal_it_is_a_line_and_2(run: Run) -> None:
    for words in (("keys",), ("keys", "--json")):
        ran = run(*words)
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.count("\n") == 1


def test_a_key_is_told_with_its_bytes_and_its_action_in_each_room() -> None:
    assert told("a", "a", {})[0].split() == ["a", "a"]
    assert "again (Jobs, Listen)" in told("a", "a", {})[1]
    assert len(told("escape", "\x1b", {})) < 20
    assert told("a", "a", remap({"again": "A"}).keymap)[1:] == ["    no action, text in a text field"]
    assert "tmux" in told("ctrl+b", "\x02", {})[-1]
    assert escaped("\x1b[A é\\") == r"\x1b[A\x20\xc3\xa9" + "\\"


def test_in_a_terminal_it_shows_what_is_pressed_until_q_is_pressed_twice() -> None:
    with in_pty(["-m", "whisul_tui", "keys"]) as program:
        program.wait_for("ends it")
        before = termios.tcgetattr(program._handle)
        for raw, words in (
            ("\x12", "ctrl+r"),
            ("\x1b", "escape"),
            ("\x1b[A", r"\x1b[A"),
            ("\x03", r"\x03"),
            ("q", "q"),
        ):
            program.press(raw)
            program.wait_for(words)
        assert program.end("q") == 0
        assert not before[3] & termios.ICANON
    assert b"\x1b[>25u" in program.raw
    assert program.raw.rstrip().endswith(b"\x1b[<u")
