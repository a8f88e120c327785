"""What can go wrong around the studio."""

from __future__ import annotations


class StudioError(Exception):
    """The studio cannot be started, found or used; the message is a sentence with the mend, for the user."""
