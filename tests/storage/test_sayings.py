"""Own tags and notes in the store."""

from __future__ import annotations

from tests.storage.conftest import Bring, found
from whisul_tui.domain import JobState
from whisul_tui.storage import JobStore, View, Windows


def test_tags_are_added_taken_off_and_found(store: JobStore, bring: Bring) -> None:
    one, two, three = (bring(prompt=f"song {n}") for n in range(3))
    assert store.tag([one, two], ["demo", "for Anna"]) == [one, two]
    assert store.tag([one, two, 999], ["Demo"], ["for anna", "absent"]) == [one, two]
    assert store.tag([one], ["demo"]) == []
    assert found(store, one).own_tags == ("demo",)
    store.tag([three], ["keep"])
    assert store.known_tags() == {"demo": 2, "keep": 1}
    windows = Windows(store.database)
    assert windows.numbers(View(search="tag:demo"), 9) == [two, one]
    store.tag([one], remove=["demo"])
    assert windows.numbers(View(search="tag:demo"), 9) == [two]
    assert found(store, one).own_tags == ()


def test_a_note_is_found_by_its_words_but_is_no_tag(store: JobStore, bring: Bring) -> None:
    number = bring(JobState.COMPLETED)
    assert store.write_note(number, " for the trailer\nsecond cut ")
    assert not store.write_note(number, "for the trailer\nsecond cut")
    assert found(store, number).note == "for the trailer\nsecond cut"
    windows = Windows(store.database)
    assert windows.numbers(View(search="trailer"), 9) == [number]
    assert windows.numbers(View(search="tag:trailer"), 9) == []
    assert store.write_note(number, "")
    assert found(store, number).note is None
    assert windows.numbers(View(search="trailer"), 9) == []
    assert not store.write_note(999, "nobody's")


def test_forgotten_jobs_lend_no_tags(store: JobStore, bring: Bring) -> None:
    number = bring(JobState.COMPLETED)
    store.tag([number], ["demo"])
    store.forget([number], 1.0)
    assert store.known_tags() == {}
