"""Toasts that end: with one whose time is over while it is being mounted Textual would stand still for ever."""

from __future__ import annotations

from textual.app import App
from textual.notifications import Notification, Notify, SeverityLevel

_SHORTEST = 0.001  # seconds


class Toasting(Notification):
    """A notification that has some time left at whatever moment it is asked, and knows all the same when it is over.

    Textual looks whether it is over, and takes the time that is left for a timer some milliseconds later; with less
    than none, that timer counts backwards without end, and nothing else runs any more.
    """

    @property
    def time_left(self) -> float:
        """Seconds until it is over; never none or less."""
        return max(_SHORTEST, super().time_left)

    @property
    def has_expired(self) -> bool:
        """Whether it is over."""
        return super().time_left <= 0


class Toasts(App[int]):
    """Notifies by such ones."""

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = True,
    ) -> None:
        """Shows a toast, for `timeout` seconds or the app's own; see `App.notify`."""
        seconds = self.NOTIFICATION_TIMEOUT if timeout is None else timeout
        self.post_message(Notify(Toasting(message, title, severity, seconds, markup)))
