"""Who plays: the genre's parts, changed to what the prompt wants and does not want."""

from __future__ import annotations

from dataclasses import replace

from whisul_tui.studio.engine.genres import Genre
from whisul_tui.studio.engine.genres.model import Part
from whisul_tui.studio.engine.randomness import Stream
from whisul_tui.studio.engine.reading.instruments import FAMILIES, ROLES
from whisul_tui.studio.engine.score import Spec

_GUITARS = {
    "rock": "distorted guitar",
    "metal": "distorted guitar",
    "acoustic": "steel guitar",
    "lofi": "nylon guitar",
    "bossa nova": "nylon guitar",
    "ambient": "nylon guitar",
    "cinematic": "nylon guitar",
    "country": "steel guitar",
}
_LEFT_HANDS = frozenset(
    {"piano", "felt piano", "rhodes", "organ", "nylon guitar", "steel guitar", "clean guitar", "harp"}
)
_DEFAULTS = {
    "chords": Part("chords", "chords", (), -9, "ivpcbo", ("x-------x-------", "x-----x---x-----"), 0.1, 0.2),
    "pad": Part("pad", "pad", (), -12, "vpcbo", pan=0.0, reverb=0.35),
    "lead": Part("lead", "melody", (), -9, "vcb", pan=0.1, reverb=0.3, delay=0.15),
    "arp": Part("arp", "arp", (), -11, "vpcb", ("0-1-2-3-2-1-2-1-", "0-2-1-3-2-3-1-2-"), -0.2, 0.3, 0.2),
    "bass": Part("bass", "bass", (), -9, "vpcb", ("R-------r-------", "R-----r-5-------"), reverb=0.03),
}


def arrange(spec: Spec, genre: Genre, stream: Stream) -> list[tuple[Part, str]]:
    """The parts that play, each with its instrument."""
    chosen = [(part, stream.fork("instrument", place).pick(part.instruments)) for place, part in enumerate(genre.parts)]
    wanted = [_concrete(name, genre) for name in spec.wanted if name in ROLES]
    asked: set[int] = set()
    for name in wanted:
        chosen = _with(chosen, name, asked)
    if spec.solo:
        chosen = _alone(chosen, wanted)
    return [(part, name) for part, name in chosen if not _banned(part, name, spec.banned)]


def plays_drums(spec: Spec, genre: Genre) -> bool:
    """Whether there is a kit: the genre has one or the prompt wants one, and nothing forbids it."""
    if "drums" in spec.banned or (spec.solo and "drums" not in spec.wanted):
        return False
    return bool(genre.kit) or "drums" in spec.wanted


def _concrete(name: str, genre: Genre) -> str:
    return _GUITARS.get(genre.name, "clean guitar") if name == "guitar" else name


def _with(chosen: list[tuple[Part, str]], name: str, asked: set[int]) -> list[tuple[Part, str]]:
    """The parts with this instrument among them, louder: in its own part, in another's, or in a new one."""
    own = [place for place, (part, current) in enumerate(chosen) if name == current or name in part.instruments]
    role = ROLES[name]
    place = next((place for place in own if place not in asked), None)
    if place is None:
        place = next(
            (
                place
                for place, (part, _) in enumerate(chosen)
                if part.role == role and place not in asked and _suits(part, name)
            ),
            None,
        )
    if place is None:
        asked.add(len(chosen))
        return [*chosen, (replace(_DEFAULTS[role], instruments=(name,)), name)]
    part, _ = chosen[place]
    asked.add(place)
    where = "".join(dict.fromkeys(part.where + "vc"))
    chosen[place] = (replace(part, instruments=(name,), where=where, level=part.level + 2.5), name)
    return chosen


def _suits(part: Part, name: str) -> bool:
    """Whether the instrument can play the part's way: guitars that add their own fifth play roots alone."""
    return (part.play == "power") == (name == "distorted guitar") and part.play not in ("acid", "improvise")


def _alone(chosen: list[tuple[Part, str]], wanted: list[str]) -> list[tuple[Part, str]]:
    """The wanted instruments alone: a chord player also takes bass and melody."""
    kept = [(replace(part, where="ivpcbo"), name) for part, name in chosen if name in wanted]
    if not kept:
        return chosen
    roles = {part.role for part, _ in kept}
    first = kept[0][1]
    if "lead" not in roles and first != "distorted guitar":
        kept.append((replace(_DEFAULTS["lead"], instruments=(first,), level=-7, where="vpcb"), first))
    if "bass" not in roles and first in _LEFT_HANDS:
        kept.append((replace(_DEFAULTS["bass"], instruments=(first,), where="ivpcbo"), first))
    return kept


def _banned(part: Part, name: str, banned: frozenset[str]) -> bool:
    family = FAMILIES.get(name, "")
    return part.role in banned or family in banned or name in banned or ("strings" in banned and "strings" in name)
