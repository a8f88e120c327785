"""Jobs: moving, opening, leaving, search, sort, filter, marks; every key of the rooms list and jobs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from textual._compositor import ChopsUpdate
from textual.events import Key

from tests.screens.jobs_stage import jobs_shown
from tests.support.stage import ALL_STATES, NOW, Status, put, stage
from whisul_tui.domain import JobState
from whisul_tui.messages import SongOpened
from whisul_tui.screens.jobs import JobsScreen
from whisul_tui.screens.jobs_searching import JobsSearching
from whisul_tui.screens.write import WriteScreen
from whisul_tui.storage import matches
from whisul_tui.storage.windows import Sort
from whisul_tui.widgets.job_detail import JobDetail
from whisul_tui.widgets.search_bar import SearchBar

MANY = tuple({"prompt": f"song {n}", "title": f"Song {n:03}", "ago": 9000.0 - n} for n in range(1, 61))


@pytest.mark.parametrize(
    ("keys", "index"),
    [
        ("j", 1), ("down", 1), ("j j k", 1), ("down up", 0), ("G", 59), ("end", 59), ("G g", 0), ("end home", 0),
        ("ctrl+d", 9), ("ctrl+d ctrl+u", 0), ("pagedown", 19), ("pagedown pageup", 0), ("k", 0), ("G j", 59),
    ],
)  # fmt: skip
async def test_moving(keys: str, index: int) -> None:
    async with jobs_shown(MANY) as shown:
        await shown.press(*keys.split())
        assert shown.screen.table.place.index == index


@pytest.mark.parametrize("key", ["enter", "l"])
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_completed_job_opens_as_a_song(key: str, size: tuple[int, int]) -> None:
    async with jobs_shown(ALL_STATES, size) as shown:
        await shown.to("completed")
        await shown.press(key)
        assert shown.heard == [SongOpened(shown.screen.table.job.number)]  # type: ignore[union-attr]


@pytest.mark.parametrize("back", ["escape", "h"])
async def test_another_job_opens_its_page_over_the_table(back: str) -> None:
    async with jobs_shown(ALL_STATES) as shown:
        await shown.to("failed")
        await shown.press("enter")
        assert shown.screen.is_page_open
        assert "Generation failed due to an internal error." in shown.text()
        assert "TITLE / PROMPT" not in shown.text()
        await shown.press("j")
        assert "404" not in shown.text()
        assert "Whisul no longer knows it" in shown.text()
        await shown.press(back)
        assert not shown.screen.is_page_open
        assert "TITLE / PROMPT" in shown.text()


async def test_a_long_prompt_can_be_scrolled_on_the_page() -> None:
    words = " ".join(f"word{n}" for n in range(600))
    async with jobs_shown([{"prompt": words, "state": "failed"}]) as shown:
        await shown.press("enter")
        assert "word599" not in shown.text()
        for _ in range(6):
            await shown.press("pagedown")
        assert "word599" in shown.text()
        await shown.press("ctrl+u", "pageup")
        assert shown.screen.query_one(JobDetail).scroll_offset.y > 0


async def test_the_page_stands_beside_the_table_from_120_columns_and_w_hides_it() -> None:
    async with jobs_shown(ALL_STATES, (120, 40)) as shown:
        await shown.to("unconfirmed")
        assert "may cost twice" in shown.text()
        assert "USUALLY" not in shown.text()
        await shown.press("w")
        assert "may cost twice" not in shown.text()
        assert "USUALLY" in shown.text()
        await shown.press("w")
        assert "may cost twice" in shown.text()
        await shown.pilot.resize_terminal(100, 30)
        await shown.press("w")
        assert "From 120 columns" in shown.toasts[-1]


async def test_search_filters_with_every_letter_and_enter_keeps_it() -> None:
    async with jobs_shown(ALL_STATES) as shown:
        await shown.press("slash", "r", "a", "i", "n")
        assert shown.screen.table.total == 7
        assert "7 of 13 shown" in shown.text()
        await shown.press("enter")
        assert not shown.screen.query_one(SearchBar).is_typing
        assert "/rain" in shown.text()
        assert shown.screen.table.has_focus
        await shown.press("n", "n")
        assert shown.screen.table.place.index == 2
        await shown.press("N", "N", "N")
        assert shown.screen.table.place.index == 6
        await shown.press("n")
        assert shown.screen.table.place.index == 0


async def test_the_first_rows_of_a_search_come_at_once_and_all_of_them_follow(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cursor stays where the user has gone meanwhile, and nothing is said of no matches before all is read."""
    monkeypatch.setattr(matches, "GLANCE", 3)
    async with jobs_shown(ALL_STATES) as shown:
        await shown.press("slash", "r", "a", "i", "n")
        assert shown.screen.table.total in (3, 7)
        table = shown.screen.table
        job = table.job
        while shown.screen.is_looking:
            await shown.pilot.pause(0.01)
        assert table.total == 7
        assert table.job == job
        assert "7 of 13 shown" in shown.text()
        monkeypatch.setattr(shown.screen.session.windows, "glance", lambda *_: False)
        monkeypatch.setattr(JobsSearching, "_look_further", lambda *_: None)
        await shown.press("x", "q")
        assert "looking further back" in shown.text()


