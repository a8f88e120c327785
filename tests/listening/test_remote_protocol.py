from __future__ import annotations

import json
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whisul_tui.domain.clean import clean_line
from whisul_tui.listening import remote_messages as m
from whisul_tui.listening.remote_protocol import MAX_LINE, ProtocolError, decode_answer, decode_command, encode

ids = st.integers(1, 1 << 48)
seconds = st.floats(0, 86_400)
titles = st.text(max_size=60).map(lambda text: clean_line(text, 200))
names = st.text(max_size=20).map(lambda text: clean_line(text, 60))
urls = st.sampled_from(["https://cdn.whisul.com/a.mp3?x=1#y", "http://h/", "https://[::1]:8/%41"])
volumes = st.none() | st.floats(0, 100)

COMMANDS = st.one_of(
    st.builds(m.Hello, ids, st.integers(1, 1_000_000), names, st.text("0123456789abcdef", min_size=32, max_size=32)),
    st.builds(m.Load, ids, ids, urls, titles),
    st.builds(m.Relay, ids, ids, titles, st.integers(1, 1 << 32)),
    st.builds(m.Pause, ids, st.booleans()),
    st.builds(m.Seek, ids, st.floats(-86_400, 86_400), st.booleans()),
    st.builds(m.Volume, ids, st.floats(-100, 100), st.booleans()),
    st.builds(m.Stop, ids),
    st.builds(m.Ping, ids),
    st.builds(m.Piece, ids, st.binary(max_size=2000)),
    st.builds(m.NoPiece, ids, titles),
)
ANSWERS = st.one_of(
    st.builds(m.Welcome, ids, st.integers(1, 9), names, names, st.just(("pause", "seek")), st.none() | ids),
    st.builds(m.Done, ids),
    st.builds(m.Refused, st.none() | ids, titles),
    st.builds(m.State, ids, st.booleans(), volumes, st.none() | seconds, st.booleans(), volumes, st.booleans(), titles),
    st.builds(m.Want, ids, ids, st.integers(0, 1 << 40), st.integers(1, m.PIECE_BYTES)),
)
DEEP = b"[" * 60_000


@given(COMMANDS)
def test_every_command_comes_back_as_it_was(command: m.Command) -> None:
    line = encode(command)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert decode_command(line) == command


@given(ANSWERS)
def test_every_answer_comes_back_as_it_was(answer: m.Answer) -> None:
    assert decode_answer(encode(answer)) == answer


def test_the_largest_piece_fits_a_line() -> None:
    assert len(encode(m.Piece(1 << 48, b"\xff" * m.PIECE_BYTES))) < MAX_LINE


@given(st.binary(max_size=300) | st.text(max_size=200).map(str.encode))
def test_garbage_is_an_error_and_nothing_else(line: bytes) -> None:
    for decode in (decode_command, decode_answer):
        with pytest.raises(ProtocolError):
            decode(line)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    ),
    COMMANDS,
    st.data(),
)
def test_a_field_of_any_other_kind_gives_a_message_of_the_right_types_or_an_error(
    value: object, command: m.Command, data: st.DataObject
) -> None:
    content = json.loads(encode(command))
    content[data.draw(st.sampled_from(sorted(content)))] = value
    try:
        read = decode_command(json.dumps(content).encode())
    except ProtocolError:
        return
    for field in fields(read):
        found = getattr(read, field.name)
        assert type(found).__name__ == field.type
        assert not isinstance(found, str) or found.isprintable()


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\n",
        b"null\n",
        b"[]\n",
        DEEP,
        b'{"say":"stop"}',
        b'{"say":"stop","id":0}',
        b'{"say":"stop","id":true}',
        b'{"say":"stop","id":1.0}',
        b'{"say":"stop","id":1,"more":2}',
        b'{"say":"stop","id":1,"id":2}',
        b'{"say":"stop","say":"stop","id":1}',
        b'{"say":["stop"],"id":1}',
        b'{"say":"run","id":1}',
        b'{"command":["run","/bin/sh"]}',
        b'{"command":["loadfile","/etc/passwd"],"request_id":1}',
        b'{"say":"seek","id":1,"seconds":NaN,"relative":false}',
        b'{"say":"seek","id":1,"seconds":1e999,"relative":false}',
        b'{"say":"seek","id":1,"seconds":' + b"9" * 5000 + b',"relative":false}',
        b'{"say":"load","id":1,"song":1,"title":"t","url":"file:///etc/passwd"}',
        b'{"say":"load","id":1,"song":1,"title":"t","url":"edl:///etc/passwd"}',
        b'{"say":"load","id":1,"song":1,"title":"t","url":"--script=x"}',
        b'{"say":"load","id":1,"song":1,"title":"t","url":"/etc/passwd"}',
        b'{"say":"load","id":1,"song":1,"title":"t","url":"https://h/\\n"}',
        b'{"say":"load","id":1,"song":1,"title":["t"],"url":"https://h/"}',
        b'{"say":"piece","want":1,"data":"a"}',
        b'{"say":"piece","want":1,"data":"\xff"}',
        b'{"say":"piece","want":1,"data":7}',
        b"\xff\xfe",
        b" " * (MAX_LINE + 1),
    ],
)
def test_strict_about_every_line(line: bytes) -> None:
    with pytest.raises(ProtocolError) as caught:
        decode_command(line)
    assert "passwd" not in str(caught.value), "what came is not repeated"


def test_titles_and_names_are_cleaned_on_the_way_in() -> None:
    line = json.dumps({"say": "load", "id": 1, "song": 1, "url": "https://h/", "title": "a\x1b]52;c;x\x07\u202eb"})
    assert decode_command(line.encode()) == m.Load(1, 1, "https://h/", "a]52;c;xb")
