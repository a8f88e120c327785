"""The Write screen by its keys: sending, refusing, keeping."""

from __future__ import annotations

import pytest

from tests.support.acting import Acting, acting
from tests.support.stage import NOW, OWNER, stage
from whisul_tui.domain import PROMPT_LIMIT, JobState
from whisul_tui.storage import Drafts, StoreFull, View

FULL = StoreFull("The disk that holds the job store is full. Free some space; nothing was lost so far.")


def prompts(shown: Acting) -> list[str]:
    """The prompts of all jobs, the newest first."""
    return [job.prompt for job in shown.stage.session.windows.rows(View(), 0, 20)]


async def test_enter_sends_through_the_outbox_and_empties_the_editor() -> None:
    async with acting() as shown:
        await shown.type("late night lofi\nsoft rain")
        await shown.press("enter")
        assert shown.called("submit") == [("late night lofi\nsoft rain", None)]
        assert shown.editor.text == ""
        assert "held 3s" in shown.text()
        assert "^z takes it back" in shown.text()


async def test_enter_twice_sends_once() -> None:
    """The second Enter finds an empty editor, not a prompt to be paid for a second time."""
    async with acting() as shown:
        await shown.type("once")
        shown.editor.action_send()
        shown.editor.action_send()
        await shown.pilot.pause()
        assert prompts(shown) == ["once"]


@pytest.mark.parametrize("key", ["ctrl+j", "shift+enter"])
async def test_a_new_line_is_no_sending(key: str) -> None:
    async with acting() as shown:
        await shown.press("a", key, "b")
        assert shown.editor.text == "a\nb"
        assert not shown.called("submit")


async def test_a_paste_never_sends_and_is_cleaned() -> None:
    pastes = {
        "one line": "one line",
        "two\nlines\n": "two\nlines",
        "dos\r\nlines": "dos\nlines",
        "bell\x07 escape\x1b[31m null\x00 \u202eright to left": "bell escape[31m null right to left",
        "\x1b]52;c;AAAA\x07after": "]52;c;AAAAafter",
    }
    async with acting() as shown:
        for pasted, there in pastes.items():
            shown.editor.put("")
            await shown.paste(pasted)
            assert shown.editor.text == there
        assert not shown.called("submit")


async def test_twice_what_can_be_sent_is_kept_and_refused_with_a_sentence() -> None:
    async with acting() as shown:
        await shown.paste("a line of fifty characters, and then a line break\n" * 2000)
        length = len(shown.editor.text)
        await shown.press("enter")
        assert length > 19_000
        assert len(shown.editor.text) == length
        assert f"at most {PROMPT_LIMIT:,} can be sent" in shown.words()
        assert not shown.called("submit")


async def test_an_empty_prompt_is_explained() -> None:
    async with acting() as shown:
        for blank in ("", "  ", "\n"):
            shown.editor.put("x")
            await shown.pilot.pause()
            assert "The prompt is empty" not in shown.text()
            shown.editor.put(blank)
            await shown.press("enter")
            assert "The prompt is empty" in shown.text()
        assert not shown.called("submit")


async def test_a_problem_goes_when_the_text_changes() -> None:
    async with acting() as shown:
        await shown.press("enter")
        await shown.press("a")
        assert "The prompt is empty" not in shown.text()


async def test_the_same_prompt_within_a_minute_asks_first() -> None:
    """Enter does not answer the question: it may have been typed ahead."""
    async with acting() as shown:
        for answer, sent in (("y", 2), ("n", 1), ("escape", 1)):
            for _ in range(2):
                shown.editor.put("")
                await shown.type(f"again {answer}")
                await shown.press("enter")
            assert shown.sheet == "ConfirmScreen"
            await shown.press("enter")
            assert shown.sheet == "ConfirmScreen"
            await shown.press(answer)
            assert prompts(shown).count(f"again {answer}") == sent
            assert shown.editor.text == ("" if sent == 2 else f"again {answer}")