async def test_letters_that_arrive_together_are_one_search() -> None:
    async with jobs_shown(ALL_STATES) as shown:
        await shown.press("slash")
        asked: list[str] = []
        show = shown.screen.table.show
        shown.screen.table.show = lambda view, anchor=None: (asked.append(view.search), show(view, anchor))[1]  # type: ignore[method-assign,func-returns-value]
        field = shown.screen.query_one("SearchBar Input")
        for letter in ("r", "ra", "rai", "rain"):
            field.value = letter  # type: ignore[attr-defined]
        await shown.pilot.pause()
        await shown.pilot.pause()
        assert asked[-1] == "rain"
        assert len(asked) < 4


async def test_escape_while_typing_clears_the_search_and_goes_back_to_the_job() -> None:
    async with jobs_shown(ALL_STATES) as shown:
        await shown.to("unconfirmed")
        await shown.press("slash", "s", "h", "a", "n", "t", "y")
        assert shown.prompt == "sea shanty, male choir"
        await shown.press("escape")
        assert shown.state == "unconfirmed"
        assert shown.screen.table.total == 13


async def test_keys_are_letters_while_a_search_is_typed() -> None:
    async with jobs_shown(ALL_STATES) as shown:
        await shown.press("slash", *"qaxdf1")
        assert shown.screen.table.view.search == "qaxdf1"
        assert shown.screen.query_one(SearchBar).is_typing
        assert not [call for call in shown.calls if call[0] != "save_draft"]
        await shown.press("down", "up")
        assert shown.app.is_running


async def test_letters_in_one_packet_with_the_slash_are_for_the_search() -> None:
    async with jobs_shown(ALL_STATES) as shown:
        await shown.to("failed")
        for letter in "/sea axdoq":
            key = {"/": "slash", " ": "space"}.get(letter, letter)
            shown.app.post_message(Key(key, letter))
        await shown.press()
        assert shown.screen.table.view.search == "sea axdoq"
        assert [call[0] for call in shown.calls if call[0] != "save_draft"] == []
        assert shown.heard == []
        assert shown.app.screen is shown.screen


async def test_another_key_for_the_search_works_as_well() -> None:
    with stage(ALL_STATES) as made:
        app = replace(made, settings=replace(made.settings, keys={"search": "ctrl+f"})).app()
        async with app.run_test() as pilot:
            await pilot.press("slash", "ctrl+f", "r", "a")
            await pilot.pause()
            assert isinstance(app.screen, JobsScreen)
            assert app.screen.table.view.search == "ra"


async def test_a_kept_search_can_be_changed() -> None:
    async with jobs_shown(ALL_STATES) as shown:
        await shown.press("slash", *"rain", "enter", "slash", *" neon", "enter")
        assert shown.screen.table.view.search == "rain neon"
        assert shown.screen.table.total == 1


async def test_n_without_a_search_says_so() -> None:
    async with jobs_shown(ALL_STATES) as shown:
        await shown.press("n")
        assert "/ searches" in shown.toasts[-1]


async def test_sorts_go_round_and_the_cursor_stays_on_its_job() -> None:
    async with jobs_shown(ALL_STATES) as shown:
        await shown.to("unconfirmed")
        for sort in [*list(Sort)[1:], Sort.NEWEST]:
            await shown.press("s")
            assert shown.screen.table.view.sort is sort
            assert shown.state == "unconfirmed"
            assert "▲" in shown.text() or "▼" in shown.text()


