"""Renders songs for the judges: `python -m tests.benchmarks.engine_songs FOLDER [A_GENRE] [SEED...]`.

Every song is a prompt with a genre, a random bpm, key and 75 s, written as MP3 beside a JSON of what was asked and
composed.
One process, one core: the figures of speed are CPU seconds.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

from whisul_tui.studio.engine import compose
from whisul_tui.studio.engine.composing import compose_score
from whisul_tui.studio.engine.genres import GENRES
from whisul_tui.studio.engine.randomness import Stream
from whisul_tui.studio.engine.reading import parse
from whisul_tui.studio.engine.score import Score
from whisul_tui.studio.engine.theory import KEY_NAMES


def prompt_for(genre: str, seed: int, seconds: int = 75) -> str:
    """A prompt with everything the judges can hear named."""
    stream = Stream("judge", genre, seed)
    low, high = GENRES[genre].bpm
    mode = "minor" if stream.chance(0.6) else "major"
    key = KEY_NAMES[stream.whole(0, 11)]
    return f"{genre} at {stream.whole(int(low), int(high))} bpm in {key} {mode}, {seconds} seconds"


def facts(score: Score) -> dict[str, object]:
    """What the judges hold the sound against."""
    spec = score.spec
    bar = spec.bar.beats * spec.quarter
    return {
        "prompt": spec.prompt,
        "genre": spec.genre,
        "bpm": spec.bpm,
        "key": KEY_NAMES[spec.key],
        "mode": spec.mode,
        "seconds": spec.seconds,
        "loudness": GENRES[spec.genre].mastering.loudness,
        "bar": bar,
        "sections": [[section.kind, section.first_bar * bar, section.bars * bar] for section in score.sections],
    }


def render(prompt: str, seed: int, folder: Path, name: str) -> float:
    """Renders one song into the folder; the CPU seconds it took."""
    began = time.process_time()
    files = compose(prompt, seed, lambda stage, fraction: None)
    taken = time.process_time() - began
    (folder / f"{name}.mp3").write_bytes(files.audio)
    (folder / f"{name}.jpg").write_bytes(files.cover)
    (folder / f"{name}.json").write_text(json.dumps(facts(compose_score(parse(prompt, seed)))))
    return taken


def main(arguments: list[str]) -> None:
    """Renders what the command line asks for."""
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    genres = [name for name in arguments[1:] if name in GENRES] or list(GENRES)
    seeds = [int(text) for text in arguments[1:] if text.isdigit()] or [1]
    for seed in seeds:
        for genre in genres:
            prompt = prompt_for(genre, seed)
            taken = render(prompt, seed, folder, f"{genre}-{seed}")
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            print(f"{genre:10} {seed:3} {taken:6.2f} s CPU {memory:5} MB  {prompt}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
