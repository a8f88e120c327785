"""Holds what was read from a prompt against what the frozen table says."""

from __future__ import annotations

from typing import Any

from whisul_tui.studio.engine.genres import GENRES
from whisul_tui.studio.engine.reading import parse

SEEDS = (1, 2, 3)


def misses(prompt: str, want: dict[str, Any]) -> list[str]:
    """What was read differently, as sentences, over a few seeds."""
    return [sentence for seed in SEEDS for sentence in _misses(prompt, want, seed)]


def _misses(prompt: str, want: dict[str, Any], seed: int) -> list[str]:
    spec = parse(prompt, seed)
    low, high = GENRES[spec.genre].bpm
    middle = (low + high) / 2
    found: dict[str, Any] = {
        "genre": spec.genre,
        "bpm": spec.bpm,
        "key": spec.key if "key" in spec.explicit else None,
        "mode": spec.mode,
        "metre": spec.metre,
        "seconds": spec.seconds,
        "solo": spec.solo,
        "vocals": spec.vocals_asked,
        "banned": set(spec.banned),
        "slow": spec.bpm <= middle,
        "fast": spec.bpm >= middle,
    }
    wrong = [
        f"{name} is {found[name]}, not {value}"
        for name, value in want.items()
        if name in found and found[name] != value
    ]
    if missing := want.get("moods", set()) - set(spec.moods):
        wrong.append(f"mood {missing} not in {spec.moods}")
    if missing := want.get("wanted", set()) - set(spec.wanted):
        wrong.append(f"instrument {missing} not in {spec.wanted}")
    return wrong