async def test_a_click_on_a_head_sorts_by_it_and_turns_it_round() -> None:
    async with jobs_shown(ALL_STATES) as shown:
        await shown.pilot.click("JobsTable", offset=(20, 0))
        await shown.pilot.pause()
        assert shown.screen.table.view.sort is Sort.TITLE
        age = shown.text().splitlines()[2].index("AGE")
        await shown.pilot.click("JobsTable", offset=(age + 1, 0))
        await shown.pilot.pause()
        assert shown.screen.table.view.sort is Sort.NEWEST
        await shown.pilot.click("JobsTable", offset=(age + 1, 0))
        await shown.pilot.pause()
        assert shown.screen.table.view.sort is Sort.OLDEST


async def test_a_double_click_opens() -> None:
    async with jobs_shown(ALL_STATES) as shown:
        await shown.pilot.click("JobsTable", offset=(20, 8), times=2)
        await shown.pilot.pause()
        assert [type(message) for message in shown.heard] == [SongOpened]


async def test_failed_only_and_back() -> None:
    async with jobs_shown(ALL_STATES) as shown:
        await shown.press("f")
        assert shown.screen.table.view.state is JobState.FAILED
        assert shown.screen.table.total == 1
        assert "failed only" in shown.text()
        await shown.press("f")
        assert shown.screen.table.total == 13


async def test_escape_leaves_one_thing_after_the_other() -> None:
    async with jobs_shown(ALL_STATES) as shown:
        await shown.press("f", "slash", *"sea", "enter", "space", "enter")
        screen = shown.screen
        assert (screen.is_page_open, len(screen.table.marks)) == (True, 1)
        await shown.press("escape")
        assert not screen.is_page_open
        await shown.press("escape")
        assert not screen.table.marks
        assert screen.table.view.search == "sea"
        await shown.press("escape")
        assert screen.table.view.search == ""
        assert screen.table.view.state is JobState.FAILED
        await shown.press("h")
        assert screen.table.view.state is None
        await shown.press("escape")
        assert shown.app.is_running


async def test_marks() -> None:
    async with jobs_shown(ALL_STATES) as shown:
        await shown.press("space", "space")
        assert len(shown.screen.table.marks) == 2
        assert shown.screen.table.place.index == 2
        assert "2 marked" in shown.text()
        await shown.press("V")
        assert "13 marked" in shown.text()
        await shown.press("V")
        assert "marked" not in shown.text()


async def test_empty_states_say_what_to_do() -> None:
    async with jobs_shown([]) as shown:
        assert "No jobs yet" in shown.text()
        assert "c opens the editor" in shown.text()
        for key in ("enter", "a", "e", "x", "y", "Y", "v", "d", "o", "p", "r", "space", "V", "s", "G", "asterisk", "u"):
            await shown.press(key)
        await shown.press("f")
        assert shown.screen.table.empty[0] == "No jobs yet"
        assert shown.heard == []
    async with jobs_shown(MANY) as shown:
        await shown.press("f")
        assert "No failed jobs" in shown.text()
        await shown.press("slash", *"zzz")
        assert 'No failed job matches "zzz"' in shown.text()
        await shown.press("escape", "escape", "slash", *"zzz")
        assert 'Nothing matches "zzz"' in shown.text()


async def test_news_of_the_engine_is_shown_and_rows_stay() -> None:
    async with jobs_shown(MANY) as shown:
        await shown.press("j", "j", "j")
        store, account = shown.stage.store, shown.stage.session.account
        new = put(store, account, "a new one", "running", ago=1)
        shown.stage.engine.tell(new.number)
        await shown.press()
        assert shown.prompt == "song 57"
        assert "1 new ↑" in shown.text()
        await shown.press("g")
        assert shown.prompt == "a new one"
        assert "new ↑" not in shown.text()


async def test_back_from_writing_the_newest_is_selected() -> None:
    async with jobs_shown(MANY) as shown:
        await shown.press("G", "c")
        assert isinstance(shown.app.screen, WriteScreen)
        put(shown.stage.store, shown.stage.session.account, "written meanwhile", "held", ago=0)
        shown.stage.engine.tell()
        await shown.press("escape")
        assert shown.prompt == "written meanwhile"


