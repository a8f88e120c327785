"""The song a prompt wants to start from, looked up in the book."""

from __future__ import annotations

from starlette.exceptions import HTTPException

from whisul_tui.studio.asking import Asking
from whisul_tui.studio.book import Book

_LONGEST = 50  # songs made from each other; further back nothing of the first is left


def find_origin(book: Book, asking: Asking) -> str | None:
    """The id of the job a song is to be made from, or None; raises HTTPException 400 with the message for the client.

    `same song` where nothing was made yet is a prompt like any other.
    """
    if asking.origin is None:
        return None
    if not asking.origin:
        job = book.newest()
    else:
        found = book.beginning(asking.origin)
        if len(found) > 1:
            raise HTTPException(400, f"Several jobs begin with {asking.origin}: write more of the id.")
        if not found:
            raise HTTPException(400, f"The studio has made no job {asking.origin}: there is nothing to start from.")
        job = found[0]
        if job.status == "failed":
            raise HTTPException(400, f"The job {asking.origin} failed: there is no song to start from.")
    if job is not None and len(book.origins(job)) >= _LONGEST:
        raise HTTPException(400, f"That song is the {_LONGEST}th made from another: start from an earlier one.")
    return job.id if job else None
