"""The second wall: nothing that a terminal obeys leaves with a line, whatever the widget was given."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.segment import ControlType, Segment
from rich.style import Style
from textual.color import Color

from tests.torture.payloads import PAYLOADS
from whisul_tui.terminal.wall import Wall

BLACK = Color(0, 0, 0)


def out(*segments: Segment) -> list[Segment]:
    return Wall().apply(list(segments), BLACK)


@pytest.mark.parametrize("payload", PAYLOADS, ids=ascii)
def test_no_payload_passes(payload: str) -> None:
    text = "".join(segment.text for segment in out(Segment(f"a{payload}b")))
    assert text.startswith("a")
    assert text.endswith("b")
    assert not [char for char in text if unicodedata.category(char) in ("Cc", "Cf", "Cs")]


@settings(max_examples=300)
@given(st.text())
def test_what_is_left_is_visible_and_as_wide_as_it_was_laid_out(text: str) -> None:
    left = out(Segment(text))[0].text
    assert not [char for char in left if unicodedata.category(char) in ("Cc", "Cf", "Cs") and char not in _HARMLESS]
    assert len(left) <= len(text)
    assert cell_len(left) <= cell_len(text)


# Format characters of scripts and notations that are drawn, or that no terminal knows.
_HARMLESS = {chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) == "Cf"} - {
    *map(chr, range(0x200B, 0x2070)), *map(chr, range(0xE0000, 0xE1000)), "\u00ad", "\u061c", "\u180e", "\ufeff",
}  # fmt: skip


def test_a_line_without_anything_wrong_is_the_same_object() -> None:
    line = [Segment("Rain on Neon ♪ 日本 é", Style(bold=True, link="https://whisul.com/a.mp3")), Segment("  ")]
    assert Wall().apply(line, BLACK) is line


@pytest.mark.parametrize("link", ["https://h/\x1b\\\x1b]52;c;UFdO\x07", "javascript:alert(1)", "file:///etc/passwd"])
def test_a_link_that_is_no_plain_http_goes_and_its_text_stays(link: str) -> None:
    (segment,) = out(Segment("song", Style(bold=True, link=link)))
    assert segment.text == "song"
    assert segment.style is not None
    assert (segment.style.link, segment.style.bold) == (None, True)


def test_control_segments_go() -> None:
    assert out(Segment("\x1b]0;x\x07", None, [(ControlType.BELL,)])) == []


def test_piled_marks_keep_two() -> None:
    assert out(Segment("a" + "\u0301" * 1000))[0].text == "a\u0301\u0301"
