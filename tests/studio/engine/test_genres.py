"""The genre tables: big enough, and every name and figure in them means something."""

from __future__ import annotations

import pytest

from whisul_tui.studio.engine.composing.compose import PLAYERS
from whisul_tui.studio.engine.composing.form import KINDS
from whisul_tui.studio.engine.drawing.palettes import PALETTES
from whisul_tui.studio.engine.drawing.scenes import SCENES
from whisul_tui.studio.engine.genres import GENRES
from whisul_tui.studio.engine.genres.model import EVERYWHERE
from whisul_tui.studio.engine.reading.genres import DECADES, GENRE_WORDS
from whisul_tui.studio.engine.reading.instruments import FAMILIES, ROLES
from whisul_tui.studio.engine.reading.moods import MOOD_WORDS, MOODS
from whisul_tui.studio.engine.sound.instruments import INSTRUMENTS
from whisul_tui.studio.engine.sound.kits import KITS
from whisul_tui.studio.engine.sound.levels import INSTRUMENT_LEVELS
from whisul_tui.studio.engine.theory import spell
from whisul_tui.studio.engine.title_words import ADJECTIVES, NOUNS


def test_there_are_at_least_fourteen_genres_each_with_its_own_scene_and_words() -> None:
    assert len(GENRES) >= 14
    assert set(GENRES) == set(SCENES) == set(PALETTES) == set(ADJECTIVES) == set(NOUNS)
    assert len(set(SCENES.values())) == len(GENRES)


@pytest.mark.parametrize("name", GENRES)
def test_a_genre_has_enough_to_choose_from(name: str) -> None:
    genre = GENRES[name]
    for table in (genre.minor, genre.major):
        assert len(set(table.all())) >= 8
    assert len(genre.grooves) >= 6
    assert {groove.weight for groove in genre.grooves} == {"light", "main", "full"}
    assert len(set(genre.forms)) >= 4


@pytest.mark.parametrize("name", GENRES)
def test_every_symbol_figure_and_name_of_a_genre_is_known(name: str) -> None:
    genre = GENRES[name]
    for mode, table in (("minor", genre.minor), ("major", genre.major)):
        for progression in table.all():
            for symbol in progression.replace(",", " ").split():
                spell(symbol, mode)
    for form in genre.forms:
        assert {token[0] for token in form.split()} <= set(KINDS)
    for part in genre.parts:
        assert part.play in PLAYERS
        assert set(part.instruments) <= set(INSTRUMENTS)
        assert part.where
        assert set(part.where) <= set(EVERYWHERE)
        assert all(len(figure) == 16 for figure in part.figures)
        assert part.high - part.low >= 14
    for groove in genre.grooves:
        assert set(groove.lines) <= set(KITS[genre.kit or "soft"])
        assert all(len(line) == 16 and set(line) <= set("Xxo?rt.") for line in groove.lines.values())


def test_words_lead_to_things_that_exist() -> None:
    assert set(GENRE_WORDS.values()) == set(GENRES)
    assert set(DECADES.values()) <= set(GENRES)
    assert set(MOOD_WORDS.values()) == set(MOODS)
    assert {genre for mood in MOODS.values() for genre in mood.genres} <= set(GENRES)
    assert set(ROLES) <= set(INSTRUMENTS) | {"guitar"}
    assert set(FAMILIES) <= set(INSTRUMENTS) | {"guitar"}
    assert set(INSTRUMENT_LEVELS) == set(INSTRUMENTS)
