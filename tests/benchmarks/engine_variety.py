"""How different songs are: melodies and progressions over seeds, and what happy and sad do.

`python -m tests.benchmarks.engine_variety`: needs nothing but the engine.
"""

from __future__ import annotations

from collections import Counter
from itertools import combinations, pairwise

import numpy as np

from whisul_tui.studio.engine.composing import compose_score
from whisul_tui.studio.engine.genres import GENRES
from whisul_tui.studio.engine.reading import parse
from whisul_tui.studio.engine.rendering.mastering import Master
from whisul_tui.studio.engine.rendering.mixing import Mixer
from whisul_tui.studio.engine.score import Score
from whisul_tui.studio.engine.sound.signal import RATE


def melody(score: Score) -> Counter[tuple[int, ...]]:
    """The 4-grams of intervals of all lead notes, or of the loudest arpeggio where nobody leads."""
    tracks = [track for track in score.tracks if track.role == "lead"] or [
        track for track in score.tracks if track.role == "arp"
    ]
    pitches = [note.pitch for track in tracks for note in track.notes]
    steps = [after - before for before, after in pairwise(pitches)]
    return Counter(zip(*(steps[first:] for first in range(4)), strict=False))


def alike(one: Counter[tuple[int, ...]], other: Counter[tuple[int, ...]]) -> float:
    """Jaccard of two bags."""
    return sum((one & other).values()) / max(1, sum((one | other).values()))


def centroid(prompt: str, seed: int) -> float:
    """The mean spectral centroid of the mastered song in Hz."""
    score = compose_score(parse(prompt, seed))
    master = Master(Mixer(score).mix(lambda share: None), score, GENRES[score.spec.genre].mastering, lambda share: None)
    mono = np.concatenate([chunk.astype(np.float32).mean(1) for chunk in master.chunks()])
    frames = np.abs(np.fft.rfft(mono[: mono.size // 4096 * 4096].reshape(-1, 4096) * np.hanning(4096), axis=1))
    at = np.fft.rfftfreq(4096, 1 / RATE)
    return float(np.mean((frames @ at) / (frames.sum(1) + 1e-9)))


def main() -> None:
    """Prints a line a genre."""
    for genre in GENRES:
        scores = [compose_score(parse(f"{genre} song", seed)) for seed in range(20)]
        likeness = [alike(one, other) for one, other in combinations(map(melody, scores), 2)]
        print(
            f"{genre:10} likest two of 20 melodies {max(likeness):.2f}, "
            f"progressions {len({score.progressions for score in scores})}"
        )
    for genre in GENRES:
        seeds = range(4)
        happy, sad = ([parse(f"{mood} {genre}", seed) for seed in range(20)] for mood in ("happy", "sad"))
        tempo = sum(spec.bpm for spec in happy) / sum(spec.bpm for spec in sad) - 1
        bright, dull = ([centroid(f"{mood} {genre}, 40 seconds", seed) for seed in seeds] for mood in ("happy", "sad"))
        major = sum(spec.mode in ("major", "lydian", "mixolydian") for spec in happy) - sum(
            spec.mode in ("major", "lydian", "mixolydian") for spec in sad
        )
        print(
            f"{genre:10} happy against sad: bpm {tempo:+.0%}, centroid {np.mean(bright) / np.mean(dull) - 1:+.0%}, "
            f"major {major:+d} of 20",
            flush=True,
        )


if __name__ == "__main__":
    main()
