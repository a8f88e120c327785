"""What a file is, told from its first bytes: the only witness that cannot be set by whoever sends it."""

from __future__ import annotations

HEAD_BYTES = 16  # enough for every kind below


def song_ending(head: bytes) -> str | None:
    """The file ending of a song with these first bytes (".mp3", ".wav", ".ogg", ".flac", ".m4a", ".aac"), or None."""
    if head[:3] == b"ID3" and len(head) >= 10 and 2 <= head[3] <= 4 and max(head[6:10]) < 0x80:
        return ".mp3"
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return ".wav"
    if head[:4] == b"OggS":
        return ".ogg"
    if head[:4] == b"fLaC":
        return ".flac"
    if head[4:8] == b"ftyp":
        return ".m4a"
    return _frame_ending(head)


def image_ending(head: bytes) -> str | None:
    """The file ending of a cover with these first bytes (".png", ".jpg", ".webp"), or None."""
    if head[:8] == b"\x89PNG\r\n\x1a\n":
        return ".png"
    if head[:3] == b"\xff\xd8\xff":
        return ".jpg"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return ".webp"
    return None


def _frame_ending(head: bytes) -> str | None:
    # An MPEG frame without a tag before it. The layer is looked at too: FF FE is also how UTF-16 text begins.
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return None
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    if layer == 0 and version >= 2 and head[2] >> 2 & 15 < 13:
        return ".aac"
    if layer == 1 and version != 1 and head[2] >> 4 not in (0, 15) and head[2] >> 2 & 3 != 3:
        return ".mp3"
    return None
