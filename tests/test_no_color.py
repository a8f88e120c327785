"""NO_COLOR in the bytes that really leave: not one colour, and cursor and selection still seen."""

from __future__ import annotations

import re

from tests.support.pty_program import in_pty

_SGR = re.compile(rb"\x1b\[([0-9;:]*)m")
_ESCAPE = re.compile(rb"\x1b[\]P^_].*?(?:\x07|\x1b\\)", re.DOTALL)


def colours(raw: bytes) -> set[bytes]:
    """Every SGR that sets a foreground, background or underline colour."""
    found = set()
    for sequence in _SGR.findall(_ESCAPE.sub(b"", raw)):
        for part in re.split(rb"[;:]", sequence):
            number = int(part or b"0")
            if 30 <= number <= 38 or 40 <= number <= 48 or 90 <= number <= 107 or number == 58:
                found.add(sequence)
    return found


def test_no_screen_sends_a_colour() -> None:
    """Write, history, palette, help, Jobs with a mark, Listen, link sheet, Setup."""
    with in_pty(["-m", "tests.support.staged", "write"], {"NO_COLOR": "1"}, (100, 30)) as program:
        steps = [
            ("", "Recent prompts"), ("abc", "abc"), ("\x12", "Earlier prompts"), ("\x1b", "Prompt"),
            ("\x10", "Search for commands"), ("\x1b", "Prompt"), ("\x1bOP", "Keys"), ("\x1b", "Prompt"),
            ("\x1bOQ", "newest first"), ("j ", "marked"), ("3", "upright bass"), ("v", "bare link"), ("\x1b", "1 of 5"),
            ("K", "Paste an API key"), ("\r", "paste the key here"),
        ]  # fmt: skip
        for keys, words in steps:
            program.press(keys)
            program.wait_for(words)
            program.read(0.3)
        assert program.end() == 0
    assert colours(bytes(program.raw)) == set()


def test_the_cursor_is_seen_without_a_colour() -> None:
    """The cursor of the editor, the row of the table and the chosen tab are reversed."""
    with in_pty(["-m", "tests.support.staged", "write"], {"NO_COLOR": "1"}) as program:
        program.wait_for("Recent prompts")
        program.read(0.3)
        assert {"1 Write", "l"} <= reversed_text(program)  # the example's first letter is under the cursor
        program.press("\x1b")
        program.wait_for("newest first")
        program.read(0.3)
        assert any("late night lofi" in text for text in reversed_text(program))
        program.end()


def reversed_text(program: object) -> set[str]:
    """The texts that stand in reverse."""
    screen = program.screen  # type: ignore[attr-defined]
    found = set()
    for y in range(screen.lines):
        line = "".join(screen.buffer[y][x].data if screen.buffer[y][x].reverse else "\0" for x in range(screen.columns))
        found |= {part.strip() for part in line.split("\0") if part.strip()}
    return found


def test_colours_are_there_otherwise() -> None:
    """The test above looks for the right thing."""
    with in_pty(["-m", "tests.support.staged", "write"]) as program:
        program.wait_for("Recent prompts")
        program.end()
    assert colours(bytes(program.raw))
