"""Cleaning: what is left can neither be obeyed by a terminal nor hide on it."""

from __future__ import annotations

import unicodedata

import pyte
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from whisul_tui.domain.clean import clean_line, clean_text, clean_url

TEXT = st.text(
    alphabet=st.characters()
    | st.sampled_from("\x1b\x9b\x9d\x07\x00\x7f\n\r\t\x85\u2028\u202e\u2067\u200b\ufeff\u3164\u0301[]m;"),
    max_size=80,
)


@settings(max_examples=1500, deadline=None)
@given(TEXT)
@example("\x1b]52;c;UFdO\x07")
@example("a" + "\u0301" * 1000)
@example("\ud800")
def test_nothing_is_left_that_a_terminal_obeys(text: str) -> None:
    line, block = clean_line(text), clean_text(text)
    for char in line + block.replace("\n", ""):
        assert unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    assert "\n" not in line
    assert clean_line(line) == line
    assert clean_text(block) == block
    line.encode()


@settings(max_examples=300, deadline=None)
@given(TEXT)
def test_an_emulated_terminal_only_prints_it(text: str) -> None:
    screen = pyte.Screen(400, 3)
    answers: list[str] = []
    screen.write_process_input = answers.append  # type: ignore[method-assign]
    pyte.Stream(screen).feed(clean_line(text))
    assert screen.cursor.y in (0, 1, 2)
    assert not answers
    assert screen.title == ""


def test_real_languages_pass_unchanged() -> None:
    for text in (
        "Größe déjà vu",
        "夜のローファイ",
        "песня о дожде",
        "नमस्ते दुनिया"[:6],
        "أغنية المطر",
        "🎹 rain ♪",
        "[Verse] it's 100% [/Chorus]",
    ):
        assert clean_line(text) == text


def test_lines_fold_and_are_bounded() -> None:
    assert clean_line(" a\tb\r\nc  d\u2028e ") == "a b c d e"
    assert clean_line("x" * 500, 10) == "x" * 9 + "…"
    assert clean_text("a\r\nb\rc\n", 10) == "a\nb\nc"
    assert clean_line(None) == ""
    assert clean_line("x" * 10_000_000, 50).endswith("…")


@pytest.mark.parametrize(
    "url",
    [
        "https://cdn.whisul.com/audio/1.mp3?sig=a%20b#t",
        "http://127.0.0.1:80/x",
        "HTTPS://A.example/",
        "http://[::1]:8/x",
    ],
)
def test_links_that_pass(url: str) -> None:
    assert clean_url(url) == url


@pytest.mark.parametrize(
    "url",
    ["", "file:///etc/passwd", "javascript:x", "https://", "https:///x", "--script=x", "https://u:p@h/",
     "https://h/\x1b\\", "https://h/a b",
     "https://h/é", "https://-h/", "edl://x", " https://h/", "https://h\\@e/", "https://h/" + "a" * 3000, None, 5],
)  # fmt: skip
def test_links_that_do_not(url: object) -> None:
    assert clean_url(url) is None
