from __future__ import annotations

import subprocess

import pytest

from whisul_tui.listening.command_template import TemplateError, fill_command, parse_command

LINK = "https://cdn.example/a.mp3?x=1&y=$(touch%20pwned);'z'"


@pytest.mark.parametrize(
    ("template", "argv"),
    [
        ("mpv --volume=50", ["mpv", "--volume=50", LINK]),
        ("player '{url}' --quiet", ["player", LINK, "--quiet"]),
        ("'my player' \"two words\" {url}", ["my player", "two words", LINK]),
        ("sh -c 'exec play \"$1\"' _ {url}", ["sh", "-c", 'exec play "$1"', "_", LINK]),
    ],
)
def test_a_command_is_split_once_and_the_link_is_one_word(template: str, argv: list[str]) -> None:
    assert fill_command(parse_command(template, "player"), LINK) == argv


def test_the_link_survives_the_shell_at_the_far_end_of_ssh() -> None:
    argv = fill_command(parse_command("ssh -q laptop open {url}", "open_command"), LINK)
    assert argv[:4] == ["ssh", "-q", "laptop", "open"]
    far_end = " ".join(["printf", "%s", *argv[4:]])  # what sshd hands to the login shell
    seen = subprocess.run(["sh", "-c", far_end], capture_output=True, text=True, check=True)
    assert seen.stdout == LINK


@pytest.mark.parametrize(
    ("template", "sentence"),
    [
        ("mpv 'oops", "quotation mark"),
        ("", "is empty"),
        ("   ", "is empty"),
        ("'' {url}", "is empty"),
        ("mpv --file={url}", "word of its own"),
        ("{url} x", "begin with a program"),
        ("mpv a\0b", "NUL"),
    ],
)
def test_a_wrong_command_is_named_with_its_setting(template: str, sentence: str) -> None:
    with pytest.raises(TemplateError, match=sentence) as caught:
        parse_command(template, "open_command")
    assert "open_command" in str(caught.value)
