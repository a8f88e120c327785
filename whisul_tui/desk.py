"""What every screen works with, handed to it when it is made: so that none of them needs to know the app."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from textual.signal import Signal

from whisul_tui.messages import JobsChanged

if TYPE_CHECKING:
    from whisul_tui.session import Session


def utc_now() -> datetime:
    """Now, as an aware datetime in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Desk:
    """The open session, the signal that tells of changed jobs, the clock, and whether signs may be Unicode."""

    session: Session
    changed: Signal[JobsChanged]
    now: Callable[[], datetime] = utc_now
    unicode: bool = True
