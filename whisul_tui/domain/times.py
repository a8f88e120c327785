"""Times of the domain: aware datetimes in UTC, from and to the forms that the API and the store use."""

from __future__ import annotations

from datetime import UTC, datetime

API_FORMAT = "%Y-%m-%d %H:%M:%S"


def parse_api_time(text: object) -> datetime | None:
    """An API stamp `YYYY-MM-DD HH:MM:SS` (UTC, ISO forms tolerated) as an aware datetime, None for anything else."""
    if not isinstance(text, str) or not 8 <= len(text) <= 40:
        return None
    try:
        moment = datetime.fromisoformat(text.strip())
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def from_epoch(seconds: float | None) -> datetime | None:
    """Seconds since 1970 as an aware datetime in UTC; None stays None."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def to_epoch(moment: datetime | None) -> float | None:
    """An aware datetime as seconds since 1970; None stays None."""
    return None if moment is None else moment.timestamp()
