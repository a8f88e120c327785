"""How a verb ends: the exit codes of the product's contract, and the error that carries one."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum

from whisul_tui.domain import Job, JobState


class Exit(IntEnum):
    """The exit codes; scripts rely on them."""

    DONE = 0
    UNEXPECTED = 1
    USAGE = 2
    KEY = 3
    NO_JOB = 4
    FAILED = 5
    REJECTED = 6
    PATIENCE = 7
    UNCONFIRMED = 8
    INTERRUPTED = 130


EXIT_TABLE = """\
exit codes:
  0    done
  1    unexpected, or the store cannot be used
  2    wrong usage or configuration
  3    no API key, or Whisul refused it
  4    no such job, or it has expired
  5    the job failed
  6    Whisul rejected the prompt
  7    Whisul unreachable, or still limiting, when the patience ended
  8    sent, but it is not known whether Whisul took it
  130  interrupted; the line that resumes is on standard error
With several jobs the first one that did not end well decides, in the order given."""

_BY_STATE = {
    JobState.COMPLETED: Exit.DONE,
    JobState.RUNNING: Exit.DONE,
    JobState.HELD: Exit.PATIENCE,
    JobState.SENDING: Exit.PATIENCE,
    JobState.FAILED: Exit.FAILED,
    JobState.REJECTED: Exit.REJECTED,
    JobState.EXPIRED: Exit.NO_JOB,
    JobState.UNCONFIRMED: Exit.UNCONFIRMED,
}


class VerbError(Exception):
    """A verb cannot go on; the message is a sentence for the user, `code` what the program ends with."""

    def __init__(self, sentence: str, code: Exit = Exit.USAGE) -> None:
        super().__init__(sentence)
        self.code = code


def exit_of(jobs: Iterable[Job]) -> Exit:
    """What the states of these jobs say: the first one that did not end well decides; a running one is no failure."""
    return next((code for job in jobs if (code := _BY_STATE[job.state]) is not Exit.DONE), Exit.DONE)
