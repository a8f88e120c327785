"""In a real tmux, at both sizes, on a bad day: limits, 500s and lost connections, and no song paid for twice."""

from __future__ import annotations

import re
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.e2e.acting import JOBS, WRITE, submit, until
from tests.e2e.meanwhile import meanwhile
from tests.e2e.partner import Partner
from tests.e2e.places import PROGRAM, Place
from tests.e2e.tmux import TMUX, Tmux

# With each size a seed of the faults: of the fourth and sixth request, and of the second (a prompt) and fourth.
SIZES = ((80, 24, "124"), (120, 40, "1889"))
BAD_DAY = ("--limit", "20/60", "--fault", "500=0.05", "--fault", "drop=0.05", "--pace", "3")
PROMPTS = ("slow blues", "fast polka, accordion", "a quiet march")
CONFIG = "poll_min_seconds = 0.5\npoll_max_seconds = 2.0\nundo_seconds = 0.3\n"


@pytest.mark.skipif(TMUX is None, reason="tmux is not installed")
@meanwhile
def test_three_jobs_at_once_on_a_bad_day_at_both_sizes(folder: Path) -> None:
    """Both windows at the same time, each with a home and a studio of its own."""
    if TMUX is None:
        return  # begun all the same; the mark above skips the look at it
    with ExitStack() as stack:
        played = []
        for columns, rows, seed in SIZES:
            below = folder / f"{columns}x{rows}"
            studio = stack.enter_context(Partner(below / "studio", *BAD_DAY, "--seed", seed))
            place = Place(below / "place", studio.variables)
            place.configure(CONFIG)
            window = Tmux([*PROGRAM], place.environment(), columns=columns, rows=rows, cwd=place.folder)
            played.append((stack.enter_context(window), place, studio))
        _play(played)


def _play(played: list[tuple[Tmux, Place, Partner]]) -> None:
    limited = [False, False]
    for window, place, _ in played:
        window.wait_for(WRITE)
        for prompt in PROMPTS:
            submit(window, place, prompt)
        window.press("escape")
        window.wait_for(JOBS)

    def all_ended() -> bool:
        for number, (window, _, _) in enumerate(played):
            limited[number] |= re.search(r"429: waiting \d+s", window.text()) is not None
        return all(
            len(job_states) == len(PROMPTS) and set(job_states.values()) <= {"completed", "unconfirmed"}
            for job_states in (place.states() for _, place, _ in played)
        )

    until(all_ended, 75, "the end of all jobs")
    assert {request.fault for _, _, studio in played for request in studio.requests()} >= {"500", "drop"}
    for number, (window, place, studio) in enumerate(played):
        _check_the_log(place, studio, was_limited=limited[number])
        completed = next(job for job in reversed(place.jobs()) if job["state"] == "completed")
        window.wait_for(completed["title"])
        window.press("3")
        window.wait_for(completed["title"])
        window.press("ctrl+q")
        assert window.wait() == 0
        window.check_given_back()
        assert "Traceback" not in window.text()


def _check_the_log(place: Place, studio: Partner, *, was_limited: bool) -> None:
    assert studio.posted_twice() == []
    accepted = {request.job_id for request in studio.submissions() if request.job_id}
    assert {job["job_id"] for job in place.jobs() if job["state"] == "completed"} <= accepted
    spoilt = [request for request in studio.submissions() if request.fault]  # each may have cost money
    assert list(place.states().values()).count("unconfirmed") == len(spoilt)
    if any(request.status == 429 for request in studio.requests()):
        assert was_limited, "a 429 came and the header never said so"
