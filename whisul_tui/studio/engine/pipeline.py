"""prompt -> Spec -> Score -> samples -> files: the steps in order, each a pure function of what came before."""

from __future__ import annotations

from collections.abc import Callable

from whisul_tui.domain.id3 import Tag, id3_bytes
from whisul_tui.studio.engine.composing import compose_score
from whisul_tui.studio.engine.drawing import COVER_TYPE, draw_cover
from whisul_tui.studio.engine.files.audio import MP3, encode
from whisul_tui.studio.engine.files.midi import midi_bytes
from whisul_tui.studio.engine.genres import GENRES
from whisul_tui.studio.engine.reading import parse
from whisul_tui.studio.engine.rendering.mastering import Master
from whisul_tui.studio.engine.rendering.mixing import Mixer
from whisul_tui.studio.engine.score import ENGINE_VERSION, Score, score_hash
from whisul_tui.studio.engine.song_files import SongFiles
from whisul_tui.studio.engine.tags import make_tags

OnProgress = Callable[[str, float], None]

# The stages and the share of the whole work done when each begins, as measured.
STAGES = {"composing": 0.0, "drawing": 0.02, "rendering": 0.08, "mastering": 0.68, "encoding": 0.74}


def compose(prompt: str, seed: int, on_progress: OnProgress) -> SongFiles:
    """Composes, draws and renders a song from any text.

    `on_progress` hears the stage and the share of the whole work done, several times a second; what it raises ends the
    work at once and comes out of here.
    """
    on_progress("composing", STAGES["composing"])
    score = compose_score(parse(prompt, seed))
    on_progress("drawing", STAGES["drawing"])
    cover = draw_cover(score)
    mixer = Mixer(score)
    mix = mixer.mix(_within("rendering", "mastering", on_progress))
    master = Master(mix, score, GENRES[score.spec.genre].mastering, _within("mastering", "encoding", on_progress))
    audio, audio_type = encode(master.chunks(), mixer.count, _within("encoding", None, on_progress))
    digest = score_hash(score)
    if audio_type == MP3:
        audio = id3_bytes(_tag(score, digest, cover)) + audio
    return SongFiles(
        title=score.title,
        bpm=score.spec.bpm,
        seconds=round(mixer.count / 44_100, 3),
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


def _within(stage: str, following: str | None, on_progress: OnProgress) -> Callable[[float], None]:
    """A listener to the share of one stage that tells the share of the whole."""
    begin, end = STAGES[stage], STAGES[following] if following else 1.0
    return lambda share: on_progress(stage, begin + (end - begin) * share)


def _tag(score: Score, digest: str, cover: bytes) -> Tag:
    spec = score.spec
    key = spec.key_name.split()[0] + ("" if spec.mode in ("major", "lydian", "mixolydian") else "m")
    texts = {
        "title": score.title,
        "artist": "whisul-tui studio",
        "bpm": str(round(spec.bpm)),
        "key": key,
        "genre": spec.genre,
        "length": str(round(spec.seconds * 1000)),
        "encoder": f"whisul-tui studio {ENGINE_VERSION}",
    }
    fields = {"PROMPT": spec.prompt[:10_000], "SEED": str(spec.seed), "ENGINE": ENGINE_VERSION, "SCORE": digest}
    return Tag(texts, spec.prompt[:1_000], fields, cover, COVER_TYPE)
