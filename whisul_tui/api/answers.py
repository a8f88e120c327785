"""What a status code means: an answer as far as it came, and the error it stands for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from whisul_tui.api import waits
from whisul_tui.api.errors import BadReply, KeyRefused, Limited, NotFound, Rejected, Unavailable, WhisulError
from whisul_tui.api.wire import read_message

# 4xx that do not say that the request was refused: a time-out, a twin still under way, a proxy in between.
_UNDECIDED = frozenset({407, 408, 409, 425, 499})


class Answer(NamedTuple):
    """Status, the headers that matter (lower-case names) and the body.

    `lost` says in own words why the body did not arrive, `flaw` why it was not read; the body is then empty.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes = b""
    lost: str = ""
    flaw: str = ""


def problem(answer: Answer, now: float, *, submission: bool) -> WhisulError | None:
    """The error that an answer stands for, or None when its body is to be read.

    A refusal counts even if its body was lost: the status alone decides. `now`: wall clock seconds.
    """
    status = answer.status
    if 200 <= status < 300:
        return _unreadable(answer)
    if status in (401, 403):
        return KeyRefused(status=status)
    if status == 429:
        return Limited(waits.retry_after(answer.headers, now))
    if status in (404, 410) and not submission:
        return NotFound(status=status)
    if status in (404, 405, 410) and submission:
        return NotFound(_NO_SUCH_CALL, status=status)
    if status >= 500 or status in _UNDECIDED:
        return Unavailable(sent=True, status=status)
    if status in (400, 413, 422) or (submission and 400 <= status < 500):
        return Rejected(read_message(answer.body), status=status)
    if 300 <= status < 400:
        return BadReply(f"it sends elsewhere ({status}), which is not followed because of the key", status=status)
    return BadReply(f"it has the status {status}", status=status)


_NO_SUCH_CALL = (
    "This address takes no songs (404): it knows neither /generate nor /compose. "
    "Check base_url in the settings or WHISUL_BASE_URL."
)


def _unreadable(answer: Answer) -> WhisulError | None:
    if answer.lost:
        return Unavailable(sent=True, status=answer.status, reason=answer.lost)
    if answer.flaw:
        return BadReply(answer.flaw, status=answer.status)
    return None
