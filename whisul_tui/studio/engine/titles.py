"""Titles that read like titles and follow the prompt."""

from __future__ import annotations

import re

from whisul_tui.studio.engine.randomness import Stream
from whisul_tui.studio.engine.score import Spec

_ADJECTIVES = {
    "lofi": ("Dusty", "Paper", "Rainy", "Slow", "Velvet", "Faded", "Quiet", "Half-Asleep"),
    "ambient": ("Distant", "Weightless", "Silver", "Still", "Endless", "Soft", "Glass", "Northern"),
    "house": ("Golden", "Electric", "Late", "Deep", "Summer", "Open", "Warm", "Mirrored"),
    "rock": ("Broken", "Burning", "Loud", "Wild", "Rusted", "Crooked", "Restless", "Blackout"),
    "jazz": ("Blue", "Smoky", "Uptown", "Amber", "Half-Past", "Crooked", "Slow", "Borrowed"),
}
_NOUNS = {
    "lofi": ("Notebooks", "Window", "Coffee", "Sunday", "Lamp", "Pages", "Afternoon", "Headphones"),
    "ambient": ("Tides", "Aurora", "Orbit", "Harbour", "Breath", "Snowfield", "Lanterns", "Horizon"),
    "house": ("Terrace", "Motion", "Hours", "Skyline", "Floor", "Mirrors", "Weekend", "Lights"),
    "rock": ("Engines", "Highway", "Hearts", "Thunder", "Wires", "Kingdom", "Matches", "Sirens"),
    "jazz": ("Corner", "Avenue", "Hour", "Cigarette", "Ballroom", "Umbrella", "Taxi", "Raincoat"),
}
_SHAPES = (
    "{adjective} {noun}",
    "{adjective} {noun}",
    "The {adjective} {noun}",
    "{noun} and {other}",
    "{adjective} {other}",
)
_WORD = re.compile(r"[^\W\d_][\w']{3,}")
_COMMON = frozenset(
    re.findall(
        r"\S+",
        """
        about above after again along around background bass beats because been before being between both compose
        could create does doing down drum drums during each else ever every fast featuring feel feeling from
        generate give guitar have having here instrumental into intro just like long made major make makes making
        many minor minute minutes mood more most much music must need only other outro over piano play playing
        please same second seconds short should slow some song songs sound sounds soundtrack style such tempo that
        the their them then there these they thing this those through track tune under until version very vibe vibes
        want wants where which while will with without would write your
        """,
    )
)


def make_title(spec: Spec) -> str:
    """A title of two to four words: one word of the prompt that carries meaning, where there is one."""
    stream = Stream("title", spec.identity, spec.seed, spec.variation)
    adjectives, nouns = _ADJECTIVES.get(spec.genre, _ADJECTIVES["lofi"]), _NOUNS.get(spec.genre, _NOUNS["lofi"])
    noun, other = stream.shuffled(nouns)[:2]
    own = [word for word in _WORD.findall(spec.identity[:600]) if word.lower() not in _COMMON]
    adjective = stream.pick(adjectives)
    if own and stream.chance(0.7):
        word = stream.pick(own[:12])
        adjective = word[0].upper() + word[1:24].lower()
    return stream.pick(_SHAPES).format(adjective=adjective, noun=noun, other=other)
