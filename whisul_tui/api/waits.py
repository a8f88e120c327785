"""How long Whisul asks for silence: the headers Retry-After and RateLimit, in seconds from now."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime

LONGEST = 3600.0  # an hour: more is taken for a mistake, or for malice
_SECONDS = re.compile(r"\s*([0-9]{1,12})\s*\Z")
_POLICY = re.compile(r'(?:"[^"]*"|[^",])+')
_REMAINING_NONE = re.compile(r";\s*r=0\s*(?:;|\Z)")
_RESET = re.compile(r";\s*t=([0-9]{1,12})\s*(?:;|\Z)")
_QUOTED = re.compile(r'"[^"]*"')


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """The wait after a 429: Retry-After, which wins, else RateLimit; None for absent or malformed ones.

    `headers` have lower-case names; `now`: wall clock seconds, for a date where the answer has no Date of its own.
    """
    text = headers.get("retry-after", "")
    if match := _SECONDS.match(text):
        return min(float(match[1]), LONGEST)
    if (until := _moment(text)) is not None:
        start = _moment(headers.get("date", ""))
        return min(max(0.0, until - (now if start is None else start)), LONGEST)
    return pause(headers)


def pause(headers: Mapping[str, str]) -> float | None:
    """The seconds until requests are allowed again when `RateLimit` says that none remain (`"x";r=0;t=30`), or None."""
    waits = []
    for policy in _POLICY.findall(headers.get("ratelimit", "")[:1000]):
        parameters = _QUOTED.sub("", policy)
        reset = _RESET.search(parameters)
        if reset and _REMAINING_NONE.search(parameters):
            waits.append(min(float(reset[1]), LONGEST))
    return max(waits, default=None)


def _moment(date: str) -> float | None:
    try:
        moment = parsedate_to_datetime(date[:100])
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
