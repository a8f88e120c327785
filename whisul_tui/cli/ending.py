"""What a verb says at its end about jobs that did not end well: what it means, and what to do."""

from __future__ import annotations

from collections.abc import Sequence

from whisul_tui.cli.call import Call
from whisul_tui.cli.resume import resuming
from whisul_tui.domain import Job, JobState
from whisul_tui.storage.jobs import JobStore

_MOST = 5  # sentences; what is over is counted


def tell_endings(call: Call, store: JobStore, jobs: Sequence[Job]) -> None:
    """A sentence on standard error for each job that needs one."""
    bad = [job for job in jobs if job.state not in (JobState.COMPLETED, JobState.RUNNING)]
    for job in bad[:_MOST]:
        call.out.note(_sentence(call, store, job))
    if len(bad) > _MOST:
        call.out.note(f"{len(bad) - _MOST:,} more did not end well; `whisul-tui jobs` lists them.")


def _sentence(call: Call, store: JobStore, job: Job) -> str:
    name = job.short_id
    words = job.message.rstrip(".") if job.message else ""
    match job.state:
        case JobState.FAILED:
            return f"{name} failed: {words or 'Whisul gave no reason'}. It cannot be resumed; send the prompt anew."
        case JobState.REJECTED:
            return f"{name} was rejected: {words or 'Whisul gave no reason'}. Change the prompt and send it again."
        case JobState.EXPIRED:
            return f"{name} has expired: Whisul no longer knows it (404). What was learnt before is kept in the store."
        case JobState.UNCONFIRMED:
            return (
                f"{name} is unconfirmed: {words or 'it was sent, and no answer came'}. Whisul may have taken it, so"
                " it is not sent again by itself. Look at your account first; `a` in the TUI's jobs sends it anew,"
                " which may cost twice."
            )
        case _:
            return f"{name} is {job.state}: it was not sent yet and is kept. To send and follow it: " + resuming(
                call, store, [job]
            )
