"""The critic: how clearly a score's own notes name the key it was asked for."""

from __future__ import annotations

from collections.abc import Iterable

from whisul_tui.studio.engine.score import Spec, Track
from whisul_tui.studio.engine.theory import is_major

# Major and minor: Krumhansl and Kessler's probe-tone ratings, and Faraldo's profiles of how dance music is heard.
_PROFILES = (
    (
        (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88),
        (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17),
    ),
    (
        (1.00, 0.29, 0.50, 0.40, 0.60, 0.56, 0.32, 0.80, 0.31, 0.45, 0.42, 0.39),
        (1.00, 0.31, 0.44, 0.58, 0.33, 0.49, 0.29, 0.78, 0.43, 0.29, 0.53, 0.32),
    ),
)
_ROLES = {"bass": 1.6, "lead": 1.1}


def key_margin(spec: Spec, tracks: Iterable[Track]) -> float:
    """How much better the pitch histogram fits the key than the best other one, by the stricter of two profiles.

    Above 0 both name the key rightly.
    """
    weights = _histogram(tracks)
    own = (spec.key, is_major(spec.mode))
    return min(_margin(weights, major, minor, own) for major, minor in _PROFILES)


def _histogram(tracks: Iterable[Track]) -> list[float]:
    weights = [0.0] * 12
    for track in tracks:
        loudness = _ROLES.get(track.role, 1.0) * 10 ** (track.level / 40)
        for note in track.notes:
            weight = loudness * note.velocity * min(note.length, 4.0)
            weights[note.pitch % 12] += weight
            weights[(note.pitch + 7) % 12] += 0.18 * weight  # the third and fifth harmonics are heard too
            weights[(note.pitch + 4) % 12] += 0.06 * weight
    return weights


def _margin(weights: list[float], major: tuple[float, ...], minor: tuple[float, ...], own: tuple[int, bool]) -> float:
    fits = {
        (key, is_bright): _correlation([profile[(pitch - key) % 12] for pitch in range(12)], weights)
        for is_bright, profile in ((True, major), (False, minor))
        for key in range(12)
    }
    return round(fits.pop(own) - max(fits.values()), 9)


def _correlation(one: list[float], other: list[float]) -> float:
    mean_one, mean_other = sum(one) / 12, sum(other) / 12
    first = [value - mean_one for value in one]
    second = [value - mean_other for value in other]
    size = (sum(value * value for value in first) * sum(value * value for value in second)) ** 0.5
    return sum(a * b for a, b in zip(first, second, strict=True)) / size if size else 0.0
