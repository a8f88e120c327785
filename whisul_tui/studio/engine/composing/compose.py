"""A Spec as a Score: several drafts, of which the one that names its key best is kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from whisul_tui.studio.engine.composing import melody_players, rhythm_players
from whisul_tui.studio.engine.composing.arranging import arrange, plays_drums
from whisul_tui.studio.engine.composing.critic import key_margin
from whisul_tui.studio.engine.composing.drums import drum, transitions
from whisul_tui.studio.engine.composing.ending import end
from whisul_tui.studio.engine.composing.form import INITIALS, fit_form
from whisul_tui.studio.engine.composing.harmony import Harmony, harmonise
from whisul_tui.studio.engine.composing.melody import invent
from whisul_tui.studio.engine.composing.playing import Memory, Playing, Themes
from whisul_tui.studio.engine.genres import GENRES, Genre
from whisul_tui.studio.engine.randomness import Stream
from whisul_tui.studio.engine.score import Note, Score, Section, Spec, Track
from whisul_tui.studio.engine.titles import make_title

DRAFTS = 12
_CLEAR_ENOUGH = 0.08
_MOST_BARS = 1_200  # composed in all drafts together: ten minutes get fewer drafts

_PLAYERS = {
    "chords": rhythm_players.chords,
    "comp": rhythm_players.comp,
    "pad": rhythm_players.pad,
    "swell": rhythm_players.swell,
    "power": rhythm_players.power,
    "arp": rhythm_players.arp,
    "bass": rhythm_players.bass,
    "pedal": rhythm_players.pedal,
    "walk": rhythm_players.walk,
    "melody": melody_players.melody,
    "improvise": melody_players.improvise,
    "riff": melody_players.riff,
    "sparse": melody_players.sparse,
    "sparkle": melody_players.sparkle,
    "acid": melody_players.acid,
}
PLAYERS = frozenset(_PLAYERS)

# Players lean back in a verse and forward in a chorus.
_TOUCH = {"intro": 0.78, "verse": 0.84, "build": 0.9, "chorus": 1.0, "bridge": 0.82, "outro": 0.78}


def compose_score(spec: Spec, check: Callable[[], None] = lambda: None) -> Score:
    """The song as notes; the same for the same Spec everywhere. `check` may raise between drafts."""
    best = _draft(spec, 0)
    clearest = key_margin(best.spec, best.tracks)
    for draft in range(1, min(DRAFTS, max(3, _MOST_BARS // best.bars))):
        if clearest > _CLEAR_ENOUGH:
            break
        check()
        score = _draft(spec, draft)
        margin = key_margin(score.spec, score.tracks)
        if margin > clearest:
            best, clearest = score, margin
    return best


def _draft(spec: Spec, draft: int) -> Score:
    genre = GENRES[spec.genre]
    stream = Stream("score", spec.identity, spec.seed)
    sections, seconds = fit_form(spec, genre, stream.fork("form"))
    spec = replace(spec, seconds=seconds)
    harmony, loops = harmonise(spec, genre, sections, stream.fork("harmony", draft))
    changing = stream.fork("variation", spec.variation) if spec.variation else stream
    themes = _themes(spec, genre, changing.fork("themes", draft))
    tracks = _tracks(spec, genre, sections, harmony, themes, changing)
    hits = drum(spec, genre, sections, changing.fork("drums")) if plays_drums(spec, genre) else []
    if not tracks and not hits:
        tracks = _tracks(replace(spec, banned=frozenset({"drums"})), genre, sections, harmony, themes, changing)[:1]
    score = Score(
        spec=spec,
        title=make_title(spec),
        sections=sections,
        chords=harmony.chords,
        tracks=tuple(tracks),
        hits=tuple(hits),
        effects=tuple(transitions(spec, genre, sections)) if not spec.solo else (),
        hook=tuple((note.step, note.length, note.degree) for note in themes.hook),
        progressions=loops,
    )
    return end(score)


def _themes(spec: Spec, genre: Genre, stream: Stream) -> Themes:
    density = max(0.1, min(0.95, genre.density + 0.2 * spec.energy))
    return Themes(
        hook=invent(stream.fork("hook"), min(0.95, density + 0.12), spec.bar),
        verse=invent(stream.fork("verse"), density - 0.15, spec.bar),
        bridge=invent(stream.fork("bridge"), density - 0.25, spec.bar),
        riff=invent(stream.fork("riff"), 0.5, spec.bar),
    )


def _tracks(
    spec: Spec, genre: Genre, sections: Sequence[Section], harmony: Harmony, themes: Themes, stream: Stream
) -> list[Track]:
    tracks: list[Track] = []
    for place, (part, instrument) in enumerate(arrange(spec, genre, stream.fork("parts"))):
        steady = stream.fork("part", place)
        memory = Memory()
        notes: list[Note] = []
        for section in sections:
            if INITIALS[section.kind] not in part.where:
                continue
            playing = Playing(
                spec,
                genre,
                part,
                instrument,
                section,
                harmony,
                themes,
                steady,
                steady.fork("at", section.first_bar),
                memory,
            )
            touch = _TOUCH[section.kind] * (1 + 0.1 * spec.energy)
            notes += [
                replace(note, velocity=max(0.08, min(1.0, note.velocity * touch)))
                for note in _PLAYERS[part.play](playing)
            ]
        if notes:
            notes.sort(key=lambda note: (note.beat, note.pitch))
            tracks.append(
                Track(
                    f"{part.role} {instrument}",
                    part.role,
                    instrument,
                    part.level,
                    part.pan,
                    part.reverb,
                    part.delay,
                    part.duck,
                    tuple(notes),
                )
            )
    return tracks
