"""ID3v2.4 tags as bytes: title, tempo, key, pictures and own fields in front of an MP3. Pure: no file is touched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

_UTF8 = b"\x03"
_FRONT_COVER = 3
_LARGEST = 1 << 28  # what a synchsafe size can say

# The text frames a song has, by the names used here.
TEXT_FRAMES = {
    "title": "TIT2",
    "artist": "TPE1",
    "album": "TALB",
    "bpm": "TBPM",
    "key": "TKEY",
    "genre": "TCON",
    "length": "TLEN",
    "recorded": "TDRC",
    "encoder": "TSSE",
}


@dataclass(frozen=True, slots=True)
class Tag:
    """What a tag says: `texts` by the names of TEXT_FRAMES, `fields` of one's own (TXXX), `cover` as JPEG or PNG.

    A text may have several values, as genres do.
    """

    texts: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    comment: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    cover: bytes = b""
    cover_type: str = "image/jpeg"


def id3_bytes(tag: Tag) -> bytes:
    """The tag to put before an MP3's first frame.

    Raises KeyError for an unknown text name and ValueError when the tag would be larger than the format allows.
    """
    frames = b"".join(_frame(TEXT_FRAMES[name], _UTF8 + _values(value)) for name, value in tag.texts.items() if value)
    if tag.comment:
        frames += _frame("COMM", _UTF8 + b"eng" + b"\0" + _text(tag.comment))
    for name, value in tag.fields.items():
        frames += _frame("TXXX", _UTF8 + _text(name) + b"\0" + _text(value))
    if tag.cover:
        kind = tag.cover_type.encode("ascii")
        frames += _frame("APIC", _UTF8 + kind + b"\0" + bytes([_FRONT_COVER]) + b"\0" + tag.cover)
    return b"ID3\x04\x00\x00" + _synchsafe(len(frames)) + frames


def id3_size(head: bytes) -> int:
    """How many bytes the tag at the beginning of a file takes, header and footer included; 0 when there is none.

    The first ten bytes are enough.
    """
    if len(head) < 10 or head[:3] != b"ID3" or head[3] == 0xFF or max(head[6:10]) > 127:
        return 0
    size = head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]
    return 10 + size + (10 if head[5] & 0x10 else 0)


def retagged(mp3: bytes, tag: Tag) -> bytes:
    """The MP3 with this tag instead of the one it began with."""
    return id3_bytes(tag) + mp3[id3_size(mp3[:10]) :]


def _frame(name: str, content: bytes) -> bytes:
    return name.encode("ascii") + _synchsafe(len(content)) + b"\0\0" + content


def _values(value: str | tuple[str, ...]) -> bytes:
    return _text(value) if isinstance(value, str) else b"\0".join(_text(each) for each in value if each)


def _text(text: str) -> bytes:
    """UTF-8 without NUL, which separates values, and without lone surrogates, which no encoder takes."""
    return text.replace("\0", "").encode("utf-8", "replace")


def _synchsafe(size: int) -> bytes:
    if size >= _LARGEST:
        raise ValueError(f"an ID3 tag of {size:,} bytes is larger than the format allows")
    return bytes(size >> shift & 127 for shift in (21, 14, 7, 0))
