"""Lineage and compare: what came of what, what has changed, and two results side by side."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.screens.kin import KIN, family_of
from tests.support.acting import Acting
from tests.support.stage import stage


@asynccontextmanager
async def kin(size: tuple[int, int] = (80, 24)) -> AsyncIterator[Acting]:
    """The jobs screen on jobs that belong together, the newest one in hand."""
    with stage(KIN) as made:
        family_of(made)
        app = made.app("jobs")
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            yield Acting(app, pilot, made)
        app.close()


async def test_a_family_stands_together_in_a_bracket_and_has_its_place() -> None:
    async with kin((120, 40)) as shown:
        assert [line[16:26].rstrip() for line in shown.lines()[3:8]] == [
            "┌ Run Blue", "├ Dry Blue", "└ Blue Rai", "calm lofi,", "Gutters"]  # fmt: skip
        assert "family    3 of 3, family:1" in shown.text()
        await shown.press("j", "j", "j")
        assert "family" not in shown.text()
        await shown.press("slash")
        await shown.type("family:1")
        assert sum(line[16:18] in ("┌ ", "├ ", "└ ") for line in shown.lines()) == 3
        assert not any("Gutters" in line for line in shown.lines())
        await shown.press("escape", "s", "s", "s")
        assert "by tempo" in shown.text()
        assert (
            sum(line[16:18] == "≡ " for line in shown.lines()) == 1
        )  # Run Blue, Gutters, Puddles, Dry Blue, Blue Rain


async def test_a_family_is_shown_alone_and_what_was_before_again() -> None:
    async with kin() as shown:
        await shown.press("slash")
        await shown.type("rain")
        await shown.press("enter", "j", "z")
        assert "/family:1" in shown.text()
        assert "3 of 6 shown" in shown.text()
        await shown.press("z")
        assert "/rain" in shown.text()
        await shown.press("G", "z")
        assert shown.toasts[-1].startswith("It is of no family")


async def test_lineage_shows_the_tree_and_what_has_changed() -> None:
    async with kin() as shown:
        await shown.press("j", "j", "j", "t")
        text = shown.text()
        assert "Lineage: 3 jobs" in text
        assert "└ ✓ calm lofi, heavy rain, 90 bpm" in text
        assert "  └ ✗ calm lofi, heavy rain and thunder" in text
        assert "heavy rain{+ and thunder+}, 90 bpm" in text
        await shown.press("k")
        assert "calm lofi, [-soft-]{+heavy+} rain, [-80-]{+90+} bpm" in shown.text()
        assert "bpm 80 to 90   length 3:00 to 2:51   tags +storm -rain" in shown.text()
        await shown.press("k")
        assert "It was written anew" in shown.text()
        await shown.press("enter")
        assert (shown.mode, "Puddles" in shown.text()) == ("listen", True)


async def test_a_job_without_a_song_opens_on_its_page() -> None:
    async with kin() as shown:
        await shown.press("j", "j", "j", "t", "enter")
        assert shown.mode == "jobs"
        assert shown.app.screen.has_class("-page")
        assert "heavy rain and thunder" in shown.text()


async def test_the_lineage_of_a_family_has_all_of_it() -> None:
    async with kin() as shown:
        await shown.press("t")
        assert "Lineage: 3 jobs" in shown.text()
        await shown.press("k")
        assert "[-fast-]{+slow+} jazz, {+no +}rain" in shown.text()
        assert "bpm 160 to 64" in shown.text()
        await shown.press("escape")
        assert shown.sheet == "JobsScreen"


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_compare_steps_through_the_family_and_stars_with_one_key(size: tuple[int, int]) -> None:
    async with kin(size) as shown:
        one, two, three = shown.stage.numbers[3:]
        await shown.press("C")
        assert "Compare: pair 2 of 2" in shown.text()
        beside = any("Dry Blue" in line and "Run Blue" in line for line in shown.lines())
        assert beside is (size[0] >= 100)
        await shown.press("right_square_bracket", "N", "left_square_bracket", "left_square_bracket", "n")
        assert shown.called("star") == [(three, True), (one, True), (one, False)]
        await shown.press("n")
        assert shown.toasts[-1] == "There is no further pair."
        await shown.press("tab", "enter")
        assert (shown.mode, "Run Blue" in shown.text()) == ("listen", True)
        assert two != one


async def test_two_marked_jobs_are_compared_and_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    async with kin() as shown:
        heard: list[tuple[int, bool]] = []
        assert shown.app.sitting is not None
        monkeypatch.setattr(
            shown.app.sitting.sound, "play", lambda job, *, on_host, then: heard.append((job.number, on_host))
        )
        await shown.press("space", "j", "j", "j", "space", "C")
        assert "Run Blue" in shown.text()
        assert "Gutters" in shown.text()
        await shown.press("o", "tab", "p")
        assert heard == [(6, False), (2, True)]
        await shown.press("escape")
        assert len(shown.app.screen.table.marks) == 2  # type: ignore[attr-defined]


async def test_an_edited_one_is_compared_with_what_it_was_made_from_and_others_with_nothing() -> None:
    async with kin() as shown:
        await shown.press("G", "C")
        assert shown.toasts[-1] == "Mark two jobs to compare them, or choose one of a family."
        await shown.press("k", "C")
        assert "Puddles" in shown.text()
        assert "Gutters" in shown.text()