async def test_the_same_prompt_after_a_minute_is_sent() -> None:
    async with acting(jobs=[{"prompt": "old friend", "ago": 61.0}]) as shown:
        await shown.type("old friend")
        await shown.press("enter")
        assert prompts(shown) == ["old friend", "old friend"]


async def test_a_full_disk_gives_the_prompt_back_with_the_reason() -> None:
    async with acting() as shown:
        await shown.type("keep me")
        shown.stage.engine.fails = FULL
        await shown.press("enter")
        assert shown.editor.text == "keep me"
        assert "The disk that holds the job store is full" in shown.words()


async def test_an_ending_engine_gives_the_prompt_back() -> None:
    async with acting() as shown:
        await shown.type("keep me")
        shown.stage.engine.fails = RuntimeError("The engine is not running.")
        await shown.press("enter")
        assert shown.editor.text == "keep me"
        assert "Not sent. The program is ending." in shown.text()


def reject(shown: Acting, message: str) -> int:
    """Whisul's 400 to the newest job."""
    store, number = shown.stage.store, shown.stage.session.windows.numbers(View(), 1)[0]
    later = NOW.timestamp() + 4  # the undo delay has passed
    with store.turn() as turn:
        assert turn.claim_submission(number, OWNER, later)
    assert store.leaving(number, OWNER, later)
    assert store.rejected(number, message, later)
    return number


@pytest.mark.parametrize("while_away", [False, True])
async def test_a_rejected_prompt_comes_back_with_whisuls_words(while_away: bool) -> None:
    async with acting() as shown:
        await shown.type("x")
        await shown.press("enter")
        if while_away:
            await shown.press("escape")
        number = reject(shown, "Too short [/] to compose from.")
        await shown.tell(number)
        if while_away:
            await shown.press("c")
        assert shown.editor.text == "x"
        assert "Whisul rejected it: Too short [/] to compose from." in shown.text()
        await shown.type(" y")
        await shown.press("enter")
        assert shown.called("submit")[-1] == ("x y", number)


async def test_a_rejected_prompt_does_not_push_a_new_one_aside() -> None:
    async with acting() as shown:
        await shown.type("x")
        await shown.press("enter")
        await shown.type("another")
        await shown.tell(reject(shown, "No."))
        assert shown.editor.text == "another"


async def test_ctrl_z_takes_the_held_prompt_back_and_undoes_before_that() -> None:
    async with acting() as shown:
        await shown.type("take me back")
        await shown.press("enter")
        await shown.press("ctrl+z")  # the editor is empty, but what emptied it is no step to undo
        assert shown.editor.text == "take me back"
        assert prompts(shown) == []
        await shown.type(" now")
        await shown.press("ctrl+z")
        assert shown.editor.text != "take me back now"
        assert len(shown.called("take_back_last")) == 1


async def test_ctrl_z_with_nothing_held_says_so() -> None:
    async with acting() as shown:
        await shown.press("ctrl+z")
        assert "Nothing is held" in shown.text()


async def test_the_arrows_recall_at_the_edges_and_keep_the_draft() -> None:
    jobs = [{"prompt": "oldest", "ago": 9000.0}, {"prompt": "newer\nof two lines", "ago": 4000.0}]
    async with acting(jobs=jobs) as shown:
        await shown.type("draft")
        seen = []
        for key in ("up", "up", "up", "up", "down", "down", "down", "down"):
            await shown.press(key)
            seen.append(shown.editor.text)
        two = "newer\nof two lines"
        # The second ↑ only climbs within the two lines, and so does the ↓ that comes down through them.
        assert seen == [two, two, "oldest", "oldest", two, "draft", "draft", "draft"]


async def test_ctrl_r_searches_earlier_prompts() -> None:
    async with acting(jobs=[{"prompt": "harp study"}, {"prompt": "sea shanty"}]) as shown:
        await shown.type("draft")
        await shown.press("ctrl+r")
        assert shown.sheet == "HistoryScreen"
        await shown.type("harp")
        await shown.press("enter")
        assert shown.editor.text == "harp study"
        await shown.press("up")
        assert shown.editor.text == "draft"


