"""prompt -> Spec -> Score -> samples -> files: the steps in order, each a pure function of what came before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from whisul_tui.domain.id3 import Tag
from whisul_tui.studio.engine.composing import compose_score
from whisul_tui.studio.engine.drawing import COVER_TYPE, draw_cover
from whisul_tui.studio.engine.files.audio import FLAC, MP3, WAV, Pcm, encode
from whisul_tui.studio.engine.files.midi import midi_bytes
from whisul_tui.studio.engine.genres import GENRES
from whisul_tui.studio.engine.reading import Origin, read
from whisul_tui.studio.engine.rendering.mastering import Master
from whisul_tui.studio.engine.rendering.mixing import Mixer
from whisul_tui.studio.engine.score import ENGINE_VERSION, Score, Track, score_hash
from whisul_tui.studio.engine.song_files import SongFiles, StemFile
from whisul_tui.studio.engine.sound.signal import RATE, Signal
from whisul_tui.studio.engine.tags import make_tags

OnProgress = Callable[[str, float], None]

# The stages and the share of the whole work done when each begins, as measured.
STAGES = {"composing": 0.0, "drawing": 0.02, "rendering": 0.08, "mastering": 0.68, "encoding": 0.74}

# The stems besides the drums, by the roles of the tracks in them.
STEMS = {"bass": frozenset({"bass"}), "chords": frozenset({"chords", "pad", "arp"}), "lead": frozenset({"lead"})}
ARTIST = "whisul-tui studio"
_CHUNK = 1 << 17
_FILES = {"flac": FLAC, "wav": WAV}


def compose(prompt: str, seed: int, on_progress: OnProgress, *, base: Origin | None = None) -> SongFiles:
    """Composes, draws and renders a song from any text.

    `on_progress` hears the stage and the share of the whole work done, several times a second; what it raises ends the
    work at once and comes out of here. With a `base` the prompt says what to change in that song.
    """
    on_progress("composing", STAGES["composing"])
    score = compose_score(read(prompt, seed, base), partial(on_progress, "composing", STAGES["composing"]))
    on_progress("drawing", STAGES["drawing"])
    cover = draw_cover(score, partial(on_progress, "drawing", STAGES["drawing"]))
    on_progress("rendering", STAGES["rendering"])
    mixer = Mixer(score)
    mix = mixer.mix(_within("rendering", "mastering", on_progress))
    master = Master(mix, score, GENRES[score.spec.genre].mastering, _within("mastering", "encoding", on_progress))
    digest = score_hash(score)
    tag = _tag(score, digest, cover)
    encoding = _within("encoding", None, on_progress)
    audio, audio_type = encode(master.chunks(), mixer.count, encoding, tag, _FILES.get(score.spec.file, MP3))
    return SongFiles(
        title=score.title,
        bpm=score.spec.bpm,
        seconds=round(mixer.count / RATE, 3),
        key=score.spec.key_name,
        tags=make_tags(score),
        audio=audio,
        audio_type=audio_type,
        cover=cover,
        cover_type=COVER_TYPE,
        midi=midi_bytes(score),
        engine_version=ENGINE_VERSION,
        score_hash=digest,
    )


def render_stems(
    prompt: str, seed: int, on_progress: OnProgress, *, base: Origin | None = None
) -> tuple[StemFile, ...]:
    """The stems of the song that `compose` makes of the same arguments; together they are its mix before mastering."""
    score = compose_score(read(prompt, seed, base))
    groups = {name: roles for name, roles in STEMS.items() if any(track.role in roles for track in score.tracks)}
    names = ["drums", *groups] if score.hits else list(groups)
    whole = Mixer(score).mix(lambda share: on_progress("mixing", share / (len(names) + 1)))
    gain = _safe_gain(whole)
    del whole
    stems: list[StemFile] = []
    for number, name in enumerate(names, 1):
        mixer = Mixer(score, partial(_plays, groups.get(name, frozenset())), drums=name == "drums")
        mix = mixer.mix(partial(_told, on_progress, name, number / (len(names) + 1), 1 / (len(names) + 1)))
        label = Tag({"title": f"{score.title} ({name})", "artist": ARTIST})
        wanted = _FILES.get(score.spec.file, MP3)
        stems.append(StemFile(name, *encode(_samples(mix, gain), mixer.count, lambda share: None, label, wanted)))
    return tuple(stems)


def _plays(roles: frozenset[str], track: Track) -> bool:
    return track.role in roles


def _told(on_progress: OnProgress, stage: str, begin: float, size: float, share: float) -> None:
    on_progress(stage, begin + size * share)


def _safe_gain(mix: Signal) -> float:
    """The gain that brings the loudest sample of a mix 2 dB under full scale."""
    return 0.79 / max(1e-6, float(np.abs(mix).max()))


def _samples(mix: Signal, gain: float) -> Iterator[Pcm]:
    """A signal as 16-bit samples, a few seconds at a time."""
    for start in range(0, mix.shape[1], _CHUNK):
        part = np.clip(mix[:, start : start + _CHUNK] * np.float32(gain), -1, 1)
        yield np.rint(part * np.float32(32_767)).astype(np.int16).T


def _within(stage: str, following: str | None, on_progress: OnProgress) -> Callable[[float], None]:
    """A listener to the share of one stage that tells the share of the whole."""
    begin = STAGES[stage]
    return partial(_told, on_progress, stage, begin, (STAGES[following] if following else 1.0) - begin)


def _tag(score: Score, digest: str, cover: bytes) -> Tag:
    spec = score.spec
    key = spec.key_name.split()[0] + ("" if spec.mode in ("major", "lydian", "mixolydian") else "m")
    texts = {
        "title": score.title,
        "artist": ARTIST,
        "bpm": str(round(spec.bpm)),
        "key": key,
        "genre": spec.genre,
        "length": str(round(spec.seconds * 1000)),
        "encoder": f"whisul-tui studio {ENGINE_VERSION}",
    }
    fields = {"PROMPT": spec.prompt[:10_000], "SEED": str(spec.seed), "ENGINE": ENGINE_VERSION, "SCORE": digest}
    return Tag(texts, spec.prompt[:1_000], fields, cover, COVER_TYPE)
