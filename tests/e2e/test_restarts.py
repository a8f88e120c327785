"""What a crash, a hang-up and a restart leave: running jobs, the draft, and the prompt that was still held."""

from __future__ import annotations

import re
import signal
from collections.abc import Callable

import pytest

from tests.e2e.acting import JOBS, WRITE, submit, until
from tests.e2e.conftest import LIVELY
from tests.e2e.partner import Partner
from tests.e2e.places import Place
from tests.e2e.terminal import Terminal, pause

HESITANT = LIVELY.replace("undo_seconds = 0.3", "undo_seconds = 2.5")


def test_a_restart_picks_up_running_jobs(
    place: Place, studio: Callable[..., Partner], tui: Callable[..., Terminal]
) -> None:
    partner = studio("--pace", "4")
    terminal = tui()
    terminal.wait_for(WRITE)
    submit(terminal, place, "sea shanty")
    terminal.wait_for("1 running")
    terminal.press("ctrl+q")
    assert terminal.wait() == 0
    assert "1 job still open: they go on, and the next start picks them up." in terminal.text()
    assert place.states() == {"sea shanty": "running"}
    again = tui()
    again.wait_for(JOBS)
    again.wait_for("1 completed")
    again.press("q")
    assert again.wait() == 0
    assert len(partner.submissions()) == 1


@pytest.mark.parametrize("way", ["SIGKILL", "hang-up"])
def test_the_draft_survives(
    way: str, place: Place, studio: Callable[..., Partner], tui: Callable[..., Terminal]
) -> None:
    partner = studio()
    terminal = tui()
    terminal.wait_for(WRITE)
    draft = "half a thought, with strings"
    terminal.write(draft)
    terminal.wait_for(draft)
    if way == "SIGKILL":
        until(lambda: place.rows("SELECT text FROM drafts WHERE text = ?", draft), 2.0, "the draft on disk")
        terminal.kill()
    else:
        terminal.hang_up()  # at once: leaving keeps what the last half second brought
        assert terminal.wait(10) == 129
    again = tui()
    again.wait_for(draft)
    again.press("ctrl+q")
    assert again.wait() == 0
    assert partner.requests() == []


def test_a_held_prompt_survives_and_is_sent_once_by_the_next_start(
    place: Place, studio: Callable[..., Partner], tui: Callable[..., Terminal]
) -> None:
    partner = studio(config=HESITANT)
    terminal = tui()
    terminal.wait_for(WRITE)
    submit(terminal, place, "nocturne for a held prompt")
    terminal.wait_for(re.compile(r"held [1-3]s"))
    terminal.kill()
    assert place.states() == {"nocturne for a held prompt": "held"}
    assert partner.requests() == []
    again = tui()
    again.wait_for(JOBS)
    again.wait_for("1 completed")
    pause(1.0)
    assert [request.prompt for request in partner.submissions()] == ["nocturne for a held prompt"]
    again.signal(signal.SIGTERM)
    assert again.wait() == 143
    again.check_given_back()


def test_what_was_typed_ahead_belongs_to_the_next_prompt(
    place: Place, studio: Callable[..., Partner], tui: Callable[..., Terminal]
) -> None:
    """On a slow link Enter and the next prompt's letters arrive together; each prompt costs, so none may be mixed."""
    partner = studio()
    terminal = tui()
    terminal.wait_for(WRITE)
    terminal.write("first song\rsecond song\r")
    until(lambda: len(place.jobs()) == 2, 8, "two prompts")
    terminal.wait_for("2 completed")
    assert sorted(request.prompt or "" for request in partner.submissions()) == ["first song", "second song"]
