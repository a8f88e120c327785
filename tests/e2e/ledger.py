"""The books compared: what the store says of every prompt, and what the studio saw arrive."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.e2e.partner import Partner, Request
from tests.e2e.places import Place

READ_SECONDS = 1.0  # an answer that was out so long before the kill was read, on however busy a machine
_LOST = ("lost202", "garbage")  # faults that leave the client without a usable answer
KNOWN = ("running", "completed", "failed", "expired")


@dataclass
class Verdict:
    """Counts of prompts by their fate, and a sentence for every breach of the promise."""

    fates: Counter[str] = field(default_factory=Counter)
    breaches: list[str] = field(default_factory=list)


def judge(
    place: Place,
    studio: Partner,
    entered: Iterable[str],
    killed: Mapping[int, float],
    *,
    read_seconds: float = READ_SECONDS,
) -> Verdict:
    """`entered`: the prompts that Enter was pressed for; `killed`: when each process was killed, by its pid."""
    verdict = Verdict()
    rows = place.jobs()
    posts = [request for request in studio.submissions() if request.job_id]
    by_prompt = {request.prompt: request for request in posts}
    ids = {row["job_id"]: row for row in rows if row["job_id"]}
    for prompt in studio.posted_twice():
        verdict.breaches.append(f"sent twice: {prompt!r}")
    for row in rows:
        fate = _fate(row, by_prompt.get(row["text"]), killed, verdict, read_seconds)
        verdict.fates[fate] += 1
    unconfirmed = {row["text"] for row in rows if row["state"] == "unconfirmed"}
    for request in posts:
        if request.job_id not in ids and request.prompt not in unconfirmed:
            verdict.breaches.append(f"accepted and missing: {request.job_id} {request.prompt!r}")
    stored = {row["text"] for row in rows}
    for prompt in set(entered) - stored:
        verdict.fates["killed before it was held"] += 1
        if prompt in by_prompt:
            verdict.breaches.append(f"sent before it was stored: {prompt!r}")
    for row in place.rows("PRAGMA integrity_check"):
        if row["integrity_check"] != "ok":
            verdict.breaches.append(f"the store is damaged: {row['integrity_check']}")
    return verdict


def _fate(
    row: dict[str, Any], post: Request | None, killed: Mapping[int, float], verdict: Verdict, read_seconds: float
) -> str:
    state, prompt = row["state"], row["text"]
    if state in KNOWN:
        if post is None or post.job_id != row["job_id"]:
            verdict.breaches.append(f"stored under an id that the studio never gave it: {prompt!r}")
        return f"accepted, {state}"
    if state != "unconfirmed":
        verdict.breaches.append(f"left {state} at the end: {prompt!r}")
        return f"left {state}"
    if post is None:
        return "unconfirmed: it never arrived"
    if post.fault in _LOST:
        return "unconfirmed: accepted, the answer was lost on the way"
    end = killed.get(row["claim_pid"])
    if end is None:
        told = f"{row['message']!r}, by {row['claim_pid']}, answered {post.status} in {post.seconds:.1f} s"
        verdict.breaches.append(
            f"unconfirmed though nobody was killed: {prompt!r} ({told}, {post.fault or 'no fault'})"
        )
    elif post.time + post.seconds + read_seconds < end:
        late = end - post.time - post.seconds
        verdict.breaches.append(f"its answer was out {late:.1f} s before the kill: {prompt!r}")
    return "unconfirmed: accepted, killed before the answer was read"
