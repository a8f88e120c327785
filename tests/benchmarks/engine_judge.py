"""Independent judges over a folder of songs: `python tests/benchmarks/engine_judge.py FOLDER`.

Needs essentia, librosa and pyloudnorm, which are nobody's run-time dependencies: run it in an environment of its own.
Prints a line a song and the shares that hold.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import essentia
import essentia.standard as es
import librosa
import numpy as np
import pyloudnorm

essentia.log.infoActive = essentia.log.warningActive = False
RATE = 44_100
NAMES = {"C#": "Db", "F#": "Gb", "G#": "Ab", "D#": "Eb", "A#": "Bb"}
BEATLESS = {"ambient", "classical"}


def tempo_error(mono: np.ndarray, bpm: float) -> float:
    """The share by which the heard tempo is off, an octave or a third allowed; the better of essentia's two judges."""
    heard = [es.RhythmExtractor2013(method="multifeature")(mono)[0], es.PercivalBpmEstimator()(mono)]
    factors = (0.25, 1 / 3, 0.5, 2 / 3, 1.0, 1.5, 2.0, 3.0, 4.0) if bpm < 0 else (0.25, 0.5, 1.0, 2.0, 4.0)
    return min(abs(found * factor / bpm - 1) for found in heard for factor in factors)


def heard_key(mono: np.ndarray) -> tuple[str, str]:
    """Tonic and mode by essentia's edma profile."""
    key, scale, _ = es.KeyExtractor(profileType="edma")(mono)
    return NAMES.get(key, key), scale


def true_peak(stereo: np.ndarray) -> float:
    """dBTP at four times the rate."""
    return max(
        20
        * np.log10(
            float(np.abs(librosa.resample(side, orig_sr=RATE, target_sr=4 * RATE, res_type="soxr_hq")).max()) + 1e-9
        )
        for side in stereo
    )


def longest_silence(mono: np.ndarray) -> float:
    """Seconds under -60 dBFS in one stretch, inside the song."""
    rms = librosa.feature.rms(y=mono, frame_length=2048, hop_length=1024)[0] < 1e-3
    longest = run = 0
    for quiet in rms[: -int(1.5 * RATE / 1024)]:
        run = run + 1 if quiet else 0
        longest = max(longest, run)
    return longest * 1024 / RATE


def boundaries(mono: np.ndarray, bar: float) -> list[int]:
    """Bars at which something new begins, found blind: novelty of loudness, timbre and harmony over bars."""
    hop = 1024
    mfcc = librosa.feature.mfcc(y=mono, sr=RATE, n_mfcc=14, hop_length=hop)
    chroma = librosa.feature.chroma_stft(y=mono, sr=RATE, hop_length=hop)
    onset = librosa.onset.onset_strength(y=mono, sr=RATE, hop_length=hop)[None]
    features = np.vstack(
        [
            (part - part.mean(1, keepdims=True)) / (part.std(1, keepdims=True) + 1e-6) * weight
            for part, weight in ((mfcc, 1.0), (chroma, 0.3), (onset, 1.0))
        ]
    )
    count = int(mono.size / RATE / bar)
    rows = np.array(
        [
            features[
                :, int(n * bar * RATE / hop) : max(int(n * bar * RATE / hop) + 1, int((n + 1) * bar * RATE / hop))
            ].mean(1)
            for n in range(count)
        ]
    )
    novelty = np.array(
        [
            np.linalg.norm(rows[max(0, n - 4) : n].mean(0) - rows[n : n + 4].mean(0)) if 2 <= n <= count - 2 else 0
            for n in range(count)
        ]
    )
    limit = novelty.mean() + 0.3 * novelty.std()
    return [n for n in range(2, count - 1) if novelty[n] == novelty[max(0, n - 2) : n + 3].max() and novelty[n] > limit]


