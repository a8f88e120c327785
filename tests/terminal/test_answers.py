"""The terminal's answers never become keys, however they come; and keys never get lost beside them."""

from __future__ import annotations

import pytest
from textual import constants, events
from textual.drivers import linux_driver

from whisul_tui.terminal import answers
from whisul_tui.terminal.answers import QUESTION, AnsweredParser, Answers, listen_for_answers

CELL, ABLE = "\x1b[6;19;9t", "\x1b[?63;1;2;4;6;9;15;22c"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Answers:
    """The question has been put."""
    fresh = Answers()
    fresh.is_listening = True
    monkeypatch.setattr(answers, "ANSWERS", fresh)
    heard: list[None] = []
    written: list[str] = []
    fresh.ask(written.append, lambda: heard.append(None))
    fresh.ask(written.append, lambda: heard.append(None))
    assert written == [QUESTION], "it is put once"
    return fresh


def keys(parser: AnsweredParser, *pieces: str) -> list[str]:
    """The keys that come of what is read, piece by piece, each followed by a tick as the driver does it."""
    found = []
    for piece in pieces:
        for message in (*parser.feed(piece), *parser.tick()):
            assert isinstance(message, events.Key)
            found.append(message.key)
    return found


def test_both_answers_are_taken_and_the_keys_around_them_are_keys(asked: Answers) -> None:
    assert keys(AnsweredParser(), f"a{CELL}b{ABLE}c\x1b[A") == ["a", "b", "c", "up"]
    assert (asked.told.cell, asked.told.sixel) == ((9, 19), True)


def test_an_answer_that_is_cut_anywhere_is_no_key(asked: Answers) -> None:
    for place in range(1, len(CELL + ABLE)):
        text = CELL + ABLE
        assert keys(AnsweredParser(), text[:place], text[place:] + "x") == ["x"], place
    assert asked.told.sixel


def test_a_terminal_without_sixels_says_so(asked: Answers) -> None:
    assert keys(AnsweredParser(), "\x1b[?1;2c") == []
    assert (asked.told.sixel, asked.told.cell) == (False, None)
    keys(AnsweredParser(), "\x1b[?64;14;24c")
    assert asked.told.sixel is False, "a 4 inside another number is none"


def test_esc_alone_is_a_key_a_moment_later(asked: Answers, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(answers, "monotonic", lambda: now[0])
    monkeypatch.setattr("textual._parser.get_time", lambda: now[0])
    parser = AnsweredParser()
    assert keys(parser, "\x1b") == []
    seen = []
    for _ in range(4):
        now[0] += constants.ESCAPE_DELAY + 0.01
        seen += [message.key for message in parser.tick() if isinstance(message, events.Key)]
    assert seen == ["escape"]
    assert asked.told.sixel is None


def test_without_a_question_nothing_is_touched() -> None:
    """A paste may hold anything; and a mode report of Textual's own is still read."""
    parser = AnsweredParser()
    assert keys(parser, "q", "\x1b[B") == ["q", "down"]
    messages = [type(message).__name__ for message in parser.feed("\x1b[?2026;2$y")]
    assert messages == ["TerminalSupportsSynchronizedOutput"]


def test_textuals_own_reports_pass_while_an_answer_is_awaited(asked: Answers) -> None:
    parser = AnsweredParser()
    messages = [type(message).__name__ for piece in ("\x1b[?20", "26;2$y") for message in parser.feed(piece)]
    assert messages == ["TerminalSupportsSynchronizedOutput"]


def test_the_parser_stands_where_textual_takes_it_from(monkeypatch: pytest.MonkeyPatch) -> None:
    fresh = Answers()
    monkeypatch.setattr(answers, "ANSWERS", fresh)
    monkeypatch.setattr(linux_driver, "XTermParser", linux_driver.XTermParser)
    monkeypatch.setattr("whisul_tui.terminal.answers.release", lambda: "99.0.0")
    listen_for_answers()
    assert not fresh.is_listening, "an unknown release of Textual is left alone, and nothing is asked"
    monkeypatch.undo()
    monkeypatch.setattr(answers, "ANSWERS", fresh)
    monkeypatch.setattr(linux_driver, "XTermParser", linux_driver.XTermParser)
    listen_for_answers()
    assert fresh.is_listening
    assert linux_driver.XTermParser is AnsweredParser
