"""The filter language looked at job by job, without any database: what the store's own way is compared with."""

from __future__ import annotations

from whisul_tui.domain import Job
from whisul_tui.domain.job_filter import Term


def naive(job: Job, term: Term) -> bool:
    """Whether the term holds, looked at without any database."""
    song = job.song
    if term.field == "text":
        texts = (job.prompt, (song and song.title) or "", *(song.tags if song else ()), *job.own_tags, job.note or "")
        held = any(term.text.casefold() in text.casefold() for text in texts)
    elif term.field == "tag":
        tags = (*(song.tags if song else ()), *job.own_tags)
        held = any(term.text.casefold() in tag.casefold() for tag in tags)
    elif term.field == "state":
        held = job.state in term.states
    elif term.field == "is":
        held = job.starred
    else:
        figure = {
            "bpm": song.bpm if song else None,
            "length": song.seconds if song else None,
            "family": job.family,
            "since": job.created_at.timestamp(),
            "before": job.created_at.timestamp(),
        }[term.field]
        held = figure is not None and (term.low is None or figure >= term.low)
        held = held and (term.high is None or (figure is not None and figure <= term.high))
    return held is not term.without
