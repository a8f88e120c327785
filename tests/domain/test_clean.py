"""Cleaning: what is left can neither be obeyed by a terminal nor hide on it."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import pyte
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from whisul_tui.domain.clean import OBEYED, clean_line, clean_text, clean_url

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


# What each rule does exactly, at its edges ----------------------------------------------------------------------------


@pytest.mark.parametrize("mark", ["\u0301", "\u20dd"])
def test_two_marks_a_letter_stay_and_each_letter_has_its_own(mark: str) -> None:
    assert clean_line("q" + mark * 9 + "x" + mark * 2 + "v" + mark) == "q" + mark * 2 + "x" + mark * 2 + "v" + mark
    assert OBEYED.sub("", "q" + mark * 9 + "x" + mark * 2) == "q" + mark * 2 + "x" + mark * 2


@pytest.mark.parametrize(
    "span", [(0x300, 0x36F), (0x483, 0x489), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0xFE20, 0xFE2F)]
)
@pytest.mark.parametrize("end", [0, 1])
def test_the_second_wall_knows_marks_to_both_ends_of_their_blocks(span: tuple[int, int], end: int) -> None:
    mark = chr(span[end])
    assert OBEYED.sub("", "q" + mark * 5) in ("q" + mark * 2, "q")  # U+034F and its like go altogether


@pytest.mark.parametrize(
    "char",
    "\u115f\u1160\u3164\uffa0\u034f\u17b4\u17b5\u2800\ufe00\ufe0f\U000e0100\U000e01ef\u200d\ufeff\u00ad\x00\x1b\x7f\x9b",
    ids=ascii,
)
def test_what_cannot_be_seen_goes_alone(char: str) -> None:
    assert clean_line(f"aé{char}b") == "aéb"
    assert clean_text(f"aé{char}b\nc") == "aéb\nc"


@pytest.mark.parametrize(
    "char", ["\ufe10", "\ufdfd", "\u2801", "\u1161", "\u3165", "\uffa1", "é", "夜", "ß"], ids=ascii
)
def test_its_neighbours_stay(char: str) -> None:
    assert clean_line(f"a{char}b") == unicodedata.normalize("NFC", f"a{char}b")
    assert OBEYED.search(char) is None


def test_the_second_wall_drops_all_that_is_obeyed_or_unseen() -> None:
    """Over all of Unicode: controls, format characters, surrogates, private tags; and no letter, figure or sign."""
    unseen = set("\u115f\u1160\u3164\uffa0\u034f\u17b4\u17b5") | {chr(n) for n in range(0xFE00, 0xFE10)}
    unseen |= {chr(n) for n in range(0xE0100, 0xE01F0)}
    drawn_formats = range(0x600, 0x900), range(0x110BD, 0x1D17B)  # signs of Arabic, hieroglyphs, shorthand, music
    for code in range(0x110000):
        char, category = chr(code), unicodedata.category(chr(code))
        if (
            category in ("Cc", "Cs")
            or char in unseen
            or (category == "Cf" and not any(code in drawn for drawn in drawn_formats))
        ):
            assert OBEYED.search(char), ascii(char)
        elif category[0] in "LNPS" and code < 0xFFF0:
            assert not OBEYED.search(char), ascii(char)


@pytest.mark.parametrize("clean", [clean_line, clean_text])
@pytest.mark.parametrize("letter", ["x", "é"])
def test_a_text_is_cut_where_it_is_longer_than_allowed(clean: Callable[..., str], letter: str) -> None:
    assert clean(letter * 10, 10) == letter * 10
    assert clean(letter * 11, 10) == letter * 9 + "…"
    assert clean("aaaa bbbb", 6) == "aaaa…"  # no blank before the ellipsis
    assert clean(" aaaa bbbb" if clean is clean_text else "aaaa bbbb", 7).startswith(
        " " if clean is clean_text else "a"
    )


def test_lines_have_200_characters_texts_10_000_and_links_2048() -> None:
    assert clean_line("x" * 200) == "x" * 200
    assert clean_line("x" * 201) == "x" * 199 + "…"
    assert clean_text("x" * 10_000) == "x" * 10_000
    assert clean_text("x" * 10_001) == "x" * 9_999 + "…"
    link = "https://h/"
    assert clean_url(link + "x" * (2048 - len(link))) is not None
    assert clean_url(link + "x" * (2049 - len(link))) is None
    assert clean_url(link + "x", len(link)) is None


def test_of_a_long_text_only_a_beginning_is_looked_at() -> None:
    assert clean_line(" " * 79 + "x", 10) == "x"
    assert clean_line(" " * 80 + "x", 10) == ""
    assert clean_text("\n" * 39 + "x", 10) == "x"
    assert clean_text("\n" * 40 + "x", 10) == ""


def test_blanks_breaks_and_tabs() -> None:
    assert clean_text("\n\na\tb\n\n  ü\tc  \n\n") == "a b\n\n  ü c  "
    assert clean_text("a\u2028b\x0bc\x85d") == "a\nb\nc\nd"
    assert clean_line("a\u00a0\u3000b\u2009\tc") == "a b c"
    assert clean_line("x\n\ny\r\nz") == "x y z"
    for nothing in (None, 5, b"x", ["x"]):
        assert clean_line(nothing) == clean_text(nothing) == ""


def test_letters_and_their_marks_are_joined() -> None:
    assert clean_line("e\u0301") == "é"
    assert clean_text("e\u0301") == "é"


@pytest.mark.parametrize(
    ("url", "is_one"),
    [
        ("https://h/a\\b", False), ("https://h/a~", True), ("https://h/a!", True), ("https://h/a\x7f", False),
        ("https://h?x", True), ("https://h#x@y", True), ("https://9.9.9.9/", True), ("https://Zz/", True),
        ("https://[fe80::A]/", True), ("https://[x]/", False), ("https://_h/", False), ("xhttps://h/", False),
        ("https//h/", False), ("http://h", True), ("htt://h", False), ("https://h/@", True),
    ],
)  # fmt: skip
def test_what_a_link_is(url: str, is_one: bool) -> None:
    assert clean_url(url) == (url if is_one else None)
