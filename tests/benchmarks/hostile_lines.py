"""What nobody well-meaning would say to a listener, line by line."""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Iterator

from whisul_tui.listening import remote_messages as m
from whisul_tui.listening.remote_protocol import encode

HOST = "cdn.whisul.com"
CLIENT = "c" * 32
_URLS = [
    f"https://{HOST}/a.mp3",
    f"https://{HOST}/a.mp3",
    "edl:///etc/passwd",
    "file:///etc/passwd",
    "/etc/passwd",
    "--script=/tmp/x.lua",
    "lavf://concat:/etc/passwd|/etc/hosts",
    "av://lavfi:sine",
    "memory://x",
    "ytdl://--exec=touch",
    "http://127.0.0.1:631/",
    "http://[::1]/",
    "https://evil.example/a.mp3",
    f"https://{HOST}@evil.example/",
    f"https://{HOST}\\@evil.example/",
    f"https://{HOST}\n--script=x",
    f"https://{HOST}%00.evil.example/",
    f"http://{HOST}:22/",
    f"https://{HOST}.evil.example/",
    "https://" + "a" * 3000,
    "slave://",
    "fd://3",
    "bd://",
    "smb://x/y",
    "",
]
_MPV = [
    ["run", "touch", "/tmp/pwned"],
    ["subprocess", {"args": ["touch", "/tmp/pwned"]}],
    {"name": "subprocess", "args": ["touch", "/tmp/pwned"]},
    ["loadfile", "/etc/passwd"],
    ["loadfile", "edl:///etc/passwd", "replace", 0, "script=/tmp/x"],
    ["loadlist", "/etc/passwd"],
    ["load-script", "/tmp/x.lua"],
    ["set_property", "input-commands", "run touch /tmp/pwned"],
    ["change-list", "scripts", "append", "/tmp/x.lua"],
    ["screenshot-to-file", "/tmp/x.png"],
    ["hook-add", "on_load", 1, 1],
    ["quit"],
]


def lines(dice: random.Random) -> Iterator[bytes]:
    """Hostile lines without end."""
    makers = (
        _noise,
        _raw_mpv,
        _mutated,
        _mutated,
        _swapped,
        _swapped,
        _loads,
        _loads,
        _proper,
        _odd_json,
        _broken_text,
    )
    while True:
        yield dice.choice(makers)(dice)


def _proper(dice: random.Random) -> bytes:
    number = dice.randint(1, 9)
    command = dice.choice(
        [
            m.Load(number, number, f"https://{HOST}/{number}.mp3", "Song"),
            m.Relay(number, number, "Song", dice.randint(1, 1 << 32)),
            m.Pause(number, dice.random() < 0.5),
            m.Seek(number, dice.uniform(-86_400, 86_400), dice.random() < 0.5),
            m.Volume(number, dice.uniform(-100, 100), dice.random() < 0.5),
            m.Stop(number),
            m.Ping(number),
            m.Piece(number, dice.randbytes(dice.choice([0, 10, 32_768]))),
            m.NoPiece(number, "no"),
            m.Hello(number, dice.randint(1, 3), "again", CLIENT),
        ]
    )
    return encode(command)[:-1]


def _loads(dice: random.Random) -> bytes:
    return json.dumps({"say": "load", "id": 1, "song": 1, "url": dice.choice(_URLS), "title": "x"}).encode()


def _raw_mpv(dice: random.Random) -> bytes:
    return json.dumps({"command": dice.choice(_MPV), "request_id": 1}).encode()


def _mutated(dice: random.Random) -> bytes:
    line = bytearray(_proper(dice)[:600])
    for _ in range(dice.randint(1, 4)):
        place = dice.randrange(len(line))
        line[place : place + dice.randint(0, 3)] = dice.randbytes(dice.randint(0, 3)).replace(b"\n", b"")
        line = line or bytearray(b"{")
    return bytes(line)


def _swapped(dice: random.Random) -> bytes:
    content = json.loads(_proper(dice))
    value = dice.choice(
        [None, True, -1, 0, 2**70, 1e308, "x", "", [], {}, ["run", "x"], "\x1b]52;c;x\x07", "A" * 5000, *_URLS]
    )
    content[dice.choice([*content, "options", "command", "__class__"])] = value
    return json.dumps(content).encode()


def _odd_json(dice: random.Random) -> bytes:
    return dice.choice(
        [
            b"[" * dice.randint(1, 20_000),
            b'{"a":' * dice.randint(1, 5000),
            b'{"say":"seek","id":1,"relative":true,"seconds":' + b"9" * dice.randint(1, 9000) + b"}",
            b'{"say":"seek","id":1,"relative":true,"seconds":NaN}',
            b'{"say":"stop","id":1,"say":"ping"}',
            b"null",
            b"",
            b" " * 1000,
        ]
    )


def _broken_text(dice: random.Random) -> bytes:
    return b'{"say":"load","id":1,"title":"' + dice.randbytes(50).replace(b"\n", b"") + b'"}'


def _noise(dice: random.Random) -> bytes:
    size = dice.choice([1, 10, 100, 1000]) if dice.random() < 0.995 else 200_000
    return dice.randbytes(size).replace(b"\n", b"x") if dice.random() < 0.5 else base64.b64encode(dice.randbytes(size))
