"""The gate of an account: what is remembered about when its next request may leave. Its rules are `jobs.pacing`."""

from __future__ import annotations

from typing import NamedTuple


class Gate(NamedTuple):
    """One account's gate and learnt pace. Times are seconds since 1970 (wall clock), rates are requests a second.

    `until`: closed up to then. `refusals`: 429s in a row. `half`: one probe alone may leave until it is answered;
    `probe_until`: the lease of the probe that is out. `errors`: 5xx and lost connections in a row. `closed_at`: when it
    closed last (answers to requests sent before do not count again). `rate`: learnt pace, None while unknown;
    `tentative`: not trusted yet. `slot`: when the next request of the learnt pace may leave. `epoch`: counts the cuts,
    so that held slots become void. `accepts`: (second, count) of accepted requests of the last minute.
    `reason`: why it is closed: "", "limited", "offline". `refused_key`: the key was refused (401), all stops.
    """

    until: float = 0.0
    refusals: int = 0
    half: bool = False
    probe_until: float = 0.0
    errors: int = 0
    closed_at: float = 0.0
    rate: float | None = None
    tentative: bool = True
    cut_at: float = 0.0
    slot: float = 0.0
    grown_at: float = 0.0
    epoch: int = 0
    learnt_at: float = 0.0
    accepts: tuple[tuple[int, int], ...] = ()
    reason: str = ""
    refused_key: bool = False
