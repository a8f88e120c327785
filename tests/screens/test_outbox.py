"""The outbox sheet: order, pauses, other words, dropping; and nothing done to what is leaving."""

from __future__ import annotations

from tests.support.acting import Acting, acting
from tests.support.stage import OWNER
from whisul_tui.domain import JobState

THREE = "{one|two|three} calm lofi song"


def waiting(shown: Acting) -> list[tuple[str, bool]]:
    """The held prompts in their order, and whether each is paused."""
    jobs = shown.stage.store.waiting(shown.stage.session.account)
    return [(job.prompt.split()[0], job.paused) for job in jobs]


async def sent(shown: Acting, text: str = THREE) -> None:
    """Three prompts in the outbox, and the sheet over the jobs."""
    await shown.paste(text)
    await shown.press("enter", "y", "escape", "O")
    assert shown.sheet == "OutboxScreen"


async def test_prompts_are_moved_with_the_cursor_on_them() -> None:
    async with acting() as shown:
        await sent(shown)
        assert "Outbox: 3 prompts" in shown.text()
        await shown.press("J", "J", "J")
        assert [word for word, _ in waiting(shown)] == ["two", "three", "one"]
        await shown.press("K", "k", "J")
        assert [word for word, _ in waiting(shown)] == ["one", "two", "three"]
        await shown.press("escape")
        assert shown.sheet == "JobsScreen"


async def test_one_or_all_are_paused_and_go_on() -> None:
    async with acting() as shown:
        await sent(shown)
        await shown.press("j", "space")
        assert waiting(shown) == [("one", False), ("two", True), ("three", False)]
        assert "Outbox: 3 prompts, 1 paused" in shown.text()
        assert "paused" in shown.lines()[11]
        await shown.press("P")
        assert all(paused for _, paused in waiting(shown))
        await shown.press("P")
        assert not any(paused for _, paused in waiting(shown))
        await shown.press("space", "s")
        assert waiting(shown)[1] == ("two", False)


async def test_a_prompt_is_paused_while_it_is_edited() -> None:
    async with acting() as shown:
        await sent(shown)
        await shown.press("e")
        assert shown.sheet == "HeldPromptScreen"
        assert waiting(shown)[0] == ("one", True)
        await shown.type(", louder")
        await shown.press("enter")
        assert shown.stage.store.waiting(shown.stage.session.account)[0].prompt == "one calm lofi song, louder"
        assert waiting(shown)[0] == ("one", False)
        await shown.press("e")
        await shown.type(" still")
        await shown.press("escape")
        assert shown.sheet == "OutboxScreen"
        assert shown.stage.store.waiting(shown.stage.session.account)[0].prompt == "one calm lofi song, louder"
        assert waiting(shown)[0] == ("one", False)


async def test_one_that_was_paused_stays_so_and_braces_make_no_second_song() -> None:
    async with acting() as shown:
        await sent(shown)
        await shown.press("space", "e")
        await shown.paste(" {a|b}")
        await shown.press("enter")
        assert "This makes 2 songs" in shown.text()
        await shown.press(*["backspace"] * 6, "enter")
        assert shown.sheet == "OutboxScreen"
        assert waiting(shown)[0] == ("one", True)


async def test_what_is_dropped_comes_back() -> None:
    async with acting() as shown:
        await sent(shown)
        before = shown.stage.store.waiting(shown.stage.session.account)[1]
        await shown.press("j", "space", "x", "x")
        assert waiting(shown) == [("one", False)]
        await shown.press("u", "u")
        assert sorted(waiting(shown)) == [("one", False), ("three", False), ("two", True)]
        after = shown.stage.store.waiting(shown.stage.session.account)[-1]
        assert (after.prompt, after.family) == (before.prompt, before.family)
        await shown.press("u")
        assert "Nothing was dropped here." in shown.toasts


async def test_what_is_leaving_is_left_alone_and_said() -> None:
    async with acting() as shown:
        await sent(shown, "a calm slow lofi song")
        store, number = shown.stage.store, shown.stage.store.waiting(shown.stage.session.account)[0].number
        with store.turn() as turn:
            assert turn.claim_submission(number, OWNER, shown.stage.engine._now + 3)
        await shown.press("x")
        assert shown.toasts[-1] == "It is leaving already, or has left."
        assert store.leaving(number, OWNER, shown.stage.engine._now + 3)
        await shown.press("space", "e")
        assert shown.toasts[-1] == "It is leaving already, or has left."
        assert shown.sheet == "OutboxScreen"
        await shown.tell(number)
        assert "Nothing waits" in shown.text()
        assert store.counts()[JobState.SENDING] == 1


async def test_the_table_says_that_a_prompt_is_paused() -> None:
    async with acting() as shown:
        await sent(shown)
        await shown.press("P", "escape")
        assert sum("paused" in line for line in shown.lines()) == 3
