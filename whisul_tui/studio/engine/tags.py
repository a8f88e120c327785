"""The tags of a song: what was really rendered, and what the studio could not give."""

from __future__ import annotations

from whisul_tui.studio.engine.score import Score

MOST = 8
_HEARD = ("lead", "chords", "pad", "arp", "bass")


def make_tags(score: Score) -> tuple[str, ...]:
    """Five to eight tags: genre, moods, the instruments that carry the song, tempo, and that nobody sings."""
    spec = score.spec
    tags = [spec.genre, *([spec.second_genre] if spec.second_genre else []), *spec.moods[:2]]
    carrying = sorted(
        score.tracks, key=lambda track: (_HEARD.index(track.role) if track.role in _HEARD else 9, -len(track.notes))
    )
    wanted = [track.instrument for track in carrying if track.instrument in spec.wanted]
    others = [track.instrument for track in carrying]
    room = MOST - 2 - len(tags)
    tags += list(dict.fromkeys(_plain(name) for name in wanted + others))[: min(3, room)]
    tags.append("slow" if spec.bpm < 90 else "mid-tempo" if spec.bpm < 120 else "fast")
    tags.append("instrumental (no vocals in the studio)" if spec.vocals_asked else "instrumental")
    return tuple(dict.fromkeys(tags))


def _plain(instrument: str) -> str:
    return instrument.removesuffix(" 2")
