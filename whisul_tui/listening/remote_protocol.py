"""The line protocol between the TUI and a listener: one JSON object a line, every field there, nothing else. Pure."""

from __future__ import annotations

import base64
import binascii
import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, NoReturn, cast

from whisul_tui.domain.clean import clean_line, clean_url
from whisul_tui.listening import remote_messages as m
from whisul_tui.listening.remote_messages import Answer, Command

MAX_LINE = 65_536  # bytes, the line's end included
_WORD = "say"
_CLIENT = re.compile(r"[0-9a-f]{32}\Z")
_BIGGEST = 1 << 48
_DAY = 86_400.0

Reader = Callable[[Any], Any]


class ProtocolError(ValueError):
    """A line that is no message; the sentence says what is wrong and repeats nothing of it."""


def encode(message: Command | Answer) -> bytes:
    """A message as a line."""
    word = _WORDS[type(message)]
    content: dict[str, Any] = {_WORD: word}
    for field in fields(message):
        value = getattr(message, field.name)
        content[field.name] = base64.b64encode(value).decode("ascii") if isinstance(value, bytes) else value
    return json.dumps(content, separators=(",", ":"), allow_nan=False).encode("ascii") + b"\n"


def decode_command(line: bytes) -> Command:
    """What the server's side says. Raises ProtocolError."""
    return cast("Command", _decoded(line, _COMMANDS))


def decode_answer(line: bytes) -> Answer:
    """What the listener says. Raises ProtocolError."""
    return cast("Answer", _decoded(line, _ANSWERS))


def _decoded(line: bytes, known: Mapping[str, tuple[type, Mapping[str, Reader]]]) -> object:
    if len(line) > MAX_LINE:
        raise ProtocolError("The line is too long.")
    try:
        content = json.loads(line.decode("utf-8"), object_pairs_hook=_single, parse_constant=_no_number)
    except ProtocolError:
        raise
    except (ValueError, RecursionError):  # no UTF-8, no JSON, or nested without end
        raise ProtocolError("The line is no JSON.") from None
    if not isinstance(content, dict):
        raise ProtocolError("The line is no JSON object.")
    word = content.pop(_WORD, None)
    found = known.get(word) if isinstance(word, str) else None
    if found is None:
        raise ProtocolError("The line holds no known word.")
    kind, readers = found
    if content.keys() != readers.keys():
        raise ProtocolError(f"The fields of {word} are {', '.join(readers)}.")
    read = {}
    for name, reader in readers.items():
        try:
            read[name] = reader(content[name])
        except ProtocolError as error:
            raise ProtocolError(f"{name} of {word}: {error}") from None
    return kind(**read)


def _single(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) != len(pairs):
        raise ProtocolError("A field stands twice.")
    return content


def _no_number(_: str) -> NoReturn:
    raise ProtocolError("A number is none.")


def _whole(low: int = 0, high: int = _BIGGEST) -> Reader:
    def read(value: Any) -> int:
        if type(value) is not int or not low <= value <= high:
            raise ProtocolError(f"a whole number from {low} to {high} is wanted.")
        return value

    return read


def _number(low: float, high: float) -> Reader:
    def read(value: Any) -> float:
        if type(value) not in (int, float) or not low <= value <= high or not math.isfinite(value):
            raise ProtocolError(f"a number from {low:g} to {high:g} is wanted.")
        return float(value)

    return read


def _perhaps(reader: Reader) -> Reader:
    return lambda value: None if value is None else reader(value)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ProtocolError("true or false is wanted.")
    return value


def _line(limit: int) -> Reader:
    def read(value: Any) -> str:
        if not isinstance(value, str):
            raise ProtocolError("a text is wanted.")
        return clean_line(value, limit)

    return read


def _url(value: Any) -> str:
    if (url := clean_url(value)) is None:
        raise ProtocolError("an http or https link with a host is wanted.")
    return url


def _client(value: Any) -> str:
    if not isinstance(value, str) or not _CLIENT.match(value):
        raise ProtocolError("32 hexadecimal digits are wanted.")
    return value


def _bytes(value: Any) -> bytes:
    try:
        data = base64.b64decode(value if isinstance(value, str) else "?", validate=True)
    except (binascii.Error, ValueError):
        raise ProtocolError("base64 is wanted.") from None
    if len(data) > m.PIECE_BYTES:
        raise ProtocolError(f"at most {m.PIECE_BYTES} bytes are wanted.")
    return data


def _words(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > 8 or not all(isinstance(word, str) for word in value):
        raise ProtocolError("a short list of words is wanted.")
    return tuple(clean_line(word, 20) for word in value)


_ID = _whole(1)
_SECONDS = _perhaps(_number(0, _DAY * 365))
_PERCENT = _perhaps(_number(0, 1000))
_NAME, _TITLE, _SENTENCE = _line(60), _line(200), _line(400)

_COMMANDS: dict[str, tuple[type, dict[str, Reader]]] = {
    "hello": (m.Hello, {"id": _ID, "version": _whole(1, 1_000_000), "name": _NAME, "client": _client}),
    "load": (m.Load, {"id": _ID, "song": _ID, "url": _url, "title": _TITLE}),
    "relay": (m.Relay, {"id": _ID, "song": _ID, "title": _TITLE, "size": _whole(1, 1 << 32)}),
    "pause": (m.Pause, {"id": _ID, "on": _flag}),
    "seek": (m.Seek, {"id": _ID, "seconds": _number(-_DAY, _DAY), "relative": _flag}),
    "volume": (m.Volume, {"id": _ID, "percent": _number(-100, 100), "relative": _flag}),
    "stop": (m.Stop, {"id": _ID}),
    "ping": (m.Ping, {"id": _ID}),
    "piece": (m.Piece, {"want": _ID, "data": _bytes}),
    "no piece": (m.NoPiece, {"want": _ID, "why": _SENTENCE}),
}
_ANSWERS: dict[str, tuple[type, dict[str, Reader]]] = {
    "welcome": (
        m.Welcome,
        {
            "id": _ID,
            "version": _whole(1, 1_000_000),
            "name": _NAME,
            "player": _NAME,
            "can": _words,
            "song": _perhaps(_ID),
        },
    ),
    "done": (m.Done, {"id": _ID}),
    "refused": (m.Refused, {"id": _perhaps(_ID), "why": _SENTENCE}),
    "state": (
        m.State,
        {
            "song": _ID,
            "started": _flag,
            "position": _SECONDS,
            "length": _SECONDS,
            "paused": _flag,
            "volume": _PERCENT,
            "ended": _flag,
            "failed": _SENTENCE,
        },
    ),
    "want": (m.Want, {"want": _ID, "song": _ID, "at": _whole(), "count": _whole(1, m.PIECE_BYTES)}),
}
_WORDS: dict[type, str] = {kind: word for word, (kind, _) in (_COMMANDS | _ANSWERS).items()}
