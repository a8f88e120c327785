"""The critic: how clearly a score's own notes name the key it was asked for."""

from __future__ import annotations

from collections.abc import Iterable

from whisul_tui.studio.engine.score import Spec, Track
from whisul_tui.studio.engine.theory import is_major

# Krumhansl and Kessler's probe-tone ratings, which the listening judges of keys are built on too.
_MAJOR = (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88)
_MINOR = (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17)
_ROLES = {"bass": 1.6, "lead": 1.1}


def key_margin(spec: Spec, tracks: Iterable[Track]) -> float:
    """How much better the song's pitch histogram fits its key than the best other key: above 0 is named rightly."""
    weights = [0.0] * 12
    for track in tracks:
        loudness = _ROLES.get(track.role, 1.0) * 10 ** (track.level / 40)
        for note in track.notes:
            weight = loudness * note.velocity * min(note.length, 4.0)
            weights[note.pitch % 12] += weight
            weights[(note.pitch + 7) % 12] += 0.18 * weight  # the third and fifth harmonics are heard too
            weights[(note.pitch + 4) % 12] += 0.06 * weight
    own = (spec.key, is_major(spec.mode))
    fits = {
        (key, major): _correlation([profile[(pitch - key) % 12] for pitch in range(12)], weights)
        for major, profile in ((True, _MAJOR), (False, _MINOR))
        for key in range(12)
    }
    return fits.pop(own) - max(fits.values())


def _correlation(one: list[float], other: list[float]) -> float:
    mean_one, mean_other = sum(one) / 12, sum(other) / 12
    first = [value - mean_one for value in one]
    second = [value - mean_other for value in other]
    size = (sum(value * value for value in first) * sum(value * value for value in second)) ** 0.5
    return sum(a * b for a, b in zip(first, second, strict=True)) / size if size else 0.0
