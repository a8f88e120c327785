"""What can be done to a job, key by key: what it asks first, what it tells the engine, and what it says otherwise."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.screens.jobs_stage import Shown, jobs_shown
from tests.support.stage import ALL_STATES
from whisul_tui.messages import CopyWanted, DownloadWanted, EditWanted, SoundWanted
from whisul_tui.screens.confirm import ConfirmScreen
from whisul_tui.screens.copy_menu import CopyMenu
from whisul_tui.screens.known_id import KnownIdScreen
from whisul_tui.storage.errors import StoreFull


def told(shown: Shown, name: str) -> list[tuple[Any, ...]]:
    """What the engine was told by this name, without the name."""
    return [call[1:] for call in shown.calls if call[0] == name]


def question(shown: Shown) -> str:
    """The question that is asked, or nothing."""
    return shown.text() if isinstance(shown.app.screen, ConfirmScreen) else ""


async def test_again_sends_the_prompt_through_the_outbox_and_goes_to_it() -> None:
    async with jobs_shown(ALL_STATES) as shown:
        await shown.to("failed")
        parent = shown.screen.table.job
        await shown.press("a")
        assert parent is not None
        assert told(shown, "submit_all") == [("sea shanty, male choir",)]
        assert shown.state == "held"
        assert shown.screen.table.job is not None
        assert shown.screen.table.job.parent == parent.number
        assert shown.screen.table.place.index == 0
        assert "u takes it back" in shown.toasts[-1]


async def test_again_of_what_was_just_sent_asks_first() -> None:
    async with jobs_shown(ALL_STATES) as shown:
        await shown.to("sending")
        await shown.press("a")
        assert "The same prompt was written 1s ago" in question(shown)
        await shown.press("enter")
        assert question(shown)
        await shown.press("n")
        assert told(shown, "submit_all") == []
        await shown.press("a", "y")
        assert len(told(shown, "submit_all")) == 1


async def test_again_never_asks_where_the_settings_say_so() -> None:
    async with jobs_shown(ALL_STATES, same_prompt_seconds=0.0) as shown:
        await shown.to("sending")
        await shown.press("a")
        assert len(told(shown, "submit_all")) == 1


async def test_again_of_an_unconfirmed_one_warns_that_it_may_cost_twice() -> None:
    async with jobs_shown(ALL_STATES) as shown:
        await shown.to("unconfirmed")
        await shown.press("a")
        assert "It may cost twice" in " ".join(question(shown).split())
        await shown.press("escape")
        assert told(shown, "submit_all") == []
        await shown.press("a", "y")
        assert [prompt for (prompt,) in told(shown, "submit_all")] == ["polka at 200 bpm"]


async def test_again_of_several_asks_with_their_number() -> None:
    async with jobs_shown(ALL_STATES) as shown:
        await shown.to("completed")
        await shown.press("space", "space", "space", "a")
        assert "Send 3 prompts again?" in question(shown)
        await shown.press("y")
        assert [len(prompts) for prompts in told(shown, "submit_all")] == [3]
        assert not shown.screen.table.marks


async def test_again_tells_when_the_store_cannot_take_it() -> None:
    async with jobs_shown(ALL_STATES) as shown:
        await shown.to("failed")
        shown.stage.engine.fails = StoreFull("The disk is full.")
        await shown.press("a")
        assert shown.toasts[-1] == "The disk is full."
        shown.stage.engine.fails = RuntimeError("stopped")
        await shown.press("x")
        assert "ending" in shown.toasts[-1]
        assert shown.app.is_running


async def test_edit() -> None:
    async with jobs_shown(ALL_STATES) as shown:
        await shown.to("rejected")
        await shown.press("e")
        assert shown.heard == [EditWanted(shown.screen.table.job)]  # type: ignore[arg-type]
        await shown.press("space", "space", "e")
        assert len(shown.heard) == 1
        assert "2 are marked" in shown.toasts[-1]


@pytest.mark.parametrize(("key", "on_host"), [("o", False), ("p", True)])
async def test_sound(key: str, on_host: bool) -> None:
    async with jobs_shown(ALL_STATES) as shown:
        await shown.to("completed")
        await shown.press(key)
        assert shown.heard == [SoundWanted(shown.screen.table.job, on_host)]  # type: ignore[arg-type]


@pytest.mark.parametrize("key", ["o", "p", "y", "v", "d"])
@pytest.mark.parametrize(("state", "why"), [("running", "There is no song yet"), ("failed", "No song: it is failed")])
async def test_a_key_that_cannot_act_says_why(key: str, state: str, why: str) -> None:
    async with jobs_shown(ALL_STATES) as shown:
        await shown.to(state)
        await shown.press(key)
        assert shown.heard == []
        assert why in shown.toasts[-1]


async def test_copying_the_link_and_the_links_of_all_marked() -> None:
    async with jobs_shown(ALL_STATES) as shown:
        await shown.to("completed")
        await shown.press("y")
        assert shown.heard == [CopyWanted("https://cdn.whisul.com/audio/00000007.mp3", "link")]
        await shown.press("space", "space", "y")
        copied = shown.heard[-1]
        assert isinstance(copied, CopyWanted)
        assert copied.text.count("https://") == 2
        assert copied.what == "2 links"


@pytest.mark.parametrize(
    ("keys", "what", "text"),
    [
        ("l", "song link", "https://cdn.whisul.com/audio/00000007.mp3"),
        ("enter", "song link", "https://cdn.whisul.com/audio/00000007.mp3"),
        ("c", "cover link", "https://cdn.whisul.com/covers/00000007.jpg"),
        ("j enter", "cover link", "https://cdn.whisul.com/covers/00000007.jpg"),
        ("i", "job id", "00000007-6197-4c24-8062-c0ff8b62d58d"),
        ("p", "prompt", "late night lofi, soft rain, take 5"),
        ("k k enter", "prompt", "late night lofi, soft rain, take 5"),
    ],
)
async def test_the_copy_menu(keys: str, what: str, text: str) -> None:
    async with jobs_shown(ALL_STATES) as shown:
        await shown.to("completed")
        await shown.press("Y")
        assert isinstance(shown.app.screen, CopyMenu)
        await shown.press(*keys.split())
        assert shown.heard == [CopyWanted(text, what)]


async def test_the_copy_menu_gives_the_json_of_the_verbs() -> None:
    async with jobs_shown(ALL_STATES) as shown:
        await shown.to("completed")
        await shown.press("Y", "o")
        copied = shown.heard[-1]
        assert isinstance(copied, CopyWanted)
        assert json.loads(copied.text)["job_id"] == "00000007-6197-4c24-8062-c0ff8b62d58d"
        assert json.loads(copied.text)["seconds"] == 182


async def test_the_copy_menu_skips_what_is_not_there() -> None:
    async with jobs_shown(ALL_STATES) as shown:
        await shown.to("held")
        await shown.press("Y", "l")
        assert "no song link" in shown.toasts[-1]
        await shown.press("j", "k", "enter")
        assert shown.heard == [CopyWanted(shown.prompt, "prompt")]
        await shown.press("Y", "escape")
        assert len(shown.heard) == 1


async def test_the_link_sheet() -> None:
    async with jobs_shown(ALL_STATES) as shown:
        await shown.to("completed")
        await shown.press("v")
        assert "https://cdn.whisul.com/audio/00000007.mp3" in shown.text()
        await shown.press("escape")
        assert shown.app.screen is shown.screen


async def test_downloads_of_one_and_of_all_marked_that_have_a_song() -> None:
    async with jobs_shown(ALL_STATES) as shown:
        await shown.to("unconfirmed")
        await shown.press("space", "space", "d")
        kept = shown.heard[-1]
        assert isinstance(kept, DownloadWanted)
        assert [job.state for job in kept.jobs] == ["completed"]
        assert "1 marked job without a song left out" in shown.toasts[-1]
        assert not shown.screen.table.marks


async def test_forget_and_undo() -> None:
    async with jobs_shown([job for job in ALL_STATES if job.get("state") != "held"]) as shown:
        await shown.to("failed")
        number = shown.stage.numbers[1]
        await shown.press("x")
        assert told(shown, "forget") == [((number,),)]
        assert shown.screen.table.total == 11
        assert "u brings it back" in shown.toasts[-1]
        await shown.press("u")
        assert told(shown, "restore") == [((number,),)]
        assert shown.screen.table.total == 12
        await shown.press("u")
        assert "Nothing to take back" in shown.toasts[-1]


@pytest.mark.parametrize("state", ["running", "unconfirmed"])
async def test_forgetting_what_may_cost_asks_first(state: str) -> None:
    async with jobs_shown(ALL_STATES) as shown:
        await shown.to(state)
        await shown.press("x")
        assert f"Forget a job that is {state}?" in question(shown)
        await shown.press("n")
        assert told(shown, "forget") == []
        await shown.press("x", "y")
        assert len(told(shown, "forget")) == 1


@pytest.mark.parametrize(("state", "why"), [("held", "u takes it back"), ("sending", "on its way to Whisul")])
async def test_what_is_not_sent_yet_cannot_be_forgotten(state: str, why: str) -> None:
    async with jobs_shown(ALL_STATES) as shown:
        await shown.to(state)
        await shown.press("x")
        assert told(shown, "forget") == []
        assert why in shown.toasts[-1]


async def test_forgetting_all_marked_leaves_the_unsent() -> None:
    async with jobs_shown(ALL_STATES) as shown:
        await shown.press("V", "x")
        assert "Forget 11 jobs, 3 not settled?" in question(shown)
        await shown.press("y")
        assert shown.screen.table.total == 2
        assert "2 not sent yet stay" in shown.toasts[-1]


async def test_u_takes_the_held_prompt_back_first() -> None:
    async with jobs_shown(ALL_STATES) as shown:
        await shown.to("failed")
        await shown.press("x", "u")
        assert "Taken back, not sent: late night lofi" in shown.toasts[-1]
        assert told(shown, "restore") == []
        await shown.press("u")
        assert len(told(shown, "restore")) == 1


async def test_stars_of_one_and_of_all_marked() -> None:
    async with jobs_shown(ALL_STATES) as shown:
        await shown.to("completed")
        await shown.press("asterisk")
        assert told(shown, "star") == [(7, False)]
        assert "★" not in shown.text()
        await shown.press("space", "space", "asterisk")
        assert told(shown, "star")[1:] == [(7, True), (6, True)]
        await shown.press("asterisk")
        assert told(shown, "star")[3:] == [(7, False), (6, False)]


async def test_refresh_says_when_it_may_be_asked_again() -> None:
    async with jobs_shown(ALL_STATES) as shown:
        await shown.to("running")
        await shown.press("r")
        assert told(shown, "refresh") == [(shown.screen.table.job.number,)]  # type: ignore[union-attr]
        assert shown.toasts[-1] == "Asked a moment ago; again in 2s."
        await shown.to("failed")
        await shown.press("r")
        assert len(told(shown, "refresh")) == 1
        assert "Only a running job" in shown.toasts[-1]


async def test_an_unconfirmed_job_is_followed_under_the_id_that_the_user_knows() -> None:
    async with jobs_shown(ALL_STATES) as shown:
        await shown.to("unconfirmed")
        number = shown.screen.table.job.number if shown.screen.table.job else 0
        await shown.press("I")
        assert isinstance(shown.app.screen, KnownIdScreen)
        await shown.press("n", "o", "exclamation_mark", "enter")
        assert "letters, digits, _ and - alone" in shown.text()
        await shown.press("backspace", "enter")
        assert told(shown, "confirm") == [(number, "no")]
        assert shown.state == "running"
        assert shown.toasts[-1] == "It is followed from now on."


async def test_an_id_that_another_job_has_is_refused_and_said() -> None:
    async with jobs_shown(ALL_STATES) as shown:
        await shown.to("completed")
        taken = shown.screen.table.job
        assert taken is not None
        assert taken.job_id is not None
        await shown.to("unconfirmed")
        await shown.press("I", "x", "escape")
        assert told(shown, "confirm") == []
        names = {"_": "underscore", "-": "minus"}
        await shown.press("I", *(names.get(letter, letter) for letter in taken.job_id), "enter")
        assert shown.state == "unconfirmed"
        assert "Another job has that id" in shown.toasts[-1]


async def test_an_id_is_for_unconfirmed_jobs_alone() -> None:
    async with jobs_shown(ALL_STATES) as shown:
        await shown.to("failed")
        await shown.press("I")
        assert shown.toasts[-1] == "This is for an unconfirmed job; this one is failed."
