"""$EDITOR: a real script as the editor, in a real terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.acting import acting
from tests.support.pty_program import in_pty
from whisul_tui.screens.external_editor import EditorError, editor_command


def editor(folder: Path, body: str) -> str:
    """An editor that does this to the file that it is given."""
    script = folder / "my editor.sh"
    script.write_text(f"#!/bin/sh\n{body}\n")
    script.chmod(0o755)
    return f"'{script}' --wait"


@pytest.mark.parametrize("key", ["\x1bOS", "\x07"], ids=["F4", "ctrl+g"])
def test_the_editor_has_the_terminal_and_its_text_comes_back(tmp_path: Path, key: str) -> None:
    """It reads from the terminal itself, gets the draft, and what it leaves is taken, cleaned of control characters."""
    seen = tmp_path / "seen"
    script = editor(
        tmp_path,
        f'''[ "$1" = --wait ] && cat "$2" >"{seen}"
printf "the editor speaks\\n"; read line </dev/tty
printf "%s\\nand a \\033[31msecond line\\n" "$line" >"$2"''',
    )
    with in_pty(["-m", "tests.support.staged", "write"], {"EDITOR": script}) as program:
        program.wait_for("Recent prompts")
        program.press("draft")
        program.wait_for("draft")
        program.press(key)
        program.wait_for("the editor speaks")
        program.press("from outside\r")
        program.wait_for("second line")
        assert "from outside" in program.text()
        assert "and a [31msecond line" in program.text()
        assert seen.read_text() == "draft"
        assert program.end() == 0


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("/nowhere/vi", "cannot be run (No such file or directory). Set $EDITOR."),
        ("'unclosed", "a quote is not closed"),
        ("false", "The editor ended with 1; the prompt is as it was."),
    ],
)
def test_an_editor_that_fails_leaves_the_prompt(setting: str, words: str) -> None:
    with in_pty(["-m", "tests.support.staged", "write"], {"VISUAL": setting}) as program:
        program.wait_for("Recent prompts")
        program.press("draft")
        program.wait_for("draft")
        program.press("\x07")
        program.wait(lambda: words in " ".join(program.text().split()), words)
        assert "draft" in program.text()
        assert program.end() == 0


async def test_a_screen_that_cannot_be_lent_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDITOR", "true")
    async with acting() as shown:  # the pilot's terminal is none
        await shown.type("draft")
        await shown.press("f4")
        assert "This terminal cannot be lent to an editor." in shown.text()
        assert shown.editor.text == "draft"


def test_visual_wins_and_words_are_split_as_a_shell_would(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert editor_command("code --wait 'a b'") == ["code", "--wait", "a b"]
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EditorError, match="No editor was found"):
        editor_command("")
    (tmp_path / "vi").write_text("#!/bin/sh\n")
    (tmp_path / "vi").chmod(0o755)
    assert editor_command("") == ["vi"]
