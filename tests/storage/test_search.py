"""Search: the user's words are letters, never syntax of SQLite."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.storage.conftest import Bring
from whisul_tui.domain import JobState, Song
from whisul_tui.storage import Database, JobStore, View, Windows

_PROMPTS = [
    'say "hello" loudly',
    "100% wool",
    "100 percent",
    "snake_case tune",
    "snakeXcase tune",
    "stars *and* stripes",
    "rock AND roll",
    "this OR that",
    "NOT (me) NEAR/2 you",
    "col:on prompt:x",
    "back\\slash",
    "Ärger im Büro",
    "日本の歌 sakura",
    "a^b {c} + d - e",
    "don't; DROP TABLE jobs --",
]


@pytest.mark.parametrize("prompt", _PROMPTS)
def test_every_piece_of_a_prompt_finds_it_and_only_what_holds_it(database: Database, bring: Bring, prompt: str) -> None:
    numbers = {text: bring(prompt=text) for text in _PROMPTS}
    windows = Windows(database)
    for start in range(len(prompt)):
        for length in (1, 2, 3, 5, 40):
            piece = prompt[start : start + length].replace('"', " ")  # quotes make phrases: see test_filtering
            if not piece.strip():
                continue
            expected = {
                number
                for text, number in numbers.items()
                if all(word.casefold() in text.casefold() for word in piece.split())
            }
            assert set(windows.numbers(View(search=piece), 99)) == expected, piece


def test_words_are_found_together_across_prompt_title_and_tags(store: JobStore, bring: Bring) -> None:
    number = bring(JobState.COMPLETED, "late night lofi", song=Song("Rain on Neon", tags=("upright bass", "q9")))
    bring(prompt="late rain")
    windows = Windows(store.database)
    for search in ("lofi neon bass", "NIGHT rain", "q9 neon", "q9", "LATE  on\tbass"):
        assert windows.numbers(View(search=search), 9) == [number], search
    assert windows.total(View(search="lofi absent")) == 0
    assert windows.numbers(View(search="late"), 9) == [number + 1, number], "the newest first"


def test_words_do_not_reach_over_the_border_of_two_tags_or_fields(database: Database, bring: Bring) -> None:
    bring(JobState.COMPLETED, "abc", song=Song("def", tags=("ghi", "jkl")))
    windows = Windows(database)
    assert [windows.total(View(search=search)) for search in ("bcde", "efgh", "ghij", "ij", "cd")] == [0] * 5


def test_a_new_title_replaces_the_old_words(store: JobStore, bring: Bring) -> None:
    number = bring(JobState.RUNNING, "prompt")
    windows = Windows(store.database)
    store.settled(number, JobState.COMPLETED, 1.0, song=Song("First Title"))
    assert windows.total(View(search="first")) == 1
    store.forget([number], 2.0)
    assert [windows.total(View(search=word)) for word in ("first", "prompt", "fi")] == [0, 0, 0]
    store.restore([number])
    assert [windows.total(View(search=word)) for word in ("first", "prompt", "fi")] == [1, 1, 1]
    store.database.read().execute("INSERT INTO words (words) VALUES ('integrity-check')")


@pytest.mark.parametrize("search", ["", "  \t\n", "\0", " \0 "])
def test_no_word_is_no_search(database: Database, bring: Bring, search: str) -> None:
    numbers = [bring(), bring()]
    assert Windows(database).numbers(View(search=search), 9) == numbers[::-1]
    assert Windows(database).index_of(View(search=search), numbers[0]) == 1


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=200))
def test_no_text_breaks_a_search(database: Database, text: str) -> None:
    windows = Windows(database)
    assert windows.total(View(search=text)) == 0
    assert windows.rows(View(search=text), 0, 10) == []


def test_more_words_than_are_looked_for(database: Database, bring: Bring) -> None:
    number = bring(prompt=" ".join(f"word{index}" for index in range(40)))
    assert Windows(database).numbers(View(search=" ".join(f"word{index}" for index in range(40))), 9) == [number]
