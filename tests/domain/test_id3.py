"""Tags as other programs read them."""

from __future__ import annotations

import io

import pytest
from mutagen.id3 import ID3

from whisul_tui.domain.id3 import Tag, id3_bytes, id3_size, retagged

PICTURE = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 40


def read(raw: bytes) -> ID3:
    return ID3(io.BytesIO(raw))


def test_mutagen_reads_every_field_back() -> None:
    tag = Tag(
        {"title": "Übermäßig – 夜 😀", "bpm": "92", "key": "F#m"},
        "a prompt\nin two lines",
        {"PROMPT": "lofi", "SEED": "7"},
        PICTURE,
    )
    found = read(id3_bytes(tag))
    assert found.version == (2, 4, 0)
    assert [str(found[name]) for name in ("TIT2", "TBPM", "TKEY")] == ["Übermäßig – 夜 😀", "92", "F#m"]
    assert found["COMM::eng"].text == ["a prompt\nin two lines"]
    assert {frame.desc: frame.text[0] for frame in found.getall("TXXX")} == {"PROMPT": "lofi", "SEED": "7"}
    assert found["APIC:"].data == PICTURE
    assert found["APIC:"].mime == "image/jpeg"
    assert found["APIC:"].type == 3


def test_a_frame_longer_than_127_bytes_is_measured_synchsafe() -> None:
    text = "x" * 70_000
    assert str(read(id3_bytes(Tag({"title": text})))["TIT2"]) == text


def test_nul_and_lone_surrogates_cannot_split_or_break_a_field() -> None:
    assert str(read(id3_bytes(Tag({"title": "a\0b\ud800c"})))["TIT2"]) == "ab?c"


def test_empty_texts_are_left_out_and_unknown_names_refused() -> None:
    assert not read(id3_bytes(Tag({"title": "t", "artist": ""}))).getall("TPE1")
    with pytest.raises(KeyError):
        id3_bytes(Tag({"colour": "blue"}))


def test_a_tag_larger_than_the_format_is_refused() -> None:
    with pytest.raises(ValueError, match="larger than the format"):
        id3_bytes(Tag(cover=bytes(1 << 28)))


def test_the_size_is_that_of_the_whole_tag_and_retagging_replaces_it() -> None:
    first = id3_bytes(Tag({"title": "one"}, cover=PICTURE))
    song = first + b"\xff\xfbframes"
    assert id3_size(song[:10]) == len(first)
    again = retagged(song, Tag({"title": "two"}))
    assert again.endswith(b"\xff\xfbframes")
    assert str(read(again)["TIT2"]) == "two"
    assert again.count(b"ID3") == 1


@pytest.mark.parametrize("head", [b"", b"ID3", b"\xff\xfb\x90\x00" + bytes(6), b"ID3\x04\x00\x00\xff\xff\xff\xff"])
def test_what_is_no_tag_has_no_size(head: bytes) -> None:
    assert id3_size(head) == 0