async def test_recent_prompts_are_taken_with_enter_and_not_sent() -> None:
    async with acting(jobs=[{"prompt": "harp study", "ago": 99.0}, {"prompt": "sea shanty", "ago": 9.0}]) as shown:
        await shown.press("tab", "j", "enter")
        assert shown.editor.text == "harp study"
        assert shown.app.focused is shown.editor
        assert not shown.called("submit")


async def test_letters_are_text_in_the_editor() -> None:
    async with acting() as shown:
        await shown.type("q123?:Kcux")
        assert (shown.editor.text, shown.mode, shown.sheet) == ("q123?:Kcux", "write", "WriteScreen")


async def test_a_draft_is_on_disk_within_half_a_second_of_typing_and_comes_back() -> None:
    """Also while keys go on coming: a hang-up in the middle of a long thought loses half a second of it."""
    async with acting() as shown:
        drafts = Drafts(shown.stage.session.database)
        for letter in "abcdefghijkl":
            await shown.press(letter)
            await shown.pilot.pause(0.06)
        assert len(drafts.load("write")) >= 4
        await shown.pilot.pause(0.45)
        assert drafts.load("write") == "abcdefghijkl"
        app = shown.stage.app("write")
        async with app.run_test() as pilot:
            await pilot.pause()
            assert app.screen.query_one("PromptEditor").text == "abcdefghijkl"


async def test_a_draft_is_saved_at_the_end_at_once() -> None:
    with stage() as made:
        async with made.app("write").run_test() as pilot:
            await pilot.press(*"unsaved")
            await pilot.press("ctrl+q")
        assert Drafts(made.session.database).load("write") == "unsaved"


async def test_escape_shows_the_jobs_and_the_draft_stays() -> None:
    async with acting() as shown:
        await shown.type("draft")
        await shown.press("escape")
        assert shown.mode == "jobs"
        await shown.press("1")
        assert (shown.mode, shown.editor.text) == ("write", "draft")


async def test_edit_brings_a_prompt_to_be_sent_as_new() -> None:
    async with acting("jobs", [{"prompt": "sea shanty", "state": "failed"}]) as shown:
        await shown.press("e")
        assert (shown.mode, shown.editor.text) == ("write", "sea shanty")
        await shown.type(" louder")
        await shown.press("enter")
        assert shown.called("submit") == [("sea shanty louder", shown.stage.numbers[0])]


async def test_the_outbox_names_what_holds_prompts_back() -> None:
    async with acting(jobs=[{"state": "held", "ago": 1.0}]) as shown:
        for phase, words in (("limited", "held, 429"), ("offline", "held, offline"), ("key_refused", "key refused")):
            shown.stage.engine.current = type(shown.stage.engine.current)(phase)
            await shown.tell()
            assert words in shown.text()


async def test_more_than_the_outbox_shows_is_counted() -> None:
    async with acting(jobs=[{"prompt": f"number {n}", "state": "held", "ago": 9.0 - n} for n in range(5)]) as shown:
        assert "and 2 prompts more" in shown.text()
        assert shown.text().count("^z takes it back") == 1


async def test_a_newcomer_reads_what_to_do_and_what_it_costs() -> None:
    async with acting() as shown:
        assert "Each song costs." in shown.text()
        assert "Recent prompts" not in shown.text()
    async with acting(profile="local") as shown:
        assert "The local studio costs nothing." in shown.text()


async def test_states_in_the_list_follow_the_jobs() -> None:
    async with acting(jobs=[{"prompt": "harp", "state": "running", "ago": 60.0}]) as shown:
        assert "running" in "".join(line for line in shown.lines() if "harp" in line)
        shown.stage.store.settled(shown.stage.numbers[0], JobState.FAILED, NOW.timestamp(), message="No.")
        await shown.tell(shown.stage.numbers[0])
        assert "failed" in "".join(line for line in shown.lines() if "harp" in line)
