"""The keymap: one table behind bindings, hints, help and palette, and what is wrong with a user's own keys."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from textual.binding import Binding

from whisul_tui.key_names import EATEN, key_name
from whisul_tui.keymap import KEYS, NO_KEY, ROOMS, bindings, first_key, keys_in_force, keys_of, show_key
from whisul_tui.remapping import places


@pytest.mark.parametrize("place", places())
def test_no_two_actions_of_one_place_want_one_key(place: str) -> None:
    names = [name for key in places()[place] for name in keys_in_force(key, {})]
    assert [name for name, count in Counter(names).items() if count > 1] == []


def test_every_room_is_part_of_a_place() -> None:
    assert {key.room for keys in places().values() for key in keys} == set(ROOMS)


def test_keys_that_terminals_eat_are_not_used() -> None:
    assert {"ctrl+a", "ctrl+b", "ctrl+s", "ctrl+h", "ctrl+i", "ctrl+m", "alt+enter"} == set(EATEN)
    assert not set(EATEN) & {name for key in KEYS.values() for name in keys_in_force(key, {})}


def test_every_key_is_a_binding_with_an_id_and_words() -> None:
    for room in ROOMS:
        made = [binding for binding in bindings(room) if isinstance(binding, Binding)]
        assert [binding.id for binding in made] == [key.id for key in keys_of(room)]
        assert all(key.help for key in keys_of(room))


def test_every_key_has_the_name_that_textual_gives_it() -> None:
    names = [name for key in KEYS.values() for name in keys_in_force(key, {})]
    assert [name for name in names if key_name(name) != name] == []


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("ctrl+r", "^r"),
        ("slash", "/"),
        ("question_mark", "?"),
        ("escape", "esc"),
        ("asterisk", "*"),
        ("G", "G"),
        ("f4", "f4"),
    ],
)
def test_keys_are_shown_as_people_read_them(name: str, shown: str) -> None:
    assert show_key(name) == shown


def test_an_action_without_a_key_shows_none() -> None:
    assert first_key("again", {}) == "a"
    assert first_key("again", {"again": "ctrl+y,A"}) == "^y"
    assert first_key("again", {"again": NO_KEY}) == ""


def test_the_readme_and_the_contract_name_the_keys_that_are() -> None:
    """The README's table of keys has every key of Jobs, of a job and of the screens."""
    readme = Path(__file__).parents[1].joinpath("README.md").read_text()
    table = readme[readme.index("## Keys") : readme.index("## Over SSH")]
    for key in KEYS.values():
        if key.room in ("jobs", "job"):
            assert f"`{show_key(keys_in_force(key, {})[0])}`" in table or key.id in ("back",), key.id
