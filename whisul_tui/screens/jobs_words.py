"""What the Jobs screen says by itself: which keys matter for the job in hand, and what an empty table means."""

from __future__ import annotations

from collections.abc import Mapping

from whisul_tui.domain import Job, JobState
from whisul_tui.keymap import KEYS, keys_in_force, show_key
from whisul_tui.storage.windows import View

_TABLE = ("search", "sort", "failed", "mark")
_SETTLED = ("open", "screen.write", "again", "edit", "forget", *_TABLE)
_HINTS: dict[JobState, tuple[str, ...]] = {
    JobState.HELD: ("undo", "open", "screen.write", "edit", *_TABLE),
    JobState.SENDING: ("open", "screen.write", "edit", *_TABLE),
    JobState.UNCONFIRMED: ("open", "screen.write", "again", "known_id", "edit", "forget", *_TABLE),
    JobState.RUNNING: ("open", "screen.write", "refresh", "edit", *_TABLE),
    JobState.COMPLETED: ("open", "screen.write", "listen.here", "copy", "download", "again", "edit", "star", *_TABLE),
    JobState.FAILED: _SETTLED,
    JobState.REJECTED: ("open", "screen.write", "edit", "forget", *_TABLE),
    JobState.EXPIRED: _SETTLED,
}
_MARKED = ("back", "again", "download", "copy", "star", "forget", "mark", "mark.all")


def hints_for(job: Job | None, *, marks: int, page: bool, typing: bool, any_jobs: bool) -> tuple[str, ...]:
    """The ids of the keys that the bottom line names; while a search is typed, letters are only letters."""
    if typing:
        return ("back",)
    if marks:
        return _MARKED
    if job is None:
        return ("back", "search", "failed", "screen.write") if any_jobs else ("screen.write", "palette")
    if page:
        return ("back", *(name for name in _HINTS[job.state] if name not in ("open", *_TABLE)))
    return _HINTS[job.state]


def empty_words(view: View, total: int, keymap: Mapping[str, str], *, looking: bool = False) -> tuple[str, ...]:
    """Why there are no rows, and what to do: the first line is the matter, the others are advice.

    `looking`: there may still be some.
    """

    def key(name: str) -> str:
        return show_key(keys_in_force(KEYS[name], keymap)[0])

    if not total:
        return (
            "No jobs yet",
            f"{key('screen.write')} opens the editor: describe a song, and {key('write.send')} sends it",
            "for example: late night lofi, soft rain, upright bass, 80 bpm",
        )
    if looking:
        return ("looking further back",)
    if view.search.strip():
        among = "no failed job" if view.state else "nothing"
        return (
            f'{among.capitalize()} matches "{" ".join(view.search.split())[:40]}"',
            "prompts, titles and tags are searched; all that is asked for must hold",
            f"{key('back')} clears the search",
        )
    return ("No failed jobs", "nothing has failed here", f"{key('failed')} shows all jobs again")