def judge(song: Path) -> dict[str, object]:
    """Everything measured of one song."""
    asked = json.loads(song.with_suffix(".json").read_text())
    stereo, _, _, _, _, _ = es.AudioLoader(filename=str(song))()
    stereo = stereo.T
    mono = np.ascontiguousarray(stereo.mean(0))
    key, mode = heard_key(mono)
    spectrum = np.abs(np.fft.rfft(mono[: mono.size // 2 * 2])) ** 2
    low = spectrum[: int(150 * mono.size / RATE)].sum() / spectrum.sum()
    sides = (stereo**2).mean()
    found = boundaries(mono, asked["bar"])
    real = [round(start / asked["bar"]) for _, start, _ in asked["sections"][1:]]
    hit = sum(any(abs(bar - other) <= 1 for other in found) for bar in real)
    right = sum(any(abs(bar - other) <= 1 for other in real) for bar in found)
    return {
        "name": song.stem,
        "genre": asked["genre"],
        "tempo": tempo_error(mono, asked["bpm"]),
        "key": (key, mode) == (NAMES.get(asked["key"], asked["key"]), asked["mode"]),
        "heard": f"{key} {mode} for {asked['key']} {asked['mode']}",
        "loudness": pyloudnorm.Meter(RATE).integrated_loudness(stereo.T) - asked["loudness"],
        "peak": true_peak(stereo),
        "seconds": mono.size / RATE - asked["seconds"],
        "dc": float(abs(stereo.mean(1)).max()),
        "silence": longest_silence(mono),
        "low": float(low),
        "mono": float(10 * np.log10(sides / (mono**2).mean())),
        "boundaries": (hit, len(real), right, len(found)),
        **chorus_step(mono, asked["sections"]),
    }


def chorus_step(mono: np.ndarray, sections: list[list[object]]) -> dict[str, float]:
    """How much louder (dB) and how much denser (onsets) choruses are than verses."""
    level: dict[str, list[float]] = {"verse": [], "chorus": []}
    density: dict[str, list[float]] = {"verse": [], "chorus": []}
    for kind, start, length in sections:
        if kind in level:
            part = mono[int(start * RATE) : int((start + length) * RATE)]
            level[kind].append(float((part**2).mean()))
            density[kind].append(len(librosa.onset.onset_detect(y=part, sr=RATE)) / length)
    if not (level["verse"] and level["chorus"]):
        return {"step": float("nan"), "denser": float("nan")}
    return {
        "step": float(10 * np.log10(np.mean(level["chorus"]) / np.mean(level["verse"]))),
        "denser": float(np.mean(density["chorus"]) / max(0.01, np.mean(density["verse"]))),
    }


def main(folder: Path) -> None:
    """Judges every MP3 and prints what holds."""
    rows = []
    for song in sorted(folder.glob("*.mp3")):
        row = judge(song)
        rows.append(row)
        print(
            f"{row['name']:14} tempo {100 * row['tempo']:5.2f}% key {'ok ' if row['key'] else 'NO '} "
            f"{row['loudness']:+.2f} LU "
            f"{row['peak']:+.2f} dBTP {row['seconds']:+.3f} s dc {row['dc']:.1e} gap {row['silence']:.2f} "
            f"low {row['low']:.2f} mono {row['mono']:.1f} step {row['step']:+.1f} dB x{row['denser']:.2f} "
            f"bounds {row['boundaries']} {'' if row['key'] else row['heard']}",
            flush=True,
        )
    beat = [row for row in rows if row["genre"] not in BEATLESS]
    share = lambda wanted: f"{sum(wanted)}/{len(wanted)}"  # noqa: E731
    print("tempo within 1 %", share([row["tempo"] <= 0.01 for row in beat]))
    print("key exact", share([row["key"] for row in rows]))
    print("loudness within 0.3 LU", share([abs(row["loudness"]) <= 0.3 for row in rows]))
    print(
        "true peak at most -1 dBTP",
        share([row["peak"] <= -1.0 for row in rows]),
        f"worst {max(row['peak'] for row in rows):.2f}",
    )
    print("length within 0.1 s", share([abs(row["seconds"]) <= 0.1 for row in rows]))
    print("DC under 5e-4", share([row["dc"] < 5e-4 for row in rows]))
    print("no silence over 1 s", share([row["silence"] <= 1.0 for row in rows]))
    print("under 65 % below 150 Hz", share([row["low"] < 0.65 for row in rows]))
    print("mono loses under 3 dB", share([row["mono"] < 3.0 for row in rows]))
    hit, real, right, found = (sum(row["boundaries"][place] for row in rows) for place in range(4))
    print(f"boundaries recall {hit / max(1, real):.2f} precision {right / max(1, found):.2f}")
    stepped = [row for row in rows if row["step"] == row["step"]]
    print("chorus 2 dB louder or 1.3 denser", share([row["step"] >= 2 or row["denser"] >= 1.3 for row in stepped]))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
