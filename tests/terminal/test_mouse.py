"""The mouse: off in the settings it is never asked for; switched while the program runs it is at once."""

from __future__ import annotations

import pytest

from tests.support.pty_program import in_pty
from whisul_tui.paths import find_paths
from whisul_tui.terminal.mouse import set_mouse

ON, OFF = b"\x1b[?1000h", b"\x1b[?1000l"


@pytest.mark.parametrize("wanted", [False, True])
def test_the_mouse_is_asked_for_as_the_settings_say_and_switched_at_once(wanted: bool) -> None:
    file = find_paths().config_file
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f'base_url = "http://127.0.0.1:9/api"\nmouse = {str(wanted).lower()}\n')
    environ = {"WHISUL_API_KEY": "wh_0123456789abcdef"}
    with in_pty(["-m", "whisul_tui"], environ) as program:
        program.wait_for("1 Write")
        assert (ON in program.raw) is wanted
        program.press("\x1bOQ")
        program.wait_for("No jobs yet")
        program.press(",")
        program.wait_for("Settings")
        program.press("j" * 7)
        program.wait_for("The mouse works in the TUI.")
        seen = len(program.raw)
        program.press(" ")
        after = OFF if wanted else ON
        program.wait(lambda: after in program.raw[seen:], "the switch")
        assert f"mouse = {str(not wanted).lower()}" in file.read_text()
        assert program.end() == 0
    assert program.raw.rfind(OFF) > program.raw.rfind(ON)  # given back in the end


def test_a_driver_without_a_terminal_has_no_mouse() -> None:
    set_mouse(object(), True)
