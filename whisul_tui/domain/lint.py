"""Advice on a prompt: what it leaves open, and where it says two things at once. It never keeps a prompt from leaving.

Only English words are known. A prompt in other letters gets no advice on what is missing.
"""

from __future__ import annotations

import re

LONG = 1_000  # characters from which on a prompt is called long
_FEWEST_WORDS = 3  # below, somebody has just begun to write

_GENRES = """
acid acoustic afrobeat ambient anthem americana ballad baroque bebop big-band bluegrass blues bossa boogie breakbeat
britpop calypso celtic chanson chillout chiptune choral cinematic classical country cumbia dancehall dembow disco dnb
doo-wop downtempo drill drone drum-and-bass dub dubstep edm electro electronic emo eurodance fado film-score flamenco
folk funk fusion gabber garage glitch gospel grime grunge hardcore hardstyle hip-hop hiphop house idm indie industrial
jazz jingle jungle klezmer krautrock latin lo-fi lofi lullaby mambo mariachi march metal minimal minuet motown neo-soul
new-age noise opera orchestral phonk polka pop post-punk post-rock prog psytrance punk r&b ragtime rap reggae reggaeton
rhumba rnb rock rockabilly roots rumba salsa samba schlager sea-shanty shanty shoegaze ska son soul soundscape
soundtrack spaghetti-western surf swing symphony synth-pop synthpop synthwave tango techno trance trap trip-hop vapor
vaporwave waltz world zouk string-quartet quartet requiem chillhop eurobeat hyperpop bolero chillwave k-pop j-pop
"""
_MOODS = """
angry anxious bittersweet bleak bouncy bright brooding calm carefree cheerful chill cold cozy cosy dark dreamy driving
dramatic eerie elegant emotional energetic epic ethereal euphoric festive fierce foggy fun funny gentle gloomy groovy
happy haunting heavy heroic hopeful hypnotic intense intimate joyful late-night lazy light lonely longing lush majestic
meditative mellow melancholic melancholy moody mysterious mystic nostalgic ominous optimistic party peaceful pensive
playful powerful proud quiet rainy raw reflective relaxed relaxing restless romantic sad scary sensual sentimental
serene serious sexy silly sleepy smooth soaring soft solemn sombre somber soothing spooky sunny sweet tender tense
thoughtful triumphant upbeat uplifting vast warm whimsical wistful wild yearning
"""
_SLOW = "adagio andante downtempo laid-back largo lazy lento slow slowly unhurried"
_FAST = "allegro breakneck fast frantic presto quick rapid speedy uptempo up-tempo vivace"
_MIDDLE = "mid-tempo midtempo moderato moderate medium-tempo steady tempo"
_SUNG = "choir chorale duet rap rapper sing singer singing sung vocal vocals voice voices lyrics"
_INSTRUMENTAL = re.compile(
    r"\binstrumental\b|\b(?:no|without|zero)\s+(?:any\s+)?(?:vocals?|voices?|singing|singers?|lyrics|rap)\b", re.I
)
_NEGATED = re.compile(r"\b(?:no|not|without|zero|never)\s+(?:any\s+|too\s+)?([\w-]+)", re.I)
_BPM = re.compile(r"\b(\d{2,3})\s*(?:-|to\s+\d{2,3}\s*)?bpm\b", re.I)
_WORD = re.compile(r"[\w&'-]+")


def _set(words: str) -> frozenset[str]:
    return frozenset(word.replace("-", "") for word in words.split())


_GENRE_SET, _MOOD_SET, _SUNG_SET = _set(_GENRES), _set(_MOODS), _set(_SUNG)
_SLOW_SET, _FAST_SET, _TEMPO_SET = _set(_SLOW), _set(_FAST), _set(f"{_SLOW} {_FAST} {_MIDDLE}")


def advice(prompt: str) -> str:
    """What to think about before it is sent, in one line; an empty text where nothing comes to mind."""
    text = prompt[: 4 * LONG]
    found = _WORD.findall(text.lower())
    told = [*_contradictions(text, _heard(text))]
    if len(prompt) > LONG:
        told.append(f"long, {len(prompt):,} characters: what matters most belongs first")
    if len(found) >= _FEWEST_WORDS and text.isascii() and (missing := _missing(text)):
        told.append(f"left open: {', '.join(missing)}")
    return "; ".join(told)


def _heard(text: str) -> frozenset[str]:
    """The words that are wanted, hyphens taken out, neighbours also as one: `hip hop` is `hiphop`."""
    words = [word.replace("-", "") for word in _WORD.findall(_NEGATED.sub(" ", text).lower())]
    pairs = ("".join(words[at : at + many]) for many in (2, 3) for at in range(len(words)))
    return frozenset(words).union(pairs)


def _missing(text: str) -> list[str]:
    heard = _heard(text)
    return [
        name
        for name, known in (
            ("genre", bool(heard & _GENRE_SET)),
            ("mood", bool(heard & _MOOD_SET)),
            ("tempo", bool(heard & _TEMPO_SET) or bool(_BPM.search(text))),
        )
        if not known
    ]


def _contradictions(text: str, heard: frozenset[str]) -> list[str]:
    told: list[str] = []
    sung = sorted(heard & _SUNG_SET)
    if sung and (without := _INSTRUMENTAL.search(text)):
        told.append(f"{without[0].lower()!r} and {sung[0]!r} contradict each other".replace("'", '"'))
    slow, fast = sorted(heard & _SLOW_SET), sorted(heard & _FAST_SET)
    speeds = [int(figure) for figure in _BPM.findall(text)]
    if slow and fast:
        told.append(f'"{slow[0]}" and "{fast[0]}" contradict each other')
    elif slow and any(speed >= 130 for speed in speeds):
        told.append(f'"{slow[0]}" and {max(speeds)} bpm contradict each other')
    elif fast and any(speed <= 80 for speed in speeds):
        told.append(f'"{fast[0]}" and {min(speeds)} bpm contradict each other')
    if len(set(speeds)) > 1:
        told.append(f"{speeds[0]} bpm and {next(s for s in speeds if s != speeds[0])} bpm are two tempos")
    unwanted = sorted({word.lower().replace("-", "") for word in _NEGATED.findall(text)} & heard - _SUNG_SET)
    if unwanted:
        told.append(f'"{unwanted[0]}" is both wanted and not')
    return told
