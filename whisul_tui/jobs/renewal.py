"""The links of a finished song anew: one question to Whisul, through the account's gate like any other."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from random import Random

from whisul_tui.api.errors import NotFound, WhisulError
from whisul_tui.domain.job import Job, JobState
from whisul_tui.domain.song import Song
from whisul_tui.jobs.gate_rules import Answer, Answered
from whisul_tui.jobs.owners import this_process
from whisul_tui.jobs.pacing import Decision, Pace, Pick, Scene, decide
from whisul_tui.jobs.passage import Passage, Terms
from whisul_tui.jobs.ports import Client, Clock, Report, Store
from whisul_tui.jobs.rhythm import Rhythm

PATIENCE = 30.0  # seconds until the gate lets the question pass


class RenewalError(Exception):
    """There are no other links to be had, or not now; the message says why."""


class Renewal:
    """Asks for jobs that are completed; `gate` names the account's gate. One question a job within the rhythm's floor.

    What Whisul answers is written to the store: the links, or that it no longer knows the job.
    """

    def __init__(
        self,
        store: Store,
        client: Client,
        *,
        account: str,
        gate: str,
        rhythm: Rhythm,
        clock: Clock = time.time,
        patience: float = PATIENCE,
    ) -> None:
        random = Random()  # noqa: S311 - spreads retries, keeps no secret
        self._passage = Passage(store, Terms(account, rhythm, this_process(), clock, random), gate)
        self._store, self._client = store, client
        self._clock, self._rhythm, self._patience = clock, rhythm, patience

    async def ask(self, job: Job) -> Job:
        """The job with its links as they are now. Raises RenewalError, StoreError."""
        if job.job_id is None or job.song is None or job.state is not JobState.COMPLETED:
            raise RenewalError("Whisul cannot be asked for it.")
        decision = await self._pass_gate(job)
        sent_at = self._clock()
        try:
            report = await self._client.job(job.job_id)
        except WhisulError as error:
            write = self._expired(job, error) if isinstance(error, NotFound) else None
            self._passage.enter_error(error, sent_at, probe=decision.probe, write=write)
            self._write()
            raise RenewalError(error.sentence) from error
        except BaseException:
            self._passage.enter(None, probe=decision.probe)
            self._write()
            raise
        song = _renewed(job.song, report)
        answer = Answer(Answered.SERVED, sent_at, pause=report.pause)
        number = job.number
        write_song = None if song is None else (lambda: self._store.renewed(number, song))
        self._passage.enter(answer, probe=decision.probe, write=write_song)
        self._write()
        if song is None:
            raise RenewalError("Whisul gives no link to it any more.")
        return job._replace(song=song)

    async def _pass_gate(self, job: Job) -> Decision:
        """Waits for the gate's leave, for as long as patience lasts."""
        pace, until = Pace(), self._clock() + self._patience
        while True:
            with self._passage.turn() as opened:
                now = opened.turn.now
                decision = decide(opened.gate, Scene(0.0, False), pace, self._rhythm, now)
                leaves = decision.pick is Pick.POLL
                if leaves and not self._store.ask_again(job.number, now, self._rhythm.poll_min_seconds):
                    raise RenewalError("Whisul was asked for it a moment ago.")
                opened.gate, pace = decision.gate, decision.pace
            if leaves:
                return decision
            if opened.gate.refused_key:
                raise RenewalError("Whisul refuses the key.")
            if decision.until is None or decision.until > until:
                raise RenewalError("Whisul takes no requests just now.")
            await asyncio.sleep(max(0.05, decision.until - now))

    def _expired(self, job: Job, error: WhisulError) -> Callable[[], object]:
        return lambda: self._store.expired(job.number, self._clock(), error.sentence)

    def _write(self) -> None:
        with self._passage.turn():
            pass


def _renewed(song: Song, report: Report) -> Song | None:
    """The song under its links of now; what it is called stays as the user knows it."""
    new = report.song
    if new is None or new.song_url is None:
        return None
    return song._replace(song_url=new.song_url, image_url=new.image_url or song.image_url)
