"""What can go wrong with a download. Every message is a sentence for the user.

DownloadError
├── NoLink           the job has no song link
├── LinkDead         403, 404, 410: ask Whisul for the job again, its links may be new
├── NotRenewed       Whisul was asked, or could not be, and there are no others
├── NotDownloadable  what is offered must not be kept
│   ├── UnsafeLink   no https, a bad redirect or too many
│   ├── WrongKind    no song, no cover: an error page, a text
│   └── TooLarge     over the limit, or without end
├── Interrupted      the connection broke or the server failed; what came is kept, and trying again goes on from there
│   └── TooSlow      less than 1 kB a second over a minute
├── AlreadyRunning   another download of the same song is under way
└── NotStored        the folder or the disk refuses
    └── DiskFull     no room; what came is kept
"""

from __future__ import annotations


class DownloadError(Exception):
    """A song or cover that was not kept; the message says why and what to do."""


class NoLink(DownloadError):  # noqa: N818 - a state of the world, named as the user meets it
    """The job has no song link."""


class LinkDead(DownloadError):  # noqa: N818
    """The link answers 403, 404 or 410: the caller may ask for the job anew and try once more."""


class NotRenewed(DownloadError):  # noqa: N818
    """There are no other links to be had."""


class NotDownloadable(DownloadError):  # noqa: N818
    """What is offered under the link must not be kept."""


class UnsafeLink(NotDownloadable):
    """A link or redirect that is not followed."""


class WrongKind(NotDownloadable):
    """The first bytes are those of no song or no cover."""


class TooLarge(NotDownloadable):
    """More bytes than a song or a cover may have."""


class Interrupted(DownloadError):  # noqa: N818
    """Broken off; the part that came is kept."""


class TooSlow(Interrupted):
    """Broken off by us, since next to nothing came."""


class AlreadyRunning(DownloadError):  # noqa: N818
    """Someone else is at it."""


class NotStored(DownloadError):  # noqa: N818
    """The folder or the disk refuses."""


class DiskFull(NotStored):
    """There is no room."""
