"""Output: data here, everything else there; a reader that goes, a full disk, terminals and colours."""

from __future__ import annotations

import io
import json
import os
import pty
import select
import unicodedata
from collections.abc import Iterator
from typing import TextIO

import pytest

from tests.torture.payloads import PAYLOADS
from whisul_tui.cli.exits import VerbError
from whisul_tui.cli.output import Output, columns, cut
from whisul_tui.domain import JobState


class Screen:
    """A real terminal: what was written to it, and a stream to write with."""

    def __init__(self) -> None:
        self._outer, inner = pty.openpty()
        self.stream: TextIO = os.fdopen(inner, "w", encoding="utf-8")

    def shown(self) -> str:
        self.stream.flush()
        told = os.read(self._outer, 65_536)
        while select.select([self._outer], [], [], 0.2)[0]:  # a terminal may hand a line on in pieces
            told += os.read(self._outer, 65_536)
        return told.decode()

    def close(self) -> None:
        self.stream.close()
        os.close(self._outer)


@pytest.fixture
def screen() -> Iterator[Screen]:
    made = Screen()
    yield made
    made.close()


def test_a_reader_that_goes_away_ends_the_data_and_nothing_else() -> None:
    outer, inner = os.pipe()
    os.close(outer)
    with os.fdopen(inner, "w") as stream:
        out = Output(stream, io.StringIO())
        for _ in range(3):
            out.data("a line")


def test_a_full_disk_is_a_sentence() -> None:
    with open("/dev/full", "w") as stream, pytest.raises(VerbError, match="No space left"):  # noqa: PTH123
        Output(stream, io.StringIO()).data("a line")


def test_closed_streams_are_silence() -> None:
    out = Output(io.StringIO(), io.StringIO())
    out._out = out._err = None  # what Python makes of >&- 2>&-
    out.data("x")
    out.note("y")
    out.progress("z")


def test_progress_is_one_line_that_goes_away_before_other_words(screen: Screen) -> None:
    out = Output(io.StringIO(), screen.stream)
    out.progress("1 running")
    out.progress("1 running")
    out.note("done")
    assert screen.shown() == "\r\x1b[K1 running\r\x1b[Kdone\r\n"


def test_no_progress_where_nobody_looks(monkeypatch: pytest.MonkeyPatch, screen: Screen) -> None:
    err = io.StringIO()
    Output(io.StringIO(), err).progress("1 running")
    assert err.getvalue() == ""
    monkeypatch.setenv("TERM", "dumb")
    assert not Output(io.StringIO(), screen.stream).has_progress


def test_colour_is_for_terminals_that_want_it(monkeypatch: pytest.MonkeyPatch, screen: Screen) -> None:
    err = io.StringIO()
    assert Output(screen.stream, err).coloured("x", JobState.FAILED) == "\x1b[31mx\x1b[0m"
    assert Output(screen.stream, err).coloured("x", JobState.HELD) == "x"
    assert Output(io.StringIO(), err).coloured("x", JobState.FAILED) == "x"
    monkeypatch.setenv("NO_COLOR", "1")
    assert Output(screen.stream, err).coloured("x", JobState.FAILED) == "x"


def test_signs_follow_the_encoding_and_the_setting() -> None:
    ascii_out = Output(io.TextIOWrapper(io.BytesIO(), encoding="ascii"), io.StringIO())
    assert not ascii_out.unicode
    ascii_out.choose_glyphs("auto")
    assert not ascii_out.unicode
    ascii_out.choose_glyphs("unicode")
    assert ascii_out.unicode


def test_json_is_ascii_where_the_stream_is() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="latin-1")
    Output(stream, io.StringIO()).document({"prompt": "夜"})
    assert b"\\u591c" in raw.getvalue()


def test_notes_are_one_line_without_control_characters() -> None:
    err = io.StringIO()
    Output(io.StringIO(), err).note("a\x1b]0;title\x07b\nc")
    assert err.getvalue() == "a]0;titleb c\n"


@pytest.mark.parametrize(
    ("text", "cells", "shown"),
    [
        ("abc", 3, "abc"),
        ("abcd", 3, "ab…"),
        ("夜の雨", 6, "夜の雨"),
        ("夜の雨", 5, "夜の…"),
        ("夜の雨", 4, "夜…"),
        ("ab", 1, "…"),
        ("ab", 0, ""),
    ],
)
def test_cut_counts_cells(text: str, cells: int, shown: str) -> None:
    assert cut(text, cells) == shown


def test_columns() -> None:
    assert columns([("a", "1", "x "), ("bbb", "22", "")], right=frozenset({1})) == ["a     1  x", "bbb  22"]


@pytest.mark.parametrize("payload", PAYLOADS, ids=ascii)
def test_nothing_that_a_terminal_obeys_leaves_though_the_store_holds_it(payload: str) -> None:
    out = io.StringIO()
    output = Output(out, io.StringIO())
    output.data(f"a{payload}b")
    output.document({"title": payload})
    printed = out.getvalue()
    assert not [char for char in printed if char != "\n" and unicodedata.category(char) in ("Cc", "Cf", "Cs")] or (
        payload == "\x1b[31mred\x1b[0m"
    )
    assert json.loads(printed[printed.index("{") :]) == {"title": payload}


@pytest.mark.parametrize("payload", PAYLOADS, ids=ascii)
def test_nor_with_a_sentence_or_the_progress_that_nobody_cleaned(payload: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("whisul_tui.cli.output.clean_line", lambda text, _limit: text)
    err = io.StringIO()
    output = Output(io.StringIO(), err)
    output.has_progress = True
    monkeypatch.setattr("whisul_tui.cli.output._width", lambda _stream: 80)
    output.note(f"a{payload}b")
    output.progress(f"c{payload}d")
    told = err.getvalue().replace("\r\x1b[K", "")
    assert not [char for char in told if char != "\n" and unicodedata.category(char) in ("Cc", "Cf", "Cs")]
