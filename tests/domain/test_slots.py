"""Slots of templates: defaults stand in, an empty one keeps the prompt here, braces of the text stay."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from whisul_tui.domain import PromptError, check_prompt
from whisul_tui.domain.expansion import ExpansionError
from whisul_tui.domain.slots import filled, prompts_of_text, slots_of, text_of_prompt


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{{mood}} lofi, {{bpm:80}} bpm", [("mood", None), ("bpm", "80")]),
        ("{{ my mood }}", [("my mood", None)]),
        ("{{a:}}", [("a", "")]),
        ("no slot {a|b} {c}", []),
        (r"\{\{mood}} \{{mood}}", []),
        ("{{a|b}} {{}} {{{x}}}", []),
        ("{{a\nb}}", []),
    ],
)
def test_slots_are_found(text: str, found: list[tuple[str, str | None]]) -> None:
    assert [(slot.name, slot.default) for slot in slots_of(text)] == found


def test_defaults_stand_in_and_braces_expand_after_that() -> None:
    assert prompts_of_text("{calm|wild} lofi, {{bpm: 80 }} bpm") == ("calm lofi, 80 bpm", "wild lofi, 80 bpm")


@pytest.mark.parametrize("text", ["lofi {{mood}}", "lofi {{mood:}}", "lofi {{mood: }}"])
def test_an_empty_slot_is_told_with_its_place(text: str) -> None:
    with pytest.raises(ExpansionError, match=r"The slot \{\{mood\}\} is empty") as caught:
        filled(text)
    assert caught.value.place == 5


@given(st.text("ab{|}\\: ", min_size=1, max_size=24))
def test_any_prompt_can_be_written_so_that_it_is_no_template(text: str) -> None:
    assume(text.strip())
    try:
        prompt = check_prompt(text)
    except PromptError:
        return
    assert prompts_of_text(text_of_prompt(prompt)) == (prompt,)