async def test_back_with_nothing_written_the_cursor_is_where_it_was() -> None:
    async with jobs_shown(MANY) as shown:
        await shown.press("j", "j", "c", "escape")
        assert shown.screen.table.place.index == 2


async def test_a_job_that_came_while_help_was_open_moves_nothing() -> None:
    async with jobs_shown(MANY) as shown:
        await shown.press("j", "question_mark")
        put(shown.stage.store, shown.stage.session.account, "from another terminal", "running", ago=0)
        shown.stage.engine.tell()
        await shown.press("escape")
        assert shown.prompt == "song 59"


async def test_a_second_that_passes_is_one_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    """The poller's countdown above and the time of what runs below: two would cost twice."""
    async with jobs_shown(ALL_STATES, (120, 40)) as shown:
        shown.stage.engine.current = Status("polling", next_poll_at=NOW.timestamp() + 9)
        shown.screen.second()
        await shown.pilot.pause(0.05)
        row = next(y for y, line in enumerate(shown.text().split("\n")) if " running    " in line)
        frames: list[set[int]] = []

        def display(_: object, update: ChopsUpdate) -> None:
            frames.append({y for y, _, _ in update.spans})

        monkeypatch.setattr(shown.app, "_display", display)
        shown.stage.now += timedelta(seconds=1)
        shown.screen.second()
        while not frames:
            await shown.pilot.pause(0.01)
        await shown.pilot.pause(0.05)
        assert [{0, row} <= lines for lines in frames] == [True]


async def test_the_second_ticks() -> None:
    async with jobs_shown(ALL_STATES, (120, 40)) as shown:
        await shown.to("running")
        assert "0:41" in shown.text()
        shown.stage.now = NOW + timedelta(seconds=5)
        shown.screen.tick()
        await shown.press()
        assert "0:46" in shown.text()
        assert "running 0:46" in shown.text()
        assert "8s ago" in shown.text()


async def test_a_closed_gate_is_told_in_the_held_row() -> None:
    async with jobs_shown(ALL_STATES) as shown:
        shown.stage.engine.current = Status("limited", NOW.timestamp() + 18)
        shown.screen.tick()
        await shown.press()
        assert "429, waiting 18s" in shown.text()
        shown.stage.engine.current = replace(shown.stage.engine.current, phase="offline")
        shown.screen.tick()
        await shown.press()
        assert "offline, retry 18s" in shown.text()


async def test_hints_follow_the_job() -> None:
    async with jobs_shown(ALL_STATES) as shown:
        for state, words in (
            ("held", "u take back"), ("running", "r ask now"), ("completed", "o listen"), ("failed", "a again"),
            ("rejected", "e edit"), ("expired", "x forget"),
        ):  # fmt: skip
            await shown.to(state)
            assert words in shown.text().splitlines()[-1]


async def test_every_size_down_to_nearly_nothing() -> None:
    async with jobs_shown(ALL_STATES, (40, 10)) as shown:
        assert "running" in shown.text()
        for keys in (
            "j",
            "j enter",
            "j",
            "escape",
            "slash r a i n enter",
            "s",
            "f",
            "escape escape",
            "V",
            "Y",
            "escape",
        ):
            await shown.press(*keys.split())
        for size in ((20, 6), (8, 3), (120, 40), (300, 80)):
            await shown.pilot.resize_terminal(*size)
            await shown.press("j", "k")
        assert shown.app.is_running


async def test_q_quits() -> None:
    async with jobs_shown(ALL_STATES) as shown:
        await shown.press("q")
        assert shown.app.return_code == 0


async def test_the_search_is_a_filter_says_what_it_did_not_understand_and_goes_on_by_itself() -> None:
    async with jobs_shown(ALL_STATES, size=(120, 40)) as shown:
        await shown.press("slash", *"state", "colon")
        assert "state: wants failed, running, completed, ..." in shown.text()
        assert shown.screen.table.total == len(ALL_STATES)
        await shown.press("f")
        assert "wants" not in shown.text()
        assert "state:failed" in shown.text(), "what it may go on to, behind the cursor"
        await shown.press("right", "enter")
        assert shown.screen.table.view.search == "state:failed"
        assert shown.state == "failed"
        assert shown.screen.table.total == 1
