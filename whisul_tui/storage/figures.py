"""An account's figures for the dashboard: per day, by tag, how long the last songs took, and all requests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import median

from whisul_tui.domain.job import JobState
from whisul_tui.storage.database import Database

_MOST = 20_000  # jobs that are looked at: the newest
_TAGGED = 2_000  # songs whose tags are counted
_SENT = """
SELECT sent_at, state, sort_elapsed FROM jobs WHERE account = ? AND sent_at >= ? ORDER BY sent_at DESC LIMIT ?"""
_TIMES = """
SELECT sort_elapsed FROM jobs WHERE account = ? AND state = 'completed' AND sort_elapsed >= 0
ORDER BY finished_at DESC LIMIT ?"""
_TAGS = """
SELECT tags, own_tags FROM jobs WHERE account = ? AND state = 'completed' ORDER BY finished_at DESC LIMIT ?"""
_LOST = (JobState.FAILED, JobState.REJECTED, JobState.EXPIRED)


@dataclass(slots=True)
class Day:
    """One day: prompts sent, songs, what came to nothing, seconds a song took (median), requests, 429s among them."""

    day: date
    sent: int = 0
    songs: int = 0
    lost: int = 0
    seconds: float | None = None
    requests: int = 0
    limited: int = 0

    @property
    def success(self) -> float | None:
        """Songs among what has ended, from 0 to 1; None while nothing has."""
        return self.songs / (self.songs + self.lost) if self.songs + self.lost else None


@dataclass(frozen=True, slots=True)
class Figures:
    """The days, newest first; seconds of the last songs, oldest first; tags with how many songs have them."""

    days: tuple[Day, ...]
    times: tuple[float, ...] = ()
    tags: Mapping[str, int] = field(default_factory=dict)
    own_tags: Mapping[str, int] = field(default_factory=dict)


def figures(database: Database, account: str, *, now: datetime, days: int, songs: int = 40) -> Figures:
    """The figures of the last `days` days of the user's own time zone, and of the last `songs` songs."""
    today = now.astimezone().date()
    told = {today - timedelta(n): Day(today - timedelta(n)) for n in range(days)}
    since = datetime.combine(min(told), datetime.min.time()).astimezone().timestamp()
    took: dict[date, list[float]] = {}
    for sent_at, state, seconds in database.query(_SENT, (account, since, _MOST)):
        day = told.get(datetime.fromtimestamp(sent_at).astimezone().date())
        if day is None:
            continue
        day.sent += 1
        day.songs += state == JobState.COMPLETED
        day.lost += state in _LOST
        if state == JobState.COMPLETED and seconds >= 0:
            took.setdefault(day.day, []).append(seconds)
    for name, seconds in took.items():
        told[name].seconds = median(seconds)
    for name, kind, count in database.query(
        "SELECT day, kind, requests FROM requests WHERE account = ? AND day >= ?", (account, min(told).isoformat())
    ):
        day = told.get(date.fromisoformat(name))
        if day is not None and kind == "all":
            day.requests = count
        elif day is not None and kind == "limited":
            day.limited = count
    times = [row[0] for row in database.query(_TIMES, (account, songs))][::-1]
    theirs: Counter[str] = Counter()
    own: Counter[str] = Counter()
    for tags, own_tags in database.query(_TAGS, (account, _TAGGED)):
        theirs.update((tags or "").split("\n"))
        own.update((own_tags or "").split("\n"))
    for counter in (theirs, own):
        counter.pop("", None)
    return Figures(tuple(told.values()), tuple(times), dict(theirs.most_common(20)), dict(own.most_common(20)))
