"""What is said of a job beside its state: the note in its row, from the same facts everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import NamedTuple

from whisul_tui.domain import Job, JobState
from whisul_tui.formatting import age, local_time
from whisul_tui.key_words import with_keys


class Facts(NamedTuple):
    """What a row depends on besides its job.

    `usual` is median and 90th percentile in seconds, `alarm` why nothing leaves just now ("429: waiting 18s", "" while
    all is well), `unicode` whether signs beyond ASCII may be drawn, `accounts` whether more than one has jobs here,
    `calm` whether nothing may change but by what happens, `kin` the job's place in its family (for its page alone),
    `account` whose jobs `usual` is about ("": anybody's), `keymap` the user's own keys.
    """

    now: datetime = datetime(2000, 1, 1, tzinfo=UTC)
    usual: tuple[float, float] | None = None
    alarm: str = ""
    unicode: bool = True
    accounts: bool = False
    calm: bool = False
    account: str = ""
    kin: str = ""
    keymap: Mapping[str, str] = MappingProxyType({})


def is_late(job: Job, facts: Facts) -> bool:
    """Whether a running job has taken longer than nine in ten of the last ones did."""
    elapsed, usual = job.elapsed(facts.now) if job.state is JobState.RUNNING else None, usual_of(job, facts)
    return elapsed is not None and usual is not None and elapsed > usual[1]


def usual_of(job: Job, facts: Facts) -> tuple[float, float] | None:
    """How long jobs of this job's account usually take, where that is known."""
    return facts.usual if facts.account in ("", job.account) else None


def is_ticking(job: Job) -> bool:
    """Whether what is said of the job changes with every second."""
    return job.state in (JobState.RUNNING, JobState.HELD)


def note(job: Job, facts: Facts) -> str:
    """The words in place of figures where a state needs words; "" where it needs none."""
    if job.state is JobState.HELD:
        return held_words(job, facts)
    if job.state is JobState.SENDING:
        return "on its way"
    if job.state is JobState.UNCONFIRMED:
        return with_keys("no answer; {again} sends anew", facts.keymap)
    if job.state is JobState.EXPIRED:
        return "404; all that was known is kept"
    if job.state in (JobState.FAILED, JobState.REJECTED):
        return " ".join((job.message or "no reason given").split())
    return ""


def held_words(job: Job, facts: Facts) -> str:
    """Why a held job is not sent yet, and for how long."""
    if job.paused:
        return "paused"
    if facts.alarm:
        return facts.alarm.replace(": ", ", ", 1)
    if facts.calm:  # time alone changes nothing there
        is_ours = facts.account in ("", job.account)
        return f"sends at {local_time(job.not_before)[11:]}" if job.not_before and is_ours else "waits its turn"
    wait = (job.not_before - facts.now).total_seconds() if job.not_before else 0.0
    return f"sends in {-int(-wait // 1)}s" if wait > 0 else "waits its turn"


def short_age(job: Job, facts: Facts) -> str:
    """How long ago the job was made, in at most three cells; no seconds, so that it stays still for a minute.

    Where all is to be calm, in days alone, and nothing for today.
    """
    text = age(job.created_at, facts.now)
    if facts.calm and text[-1] in "smh":
        return ""
    return "now" if text.endswith("s") else text
