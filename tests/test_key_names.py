"""Names of keys: as people write them, as Textual calls them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.binding import Binding
from textual.keys import _character_to_key

from whisul_tui.key_names import is_text, key_name, nearest_key


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("a", "a"), ("G", "G"), ("shift+g", "G"), ("?", "question_mark"), ("/", "slash"), ("slash", "slash"),
        ("+", "plus"), ("ctrl++", "ctrl+plus"), ("^r", "ctrl+r"), ("Ctrl+R", "ctrl+r"), ("control + r", "ctrl+r"),
        ("esc", "escape"), ("PgDn", "pagedown"), ("page up", "pageup"), ("F4", "f4"),
        ("shift+ctrl+left", "ctrl+shift+left"),
        ("é", "é"), ("tab", "tab"), ("shift+tab", "shift+tab"), ("less_than_sign", "less_than_sign"), (" j ", "j"),
    ],
)  # fmt: skip
def test_keys_are_known_as_people_write_them(written: str, name: str) -> None:
    assert key_name(written) == name


@pytest.mark.parametrize("written", ["", " ", "strg+x", "nokey", "f99", "ctrl+", "+a", "\x01", "ctrl+nokey", "a b"])
def test_what_is_no_key_is_none(written: str) -> None:
    assert key_name(written) is None


@pytest.mark.parametrize(
    ("wrong", "near"), [("crtl+h", "ctrl+h"), ("pagedwn", "pagedown"), ("ctrl+entr", "ctrl+enter"), ("zzzzz", None)]
)
def test_the_nearest_name_is_suggested(wrong: str, near: str | None) -> None:
    assert nearest_key(wrong) == near


@pytest.mark.parametrize(("written", "name"), [("ctrl+İ", "ctrl+İ"), ("shift+ß", "shift+ß"), ("ctrl+É", "ctrl+é")])
def test_letters_that_become_two_in_another_case_stay_one(written: str, name: str) -> None:
    assert key_name(written) == name


def test_letters_signs_and_space_are_text() -> None:
    assert is_text(key_name("«") or "")
    assert all(is_text(name) for name in ("a", "G", "slash", "space", "question_mark", "é", "full_stop"))
    assert not any(is_text(name) for name in ("escape", "tab", "enter", "f4", "ctrl+r", "alt+a", "delete", "backspace"))


@given(st.text(max_size=12))
def test_any_text_is_a_key_that_a_binding_can_have_or_none(text: str) -> None:
    name = key_name(text)
    assert name is None or list(Binding.make_bindings([Binding(name, "x")]))
    assert name is None or key_name(name) in (name, None)  # some signs have names that lead back to none
    assert nearest_key(text) != ""


@given(st.characters(categories=["Lu", "Ll", "Nd", "Po", "Sm"], max_codepoint=0x7E))
def test_every_character_of_the_keyboard_is_the_key_that_textual_makes_of_it(character: str) -> None:
    assert key_name(character) == _character_to_key(character)
