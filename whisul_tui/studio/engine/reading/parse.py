"""A prompt as a Spec: what is said beats the mood, the mood beats the genre, the genre beats the seed."""

from __future__ import annotations

import re
from dataclasses import dataclass

from whisul_tui.studio.engine.genres import GENRES, Genre
from whisul_tui.studio.engine.randomness import Stream
from whisul_tui.studio.engine.reading.files import read_file
from whisul_tui.studio.engine.reading.genres import DECADES, WEAK_WORDS
from whisul_tui.studio.engine.reading.instruments import FAMILIES, HOMES
from whisul_tui.studio.engine.reading.keys import read_key
from whisul_tui.studio.engine.reading.moods import MOODS
from whisul_tui.studio.engine.reading.negation import read_bans
from whisul_tui.studio.engine.reading.numbers import FASTEST, SLOWEST, read_bpm, read_metre, read_seconds
from whisul_tui.studio.engine.reading.text import normalise, unique
from whisul_tui.studio.engine.reading.vocabulary import FAST, INSTRUMENTS, SLOW
from whisul_tui.studio.engine.reading.vocabulary import GENRES as GENRES_SAID
from whisul_tui.studio.engine.reading.vocabulary import MOODS as MOODS_SAID
from whisul_tui.studio.engine.score import Spec
from whisul_tui.studio.engine.theory import is_major

_ANYTHING = ("acoustic", "cinematic", "house", "lofi", "pop", "rock", "synthwave")
_DECADE = re.compile(r"(?<!\d)(?:19|20)?([02-9]0)'?s(?!\w)")
_SOLO = re.compile(r"(?<!\w)(?:only|just|solo|nothing but|alone|unaccompanied)(?!\w)")
# Whatever follows is what the song is not: a genre, a mood, a tempo.
_NOT = re.compile(
    r"(?<!\w)(?:not|no|without|never|less|isn't|kein|keine|sans|sin|sem)(?: (?:too|so|very|any))? [\w'-]+"
)
_NEVER_SINGS = re.compile(r"(?<!\w)(?:instrumental|instrumentals)(?!\w)")


@dataclass(frozen=True, slots=True)
class _Heard:
    """What the words of a prompt say, before the gaps are filled."""

    genre: Genre
    second: str
    moods: tuple[str, ...]
    wanted: tuple[str, ...]
    banned: frozenset[str]
    tempo: float

    @property
    def energy(self) -> float:
        return _clamp(sum(MOODS[mood].energy for mood in self.moods))

    @property
    def brightness(self) -> float:
        return _clamp(sum(MOODS[mood].brightness for mood in self.moods))

    @property
    def major(self) -> float:
        return sum(MOODS[mood].major for mood in self.moods)


def parse(prompt: str, seed: int) -> Spec:
    """Reads any text at all; two calls with the same prompt and seed give the same Spec."""
    file, said = read_file(prompt)
    identity = said.strip()
    stream = Stream("spec", identity, seed)
    text = normalise(said)
    banned, positive = read_bans(text)
    positive = _NOT.sub(" ", positive)
    bpm, seconds, metre = read_bpm(text), read_seconds(text), read_metre(text)
    key, mode = read_key(positive)
    heard = _listen(positive, banned, stream.fork("genre"))
    mode = mode or _mode(heard, stream.fork("mode"))
    explicit = {"bpm": bpm, "seconds": seconds, "metre": metre, "key": key}
    vocals = "vocals" not in banned and not _NEVER_SINGS.search(positive) and _asks_for_vocals(positive)
    return Spec(
        prompt=prompt,
        seed=seed,
        identity=identity,
        genre=heard.genre.name,
        bpm=bpm if bpm is not None else _bpm(heard, stream.fork("bpm")),
        key=key if key is not None else stream.fork("key").whole(0, 11),
        mode=mode,
        metre=metre or heard.genre.metre,
        seconds=seconds or 0.0,
        second_genre=heard.second,
        moods=heard.moods,
        wanted=heard.wanted,
        banned=banned,
        solo=bool(heard.wanted) and _SOLO.search(positive) is not None,
        energy=heard.energy,
        brightness=heard.brightness,
        vocals_asked=vocals,
        explicit=frozenset(name for name, value in explicit.items() if value is not None),
        file=file,
    )


def _listen(text: str, banned: frozenset[str], stream: Stream) -> _Heard:
    spans = GENRES_SAID.find(text)
    ranked = sorted(spans, key=lambda span: (text[span[0] : span[1]] in WEAK_WORDS, span[0] - span[1], span[0]))
    named = unique(genre for _, _, genre in ranked)
    moods = tuple(MOODS_SAID.meanings(text))
    if named:
        genre = named[0]
    elif match := _DECADE.search(text):
        genre = DECADES[match[1][:2]]
    else:
        genre = _home(moods, read_wishes(text, banned), stream)
    wanted = read_wishes(text, banned)
    tempo = 0.85 if SLOW.find(text) else 1.15 if FAST.find(text) else 1.0
    second = next((other for other in named if other != genre), "")
    return _Heard(GENRES[genre], second, moods, wanted, banned, tempo)


def read_wishes(text: str, banned: frozenset[str]) -> tuple[str, ...]:
    """The instruments the prompt names, or the family alone for drums and bass, which every genre has its own of."""
    said = (meaning.partition("/") for meaning in INSTRUMENTS.meanings(text))
    names = unique(name or family for family, _, name in said if family not in banned)
    return tuple(
        name for name in names if (name in FAMILIES or name in ("drums", "bass")) and FAMILIES.get(name) not in banned
    )


def _home(moods: tuple[str, ...], wanted: tuple[str, ...], stream: Stream) -> str:
    """A genre for a prompt that names none: where its instruments and moods are at home, else one for anything."""
    votes = dict.fromkeys(_ANYTHING, 0)
    for name in wanted:
        if name in HOMES:
            votes[HOMES[name]] = votes.get(HOMES[name], 0) + 3
    for mood in moods:
        for genre in MOODS[mood].genres:
            votes[genre] = votes.get(genre, 0) + 2
    most = max(votes.values())
    return stream.pick([genre for genre, count in sorted(votes.items()) if count == most])


def _bpm(heard: _Heard, stream: Stream) -> float:
    low, high = heard.genre.bpm
    factor = heard.tempo
    for mood in heard.moods:
        factor *= MOODS[mood].tempo
    width = (high - low) * 0.5
    centre = (low + high) / 2 * _clamp(factor, 0.75, 1.35)
    return float(round(_clamp(stream.between(centre - width * 0.7, centre + width * 0.7), SLOWEST, FASTEST)))


def _mode(heard: _Heard, stream: Stream) -> str:
    tilt = heard.major
    weights = [(mode, weight * _tilted(mode, tilt)) for mode, weight in heard.genre.modes]
    if tilt > 0.5:
        weights.append(("major", 2.0))
    if tilt < -0.5:
        weights.append(("minor", 2.0))
    return stream.weighted(weights)


def _tilted(mode: str, tilt: float) -> float:
    if abs(tilt) < 0.15:
        return 1.0
    return 2.0 if is_major(mode) == (tilt > 0) else 0.08 if abs(tilt) > 0.5 else 0.5


def _asks_for_vocals(text: str) -> bool:
    return "vocals" in INSTRUMENTS.meanings(text) or re.search(r"(?<!\w)(?:sing|sings|karaoke)(?!\w)", text) is not None


def _clamp(value: float, low: float = -1.0, high: float = 1.0) -> float:
    return min(high, max(low, value))
