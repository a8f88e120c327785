"""What musicnn's taggers hear in a folder of songs: `python tests/benchmarks/engine_tags.py FOLDER`.

Needs musicnn, TensorFlow and librosa in an environment of its own. musicnn's graph no longer loads in today's
TensorFlow, so its network is laid out here again and filled with the weights of its wheel.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

import librosa
import numpy as np
import tensorflow as tf

FRAMES = 187
EXPECTED = {
    "jazz": {"jazz", "piano"},
    "rock": {"rock", "guitar", "metal", "hard rock"},
    "ambient": {"ambient", "new age"},
    "techno": {"techno", "dance", "electronic"},
    "house": {"techno", "dance", "House", "electronic"},
    "acoustic": {"guitar", "folk", "acoustic", "country"},
    "cinematic": {"strings", "classical", "violin", "classic"},
}
ROOM = Path(next(iter(find_spec("musicnn").submodule_search_locations)))  # type: ignore[union-attr, arg-type]


class Tagger:
    """One of musicnn's two small networks."""

    def __init__(self, name: str) -> None:
        reader = tf.compat.v1.train.NewCheckpointReader(f"{ROOM / name}/")
        self._weights = {key: reader.get_tensor(key) for key in reader.get_variable_to_shape_map() if "Adam" not in key}

    def __call__(self, patches: np.ndarray) -> np.ndarray:
        """Tag probabilities (n, 50) of log-mel patches (n, 187, 96)."""
        x = self._norm(tf.constant(patches[..., None], tf.float32), 0)
        padded = tf.pad(x, [[0, 0], [3, 3], [0, 0], [0, 0]])
        front = [self._block(padded, place, "VALID") for place in (0, 1)] + [
            self._block(x, place, "SAME") for place in (2, 3, 4)
        ]
        first = tf.concat(front, 2)[..., None]
        layers = [first]
        for place in (5, 6, 7):
            padded = tf.pad(layers[-1], [[0, 0], [3, 3], [0, 0], [0, 0]])
            made = tf.transpose(self._norm(self._conv(padded, place, "VALID"), place + 1), [0, 1, 3, 2])
            layers.append(made if place == 5 else made + layers[-1])
        features = tf.concat(layers, 2)
        pooled = tf.concat([tf.reduce_max(features, 1), tf.reduce_mean(features, 1)], 2)
        flat = self._norm(tf.reshape(pooled, [pooled.shape[0], -1]), 9)
        dense = self._norm(tf.nn.relu(flat @ self._weights["dense/kernel"] + self._weights["dense/bias"]), 10)
        return tf.sigmoid(dense @ self._weights["dense_1/kernel"] + self._weights["dense_1/bias"]).numpy()

    def _name(self, kind: str, place: int) -> str:
        return f"{kind}_{place}" if place else kind

    def _conv(self, x: tf.Tensor, place: int, padding: str) -> tf.Tensor:
        name = self._name("conv2d", place)
        return tf.nn.relu(tf.nn.conv2d(x, self._weights[f"{name}/kernel"], 1, padding) + self._weights[f"{name}/bias"])

    def _block(self, x: tf.Tensor, place: int, padding: str) -> tf.Tensor:
        return tf.reduce_max(self._norm(self._conv(x, place, padding), place + 1), 2)

    def _norm(self, x: tf.Tensor, place: int) -> tf.Tensor:
        name = self._name("batch_normalization", place)
        keys = ("moving_mean", "moving_variance", "beta", "gamma")
        return tf.nn.batch_normalization(x, *(self._weights[f"{name}/{key}"] for key in keys), 1e-3)


def labels() -> list[str]:
    """The hundred tags of both networks, read from musicnn's own configuration."""
    scope: dict[str, list[str]] = {}
    exec((ROOM / "configuration.py").read_text(), scope)
    return scope["MTT_LABELS"] + scope["MSD_LABELS"]


