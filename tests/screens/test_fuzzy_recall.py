"""Recalling earlier prompts by a few letters, starred ones first; quick with very many of them."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from tests.support.acting import acting
from tests.support.stage import put, stage
from whisul_tui.screens.fuzzy import best_first, ranked
from whisul_tui.storage.drafts import PastPrompt

PROMPTS = ("late night lofi, soft rain", "loud thunder, organ", "jazz for a rainy night", "soft 100% piano")
JOBS = [{"prompt": prompt, "ago": 100.0 * (4 - place)} for place, prompt in enumerate(PROMPTS)]


@pytest.mark.parametrize(
    ("search", "first"),
    [
        ("lofi", "late night lofi, soft rain"),
        ("lnl", "late night lofi, soft rain"),
        ("jz ngt", "jazz for a rainy night"),
        ("RAIN", "late night lofi, soft rain"),
        ("thndr", "loud thunder, organ"),
        ("100% pno", "soft 100% piano"),
    ],
)
def test_a_few_letters_find_the_prompt(search: str, first: str) -> None:
    with stage(JOBS) as made:
        found = ranked(made.session.history.candidates(search), search)
        assert found[0].prompt == first


def test_what_has_not_the_letters_is_left_out() -> None:
    with stage(JOBS) as made:
        assert ranked(made.session.history.candidates("xylophone"), "xylophone") == []
        assert [past.prompt for past in made.session.history.candidates("")] == list(reversed(PROMPTS))


def test_a_word_that_stands_there_counts_more_than_its_letters() -> None:
    assert best_first(["r a i n", "trains", "soft rain"], str, "rain") == ["soft rain", "trains", "r a i n"]


def test_starred_ones_come_first_within_and_without_a_search() -> None:
    past = [PastPrompt(text, None, 0, datetime.now(UTC), text == "b rain") for text in ("rain", "b rain", "sun")]
    assert [found.prompt for found in ranked(past, "rain")] == ["b rain", "rain"]
    assert [found.prompt for found in ranked(past, "")] == ["b rain", "rain", "sun"]


async def test_a_star_is_set_kept_and_taken_off() -> None:
    async with acting("write", JOBS) as shown:
        await shown.press("ctrl+r")
        await shown.type("lofi")
        await shown.press("ctrl+t")
        assert "★ late night lofi" in shown.text()
        await shown.press(*["backspace"] * 4)
        assert shown.stage.session.history.candidates("")[0].starred
        await shown.press("up", "up", "up", "up", "enter")
        assert shown.editor.text == "late night lofi, soft rain"
        put(shown.stage.store, shown.stage.session.account, "late night lofi, soft rain")
        assert shown.stage.session.history.candidates("")[0].starred, "sent again, it keeps its star"
        await shown.press("ctrl+r", "ctrl+t")
        assert not any(past.starred for past in shown.stage.session.history.candidates(""))


def test_fifty_thousand_prompts_are_searched_within_a_blink() -> None:
    words = ("late", "night", "lofi", "soft", "rain", "upright", "bass", "jazz", "beat", "piano", "slow", "happy",
             "sad", "drums", "synth", "wave", "house", "techno")  # fmt: skip
    with stage() as made:
        with made.session.database.write() as connection:
            connection.executemany(
                "INSERT INTO prompts (digest, used_at, text) VALUES (?, ?, ?)",
                (
                    (number.to_bytes(16, "big"), float(number), " ".join(words[number * k % 18] for k in range(1, 12)))
                    for number in range(50_000)
                ),
            )
        for search in ("l", "lofi", "lofi rain", "lnl", "xyz", "lt ngt pno"):
            began = time.perf_counter()
            ranked(made.session.history.candidates(search), search)
            took = time.perf_counter() - began
            print(f"{search!r}: {took * 1000:.0f} ms")
            assert took < 1.0, search
