"""A song made from another: what a prompt such as `variation of …, at 92 bpm` changes in the Spec of its base."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from whisul_tui.studio.engine.randomness import Stream
from whisul_tui.studio.engine.reading.files import read_file
from whisul_tui.studio.engine.reading.keys import read_key
from whisul_tui.studio.engine.reading.negation import read_bans
from whisul_tui.studio.engine.reading.numbers import read_bpm, read_metre, read_seconds
from whisul_tui.studio.engine.reading.parse import parse, read_wishes
from whisul_tui.studio.engine.reading.text import normalise, unique
from whisul_tui.studio.engine.reading.vocabulary import MOODS
from whisul_tui.studio.engine.score import Spec

_VARIATION = re.compile(r"(?<!\w)(?:variations?|variant|another version|remix)(?!\w)")
_ID = re.compile(r"(?<=variation of )[0-9a-z][0-9a-z-]{5,}")  # a job id is no word of the song
_UNMUTED = re.compile(r"(?<!\w)(?:with|add|plus)(?!\w)")


@dataclass(frozen=True, slots=True)
class Origin:
    """The prompt and seed a song was made from, and what that one was made from in turn."""

    prompt: str
    seed: int
    base: Origin | None = None


def read(prompt: str, seed: int, base: Origin | None) -> Spec:
    """The Spec of a prompt, or of what the prompt makes of its base.

    `variation of …` keeps form, harmony, key and tempo and invents melodies, figures and drums anew, another one for
    every seed; `same song …` keeps the notes. Tempo, key, mode, metre, length, instruments and bans said are changed.
    """
    if base is None:
        return parse(prompt, seed)
    before = read(base.prompt, base.seed, base.base)
    file, said = read_file(prompt)
    text = _ID.sub(" ", normalise(said))
    banned, positive = read_bans(text)
    bpm, seconds, metre = read_bpm(text), read_seconds(text), read_metre(text)
    key, mode = read_key(positive)
    wanted = tuple(name for name in unique((*read_wishes(positive, banned), *before.wanted)) if name not in banned)
    spec = replace(
        before,
        prompt=prompt,
        file=file or before.file,
        key=before.key if key is None else key,
        mode=mode or before.mode,
        metre=metre or before.metre,
        seconds=before.seconds if seconds is None else seconds,
        moods=tuple(unique((*before.moods, *MOODS.meanings(positive)))),
        wanted=wanted,
        banned=(before.banned - _welcomed(positive, wanted)) | banned,
        variation=Stream("variation", prompt, seed).whole(1, 1 << 30) if _VARIATION.search(text) else before.variation,
    )
    if bpm is None or seconds is not None:
        return spec if bpm is None else replace(spec, bpm=bpm)
    return replace(spec, bpm=bpm, form_quarter=before.form_quarter or before.quarter)


def _welcomed(text: str, wanted: tuple[str, ...]) -> frozenset[str]:
    """Families the base was without and the prompt now asks for: `with drums`."""
    return frozenset(wanted) if _UNMUTED.search(text) else frozenset()