def hear(song: Path, taggers: list[Tagger]) -> np.ndarray:
    """The mean of all patches' tags (100,)."""
    audio, _ = librosa.load(song, sr=16_000)
    mel = librosa.feature.melspectrogram(y=audio, sr=16_000, hop_length=256, n_fft=512, n_mels=96).T
    mel = np.log10(10_000 * mel.astype(np.float16).astype(np.float32) + 1)
    patches = np.stack([mel[start : start + FRAMES] for start in range(0, mel.shape[0] - FRAMES, FRAMES)])
    return np.concatenate([tagger(patches).mean(0) for tagger in taggers])


def heard_before(song: Path, taggers: list[Tagger]) -> np.ndarray:
    """What is heard in a song, kept beside it."""
    kept = song.with_suffix(".npy")
    if not kept.exists() or kept.stat().st_mtime < song.stat().st_mtime:
        np.save(kept, hear(song, taggers))
    return np.load(kept)


def told_apart(vectors: np.ndarray, genres: list[str], names: list[str]) -> int:
    """Leave-one-out by the nearest mean; prints who is mistaken, and for each genre who comes nearest."""
    scaled = np.log(vectors + 1e-3)
    kinds = sorted(set(genres))
    margins: dict[str, list[tuple[float, str]]] = {kind: [] for kind in kinds}
    wrong: list[str] = []
    for place, genre in enumerate(genres):
        means = {
            kind: scaled[[n for n in range(len(genres)) if genres[n] == kind and n != place]].mean(0) for kind in kinds
        }
        ranked = sorted((float(np.linalg.norm(scaled[place] - mean)), kind) for kind, mean in means.items())
        own = next(size for size, kind in ranked if kind == genre)
        other = next((size, kind) for size, kind in ranked if kind != genre)
        margins[genre].append((other[0] / own - 1, other[1]))
        if ranked[0][1] != genre:
            wrong.append(f"{names[place]} as {ranked[0][1]}")
    for kind in kinds:
        rivals = sorted({rival for _, rival in margins[kind]})
        shares = sorted(margin for margin, _ in margins[kind])
        print(
            f"{kind:10} margin {shares[0]:+.2f} least, {shares[len(shares) // 2]:+.2f} usual; next: {', '.join(rivals)}"
        )
    right = len(genres) - len(wrong)
    print(f"told apart {right}/{len(genres)} = {right / len(genres):.1%} ({', '.join(wrong)})")
    return right


def main(folder: Path) -> None:
    """Prints the tags a genre, who is told apart, and whether the expected tags are heard."""
    taggers, names = [Tagger("MTT_musicnn"), Tagger("MSD_musicnn")], labels()
    songs = sorted(folder.glob("*.mp3"))
    genres = [song.stem.rsplit("-", 1)[0] for song in songs]
    vectors = np.stack([heard_before(song, taggers) for song in songs])
    told_apart(vectors, genres, [song.stem for song in songs])
    heard = 0
    asked = 0
    for genre in sorted(set(genres)):
        mean = vectors[[n for n in range(len(songs)) if genres[n] == genre]].mean(0)
        tops = [[names[first + n] for n in mean[first : first + 50].argsort()[::-1][:5]] for first in (0, 50)]
        levels = [sorted(half)[::-1][:5] for half in (mean[:50], mean[50:])]
        print(
            f"{genre:10}",
            " · ".join(
                ", ".join(f"{tag} {level:.2f}" for tag, level in zip(top, size, strict=True))
                for top, size in zip(tops, levels, strict=True)
            ),
        )
        if genre in EXPECTED:
            asked += 1
            found = EXPECTED[genre] & {*tops[0], *tops[1]}
            heard += bool(found)
            print(f"{'':10} expected {'heard: ' + ', '.join(sorted(found)) if found else 'NOT HEARD'}")
    print(f"expected tags {heard}/{asked}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
