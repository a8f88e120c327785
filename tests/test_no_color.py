"""NO_COLOR in the bytes that really leave: not one colour, and cursor and selection still seen."""

from __future__ import annotations

from tests.support.pty_program import in_pty
from tests.support.sgr import colours


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


def test_cursor_and_choice_are_seen_without_a_colour() -> None:
    """The editor's cursor, a field's, the chosen prompt, choice and row, and the tab that one is on are reversed."""
    steps = [
        ("", "Recent prompts", "l"),  # the first letter of the example is under the cursor
        ("\t", "Recent prompts", "jazz beat, no rain"),
        ("\x12", "Earlier prompts", "jazz beat, no rain"),
        ("x", "No earlier prompt", ""),
        ("\x1b", "Recent prompts", "1 Write"),
        ("\x1bOQ", "newest first", "◌ held"),
        ("K", "Paste an API key", "Paste an API key"),
        ("\r", "paste the key here", "p"),
    ]
    with in_pty(["-m", "tests.support.staged", "write"], {"NO_COLOR": "1"}) as program:
        for keys, words, seen in steps:
            program.press(keys)
            program.wait_for(words)
            program.wait(lambda seen=seen: any(text.startswith(seen) for text in reversed_text(program)), seen)
        assert program.end() == 0


def reversed_text(program: object) -> set[str]:
    """The texts that stand in reverse."""
    screen = program.screen  # type: ignore[attr-defined]
    found = set()
    for y in range(screen.lines):
        line = "".join(screen.buffer[y][x].data if screen.buffer[y][x].reverse else "\0" for x in range(screen.columns))
        found |= {part.strip() for part in line.split("\0") if part}
    return found


def test_colours_are_there_otherwise() -> None:
    """The test above looks for the right thing."""
    with in_pty(["-m", "tests.support.staged", "write"]) as program:
        program.wait_for("Recent prompts")
        program.end()
    assert colours(bytes(program.raw))
