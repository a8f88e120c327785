"""The times that pacing goes by: how often a job is asked, how long a refusal is waited out."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from whisul_tui.domain.gate import Gate

RETRY_AFTER_LIMIT = 3600.0  # a longer Retry-After is a broken clock or a joke
NOT_FOUND_AGE = 60.0  # a job younger than this may not have reached every server of Whisul's yet
NOT_FOUND_TRIES = 2  # so a 404 of it is doubted so many times
BURST_RATE = 50.0  # polls a second; more leave in bursts
CROWD_RATE = 20.0  # polls a second: jobs that would be more at the floor are asked less often, up to the ceiling


@dataclass(frozen=True, slots=True)
class Rhythm:
    """A profile's poll interval, and the waits that Whisul's documents ask of every client; all in seconds.

    The poll interval of a loopback profile is shorter, and what hangs on it (the first poll, `young`, `urgent`) shrinks
    with it; the waits after a 429 and after a failure do not. `in_flight` bounds one process' requests, and
    `submissions_in_flight` those that are submissions: slow ones must not keep due polls from leaving.
    """

    poll_min_seconds: float = 5.0
    poll_max_seconds: float = 10.0
    waits: tuple[float, ...] = (5.0, 10.0, 20.0, 40.0, 60.0)
    jitter: float = 0.1
    error_wait: tuple[float, float] = (10.0, 30.0)
    probe_seconds: float = 35.0  # over the client's own deadline, so that a probe is answered before another leaves
    in_flight: int = 4
    submissions_in_flight: int = 3

    def __post_init__(self) -> None:
        if not 0 < self.poll_min_seconds <= self.poll_max_seconds:
            raise ValueError("poll_min_seconds must be above 0 and not above poll_max_seconds.")

    @property
    def young(self) -> float:
        """Age up to which a job is asked at the slower of the two speeds: few end before it (45 s at 10 s)."""
        return 4.5 * self.poll_max_seconds

    @property
    def urgent(self) -> float:
        """A job unobserved for so long is asked even before a waiting submission (60 s at 10 s)."""
        return 6 * self.poll_max_seconds

    @property
    def margin(self) -> float:
        """What the slower speed leaves for waking up and connecting: the server too must see the ceiling kept."""
        return min(0.25, 0.03 * self.poll_max_seconds)

    def burst_pause(self, running: int) -> float | None:
        """How long polls may gather that fall due one by one, within the margin; None where they are not that many.

        In bursts they cost two thirds of the processor's time, but a key that meets one waits longer.
        """
        return 0.6 * self.margin if running > BURST_RATE * self.poll_max_seconds else None

    @property
    def lease(self) -> float:
        """How long a claimed poll is its claimant's: as long as a job may go unasked, so that nobody's death is felt,
        and always longer than the floor."""
        return max(self.poll_max_seconds, 1.5 * self.poll_min_seconds)

    @property
    def stale_claim(self) -> float:
        """A claim that did not leave within this is not used any more: its process was stopped in between, and might
        ask within the floor of whoever is first when the lease has run out."""
        return min(2.0, (self.lease - self.poll_min_seconds) / 2)

    @property
    def refresh_floor(self) -> float:
        """The floor of a poll that the user asks for while another process may be asking: it counts from that claim,
        and must hold as the server sees it even when that request took a moment to connect."""
        return 1.05 * self.poll_min_seconds

    def first_poll(self, accepted_at: float) -> float:
        """When a job that was just accepted is asked for the first time."""
        return accepted_at + max(self.poll_min_seconds, self.poll_max_seconds - self.margin)

    def is_crowd(self, running: int) -> bool:
        """Whether so many jobs, each asked at the floor, are more than `CROWD_RATE`."""
        return running > CROWD_RATE * self.poll_min_seconds

    def next_poll(self, accepted_at: float, asked_at: float, now: float, running: int = 1) -> float:
        """When a job that was still running is asked again: asked at `asked_at`, the answer came at `now`.

        The floor counts from the answer, the ceiling from the question: so both hold whatever the latency was.
        `running`: how many jobs share the asking.
        """
        floor, ceiling = now + self.poll_min_seconds, asked_at + self.poll_max_seconds - self.margin
        if now - accepted_at + self.poll_min_seconds < self.young:
            return max(floor, ceiling)
        return max(floor, min(ceiling, asked_at + running / CROWD_RATE))

    def after_refusal(self, asked_at: float, now: float) -> float:
        """When a poll that met a 429 is due again: at once, behind the gate, the job's own floor kept."""
        return max(now, asked_at + self.poll_min_seconds)

    def after_error(self, now: float, random: Random) -> float:
        """When a request that failed may be tried again: 10 to 30 s later, so that clients do not march in step."""
        return now + random.uniform(*self.error_wait)

    def refusal_wait(self, refusals: int) -> float:
        """The wait after so many 429s in a row: 5, 10, 20, 40, 60, 60 ... s."""
        return self.waits[min(max(refusals, 1), len(self.waits)) - 1]


def opens_at(gate: Gate) -> float:
    """When the gate lets the next request out at the earliest; a probe that is out keeps it shut for its lease."""
    return max(gate.until, gate.probe_until) if gate.half else gate.until
