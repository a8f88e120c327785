from __future__ import annotations

import pytest

from tests.listening.songs import mp3, png, wav
from whisul_tui.listening.kinds import HEAD_BYTES, image_ending, song_ending


@pytest.mark.parametrize(
    ("head", "song", "image"),
    [
        (mp3(), ".mp3", None),
        (b"\xff\xfb\x90\x64" + b"\0" * 12, ".mp3", None),
        (b"\xff\xf3\x40\xc0" + b"\0" * 12, ".mp3", None),
        (b"\xff\xf1\x50\x80" + b"\0" * 12, ".aac", None),
        (wav(), ".wav", None),
        (b"OggS" + b"\0" * 12, ".ogg", None),
        (b"fLaC" + b"\0" * 12, ".flac", None),
        (b"\0\0\0\x20ftypM4A \0\0\0\0", ".m4a", None),
        (png(), None, ".png"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 12, None, ".jpg"),
        (b"RIFF\0\0\0\0WEBPVP8 ", None, ".webp"),
        (b"<!DOCTYPE html>\n<html>", None, None),
        (b'{"error": "gone"}', None, None),
        (b"\xff\xfe<\0h\0t\0m\0l\0>\0", None, None),
        (b"ID3 is what this text begins with", None, None),
        (b"# mpv EDL v0\n/etc/passwd\n", None, None),
        (b"#EXTM3U\nfile:///etc/passwd", None, None),
        (b"ffconcat version 1.0\n", None, None),
        (b"RIFF\0\0\0\0AVI LIST", None, None),
        (b"\xff", None, None),
        (b"", None, None),
    ],
)
def test_a_file_is_told_from_its_first_bytes(head: bytes, song: str | None, image: str | None) -> None:
    assert song_ending(head[:HEAD_BYTES]) == song
    assert image_ending(head[:HEAD_BYTES]) == image
