"""Pictures of the Jobs screen: every state of a job and of the screen, in the sizes and colours that people have."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.support.stage import ALL_STATES, NOW, Status, put, stage
from whisul_tui.domain import JobState

SMALL, LARGE, TINY = (80, 24), (120, 40), (40, 10)
POLLING = Status("polling", next_poll_at=NOW.timestamp() + 4)
Snap = Callable[..., bool]

WIDE_NAMES = (
    {
        "prompt": "夜のローファイ、静かな雨、アップライトベース、ボーカルなし",
        "title": "雨とネオン、そして長い夜の帰り道のうた",
    },
    {"prompt": "[bold]no markup[/bold] {0} %s \\", "title": "[red]literally this[/red]"},
    {"prompt": "first line\nsecond line\nthird line", "state": "failed", "message": "[link=x]no link[/link]\nsecond"},
    {"prompt": "a very long prompt " * 40, "state": "running", "ago": 4000.0},
)


def picture(
    snap: Snap,
    jobs: Sequence[dict[str, Any]] = ALL_STATES,
    keys: str = "",
    size: tuple[int, int] = SMALL,
    status: Status = POLLING,
    before: Callable[[Pilot[int]], Awaitable[None]] | None = None,
    **settings: Any,
) -> bool:
    """Compares the screen with its picture, after these keys."""
    with stage(jobs) as made:
        made.engine.current = status
        return snap(made.app(**settings), press=keys.split(), terminal_size=size, run_before=before)


@pytest.mark.parametrize("theme", ["whisul-dark", "whisul-light", "ansi-dark"])
@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_all_states(snap_compare: Snap, size: tuple[int, int], theme: str) -> None:
    """Every state tells itself by sign and word, the cursor and a mark are seen."""
    assert picture(snap_compare, keys="j j j space j", size=size, theme=theme)


@pytest.mark.parametrize("glyphs", ["unicode", "ascii"])
def test_no_color(snap_compare: Snap, monkeypatch: pytest.MonkeyPatch, glyphs: str) -> None:
    """Without a colour the cursor is reversed and states are words; without Unicode signs are ASCII."""
    monkeypatch.setenv("NO_COLOR", "1")
    assert picture(snap_compare, keys="j j j space j", glyphs=glyphs)


def test_no_color_large(snap_compare: Snap, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page beside the table, without a colour."""
    monkeypatch.setenv("NO_COLOR", "1")
    assert picture(snap_compare, keys="j j j", size=LARGE)


def test_wide(snap_compare: Snap) -> None:
    """w gives the whole width to the table: all columns, prompts behind titles."""
    assert picture(snap_compare, keys="w j j", size=LARGE)


def test_tiny(snap_compare: Snap) -> None:
    """At 40x10 state and title are left."""
    assert picture(snap_compare, keys="j j", size=TINY)


@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_no_jobs(snap_compare: Snap, size: tuple[int, int]) -> None:
    """Before the first job, the screen says how to make one."""
    assert picture(snap_compare, [], size=size, status=Status())


@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_no_match(snap_compare: Snap, size: tuple[int, int]) -> None:
    """A search that finds nothing says what is searched, and how to leave it."""
    assert picture(snap_compare, keys="slash z z z", size=size)


def test_none_failed(snap_compare: Snap) -> None:
    """Failed only, and nothing has failed."""
    assert picture(snap_compare, [{"prompt": "a"}], keys="f")


@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_search_typed(snap_compare: Snap, size: tuple[int, int]) -> None:
    """While it is typed, what is found is marked in the rows."""
    assert picture(snap_compare, keys="slash r a i n", size=size)


def test_search_kept(snap_compare: Snap) -> None:
    """Enter keeps it."""
    assert picture(snap_compare, keys="slash r a i n enter n")


def test_search_kept_light(snap_compare: Snap) -> None:
    """Matches are seen on light ground too."""
    assert picture(snap_compare, keys="slash r a i n enter n", theme="whisul-light")


def test_failed_only(snap_compare: Snap) -> None:
    """The filter is told below."""
    assert picture(snap_compare, keys="f")


def test_marks(snap_compare: Snap) -> None:
    """Marked rows, their number, and the keys that act on them."""
    assert picture(snap_compare, keys="j j space space space j")


def test_sorted_by_title(snap_compare: Snap) -> None:
    """The order is told in the head and below."""
    assert picture(snap_compare, keys="s s")


@pytest.mark.parametrize("state", list(JobState))
@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_page(snap_compare: Snap, state: JobState, size: tuple[int, int]) -> None:
    """The page of a job of each state: over the table at 80 columns, beside it at 120."""
    job = {"prompt": "late night lofi, soft rain, upright bass, no vocals, 80 bpm", "ago": 66.0, "state": state}
    done = [{"prompt": f"earlier {n}", "title": f"Earlier {n}", "took": 60.0 + 5 * n} for n in range(6)]
    opens = "enter" if size == SMALL and state is not JobState.COMPLETED else ""
    assert picture(snap_compare, [*done, job], keys=opens, size=size)


@pytest.mark.parametrize("theme", ["whisul-light", "ansi-dark"])
def test_page_in_other_colours(snap_compare: Snap, theme: str) -> None:
    """The page on light ground, and in the terminal's own sixteen colours."""
    assert picture(snap_compare, keys="j j j j j j", size=LARGE, theme=theme)


@pytest.mark.parametrize("phase", ["limited", "offline", "key_refused", "store_trouble"])
@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_trouble(snap_compare: Snap, phase: str, size: tuple[int, int]) -> None:
    """The header and the held row say why nothing leaves."""
    status = Status(phase, NOW.timestamp() + 18, message="the disk is full" if phase == "store_trouble" else "")
    assert picture(snap_compare, size=size, status=status)


def test_new_above(snap_compare: Snap) -> None:
    """Jobs that came above the window are told in the head; the rows have not moved."""
    jobs = [{"prompt": f"song {n}", "title": f"Song {n:02}", "ago": 9000.0 - n} for n in range(40)]
    with stage(jobs) as made:
        made.engine.current = POLLING

        async def more(pilot: Pilot[int]) -> None:
            await pilot.press("j", "j", "j")
            for n in range(2):
                put(made.store, made.session.account, f"new {n}", "running", ago=5)
            made.engine.tell()
            await pilot.pause()
            await pilot.pause()

        assert snap_compare(made.app(), terminal_size=SMALL, run_before=more)


@pytest.mark.parametrize("size", [TINY, SMALL, LARGE])
def test_any_text(snap_compare: Snap, size: tuple[int, int]) -> None:
    """Wide characters keep the columns in line, and markup is only text."""
    assert picture(snap_compare, WIDE_NAMES, keys="j", size=size)


@pytest.mark.parametrize("theme", ["whisul-dark", "whisul-light"])
def test_copy_menu(snap_compare: Snap, theme: str) -> None:
    """What of a job can be copied."""
    assert picture(snap_compare, keys="j j j j j j Y", theme=theme)


def test_may_cost_twice(snap_compare: Snap) -> None:
    """The question before an unconfirmed prompt is sent anew."""
    assert picture(snap_compare, keys="j j j j j a")
