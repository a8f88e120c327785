"""Braces that choose: every combination in order, braces that choose nothing left alone, mistakes with their place."""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from whisul_tui.domain import PROMPT_LIMIT, PromptError, check_prompt
from whisul_tui.domain.expansion import MOST_SONGS, ExpansionError, expand, joined, literal


@pytest.mark.parametrize(
    ("text", "prompts"),
    [
        ("lofi beat", ["lofi beat"]),
        (
            "{lofi|jazz} beat, {rain|no rain}",
            ["lofi beat, rain", "lofi beat, no rain", "jazz beat, rain", "jazz beat, no rain"],
        ),
        ("{a{b|c}|d}e", ["abe", "ace", "de"]),
        ("x{|y}", ["x", "xy"]),
        ("{ lofi|lofi }", ["lofi"]),
        ("{a|a} b", ["a b"]),
        (r"\{a|b\}", ["{a|b}"]),
        (r"{a\|b|c}", ["a|b", "c"]),
        (r"a \\ b \n", [r"a \ b \n"]),
        ("end\\", ["end\\"]),
        ("{mood} lofi", ["{mood} lofi"]),
        ("{{mood}} lofi", ["{{mood}} lofi"]),
        ("{} lofi", ["{} lofi"]),
        ("{one {two} three|four}", ["one {two} three", "four"]),
        ("{x {a|b}}", ["{x a}", "{x b}"]),
        ("rock | pop", ["rock | pop"]),
        ("a\n{b|c}", ["a\nb", "a\nc"]),
    ],
)
def test_a_text_expands_to_these(text: str, prompts: list[str]) -> None:
    assert list(expand(text)) == prompts


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("lofi {a|b", 5, "Character 6: this { is never closed."),
        ("{a|{b|c}", 0, "Character 1: this { is never closed."),
        ("lofi} beat", 4, "Character 5: this } closes nothing."),
        ("one\ntwo {a", 8, "Line 2, character 5: this { is never closed."),
    ],
)
def test_a_brace_too_many_is_told_with_its_place(text: str, place: int, words: str) -> None:
    with pytest.raises(ExpansionError) as caught:
        expand(text)
    assert caught.value.place == place
    assert str(caught.value).startswith(words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{a|b}" * 8, "256 songs; at most 200"),
        ("{a|b}" * 30_000, "a million songs or more; at most 200"),
        ("{lofi|}", "Song 2 of 2: The prompt is empty"),
        ("{a|" + "b" * 10_001 + "}", "Song 2 of 2: The prompt has 10,001 characters"),
        ("", "The prompt is empty"),
        ("{|}", "Song 1 of 2: The prompt is empty"),
    ],
)
def test_too_many_too_long_and_empty_songs_are_refused(text: str, words: str) -> None:
    with pytest.raises(PromptError, match=words.replace("|", r"\|")):
        expand(text)


def test_two_hundred_songs_are_allowed() -> None:
    assert len(expand("{" + "|".join(map(str, range(MOST_SONGS))) + "}")) == MOST_SONGS


def test_no_text_of_an_editor_takes_long() -> None:
    texts = ("{" * 100_000, "{a|b}" * 20_000, "{a" * 30_000 + "}" * 30_000, "{a|" * 20_000 + "}" * 20_000, "|" * 99_999)
    began = time.perf_counter()
    for text in texts:
        with pytest.raises(PromptError):
            expand(text)
    assert time.perf_counter() - began < 5


@dataclass(frozen=True)
class Words:
    """Letters of a prompt, braces, bars and backslashes among them."""

    letters: str


@dataclass(frozen=True)
class Choice:
    """Alternatives, each a sequence of pieces."""

    alternatives: tuple[tuple[Words | Choice, ...], ...]


Pieces = tuple["Words | Choice", ...]
_WORDS = st.builds(Words, st.text("ab {|}\\\n", max_size=4))
_PIECES: st.SearchStrategy[Pieces] = st.recursive(
    st.lists(_WORDS, max_size=2).map(tuple),
    lambda inner: st.lists(
        _WORDS | st.builds(Choice, st.lists(inner, min_size=2, max_size=3).map(tuple)), max_size=3
    ).map(tuple),
    max_leaves=8,
)


def _written(pieces: Pieces) -> str:
    text = ""
    for piece in pieces:
        if isinstance(piece, Words):
            text += "".join("\\" + letter if letter in "{|}\\" else letter for letter in piece.letters)
        else:
            text += "{" + "|".join(map(_written, piece.alternatives)) + "}"
    return text


def _naive(pieces: Pieces) -> list[str]:
    choices = [
        [piece.letters] if isinstance(piece, Words) else [text for one in piece.alternatives for text in _naive(one)]
        for piece in pieces
    ]
    return ["".join(parts) for parts in itertools.product(*choices)]


@given(_PIECES)
def test_it_expands_as_a_naive_expander_does(pieces: Pieces) -> None:
    wanted = _naive(pieces)
    assume(len(wanted) <= MOST_SONGS)
    if all(text.strip() for text in wanted):
        assert list(expand(_written(pieces))) == list(dict.fromkeys(check_prompt(text) for text in wanted))
    else:
        with pytest.raises(PromptError, match="empty"):
            expand(_written(pieces))


@given(st.text("ab{|}\\ ,\n", min_size=1, max_size=30) | st.text(min_size=1, max_size=30))
def test_any_prompt_can_be_written_so_that_it_stays_itself(text: str) -> None:
    assume(text.strip())
    try:
        prompt = check_prompt(text)
    except PromptError:
        return
    assert expand(literal(prompt)) == (prompt,)


@given(st.lists(st.text("ab{|}\\ ", min_size=1, max_size=12), min_size=1, max_size=6))
def test_any_prompts_can_be_joined_again(texts: list[str]) -> None:
    assume(all(text.strip() for text in texts))
    prompts = tuple(dict.fromkeys(check_prompt(text) for text in texts))
    assert expand(joined(prompts)) == prompts


@given(st.text("ab{|}\\", max_size=40))
def test_nothing_that_is_typed_ends_in_anything_but_prompts_or_a_sentence(text: str) -> None:
    sentence, place = "", None
    prompts: tuple[str, ...] = ()
    try:
        prompts = expand(text)
    except PromptError as error:
        sentence, place = str(error), getattr(error, "place", None)
    assert bool(sentence) is not bool(prompts)
    assert not sentence or sentence.endswith((".", "\\}", "\\{"))
    assert place is None or text[place] in "{}"
    assert len(prompts) <= MOST_SONGS
    assert all(len(prompt) <= PROMPT_LIMIT for prompt in prompts)
