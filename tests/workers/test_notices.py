"""Telling of jobs that have ended: toast, bell and title, each of which can be off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from tests.support.acting import Acting, acting
from tests.support.pty_program import in_pty
from tests.support.stage import NOW
from whisul_tui.app import WhisulApp
from whisul_tui.domain import JobState, Song
from whisul_tui.storage import Database

AT = NOW.timestamp()
RUNNING = [{"prompt": f"prompt {n}", "state": "running", "ago": 60.0 - n} for n in range(5)]


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Each ring of the bell, and each title, as they were written."""
    written: list[str] = []
    monkeypatch.setattr(WhisulApp, "bell", lambda self: written.append("bell"))
    monkeypatch.setattr("whisul_tui.workers.notices.write_terminal", lambda app, text: written.append(text))
    return written


async def end(shown: Acting, count: int, *, told: bool = True) -> None:
    """So many running jobs come to their end, in this process or (untold) in another one."""
    for number in shown.stage.numbers[:count]:
        song = Song(f"Title [b]{number}[/b]", 80, 180, "https://cdn.example/a.mp3")
        shown.stage.store.settled(number, JobState.COMPLETED, AT, song=song)
    await shown.tell(*(shown.stage.numbers[:count] if told else ()))


@pytest.mark.parametrize("told", [True, False])
async def test_a_finished_job_is_told_once(rung: list[str], told: bool) -> None:
    """Also one that another process has seen ending: it says no numbers."""
    async with acting("write", RUNNING) as shown:
        await end(shown, 1, told=told)
        await shown.tell(*shown.stage.numbers)
        assert [toast for toast in shown.toasts if "Title [b]1[/b]: completed" in toast] == shown.toasts
        assert len(shown.toasts) == 1
        assert rung.count("bell") == 1


async def test_news_of_many_that_run_cost_one_look_and_not_one_each(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand running jobs were looked up one by one for each poll of one of them: no key was answered any more."""
    jobs = [{"prompt": f"prompt {n}", "state": "running", "ago": 60.0} for n in range(200)]
    async with acting("write", jobs) as shown:
        asked: list[str] = []
        query = Database.query

        def counted(self: Database, sql: str, *values: Any) -> Any:
            asked.append(sql)
            return query(self, sql, *values)

        monkeypatch.setattr(Database, "query", counted)
        await shown.tell(*shown.stage.numbers)
        assert 0 < len(asked) < 20, asked


async def test_many_at_once_are_summed_up(rung: list[str]) -> None:
    async with acting("write", RUNNING) as shown:
        await end(shown, 5)
        assert len(shown.toasts) == 4
        assert shown.toasts[-1] == "and 2 more have ended"
        assert rung.count("bell") == 1


@pytest.mark.parametrize(
    ("off", "left"), [("toasts", {"bell", "title"}), ("bell", {"toasts", "title"}), ("title", {"toasts", "bell"})]
)
async def test_each_can_be_off(rung: list[str], off: str, left: set[str]) -> None:
    async with acting("write", RUNNING, **{off: False}) as shown:
        await end(shown, 1)
        seen = set()
        if shown.toasts:
            seen.add("toasts")
        if "bell" in rung:
            seen.add("bell")
        if any("running" in text for text in rung):
            seen.add("title")
        assert seen == left


async def test_the_title_counts_what_runs_and_is_given_back(rung: list[str]) -> None:
    async with acting("write", RUNNING) as shown:
        await end(shown, 2)
        await end(shown, 5)
    titles = [text for text in rung if text != "bell"]
    assert titles == [
        "\x1b[22;2t", "\x1b]2;whisul: 5 running\x07", "\x1b]2;whisul: 3 running\x07", "\x1b]2;whisul\x07",
        "\x1b]2;\x07\x1b[23;2t",
    ]  # fmt: skip


ENDS: Sequence[tuple[str, str, str]] = (
    ("failed", "prompt 0: failed. No [/] luck.", "error"),
    ("expired", "prompt 0: Whisul no longer knows it.", "warning"),
)


@pytest.mark.parametrize(("state", "words", "severity"), ENDS)
@pytest.mark.usefixtures("rung")
async def test_every_end_has_its_words(state: str, words: str, severity: str) -> None:
    async with acting("write", RUNNING) as shown:
        number = shown.stage.numbers[0]
        if state == "failed":
            shown.stage.store.settled(number, JobState.FAILED, AT, message="No [/] luck.")
        else:
            shown.stage.store.expired(number, AT, "gone")
        await shown.tell(number)
        (toast,) = shown.app._notifications
        assert (toast.message, toast.severity, toast.markup) == (words, severity, False)


async def test_what_had_ended_before_the_start_is_no_news(rung: list[str]) -> None:
    jobs: list[dict[str, Any]] = [{}, {"state": "failed"}]
    async with acting("write", jobs) as shown:
        await shown.tell(*shown.stage.numbers)
        assert shown.toasts == []
        assert "bell" not in rung


def test_title_and_end_in_the_bytes_that_leave() -> None:
    with in_pty(["-m", "tests.support.staged", "write"]) as program:
        program.wait_for("Recent prompts")
        program.end()
        raw = bytes(program.raw)
    assert raw.index(b"\x1b[22;2t") < raw.index(b"\x1b]2;whisul: 2 running\x07") < raw.index(b"\x1b[23;2t")
