"""The monitor's steps of a job, from running to its end, and the user's marks; each one transaction."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from whisul_tui.domain.job import JobState
from whisul_tui.domain.song import Song
from whisul_tui.domain.times import to_epoch
from whisul_tui.storage.database import Database
from whisul_tui.storage.rows import sort_name, storable
from whisul_tui.storage.taken_off import STAR, remember

_STILL_RUNNING = """
UPDATE jobs SET seen_at = :now, due_at = :due_at, started_at = coalesce(:started_at, started_at),
  remote_status = :remote_status WHERE number = :number AND state = 'running'"""
_SETTLED = """
UPDATE jobs SET state = :state, changed_at = :now, seen_at = :now, due_at = NULL, remote_status = NULL,
  message = :message, started_at = coalesce(:started_at, started_at), finished_at = coalesce(:finished_at, finished_at)
WHERE number = :number AND state = 'running' RETURNING (SELECT text FROM prompts WHERE id = prompt)"""
_SONG = """
UPDATE jobs SET title = :title, bpm = :bpm, seconds = :seconds, song_url = :song_url, image_url = :image_url,
  tags = :tags, sort_name = :sort_name WHERE number = :number"""
_EXPIRED = """
UPDATE jobs SET state = 'expired', changed_at = :now, seen_at = :now, due_at = NULL, remote_status = NULL,
  message = :message WHERE number = :number AND state IN ('running', 'completed', 'failed')"""
_LINKS = """
UPDATE jobs SET song_url = :song_url, image_url = :image_url WHERE number = :number AND state = 'completed'"""
_ASK_AGAIN = """
UPDATE jobs SET asked_at = :now WHERE number = :number AND state = 'completed'
  AND coalesce(asked_at <= :now - :floor OR asked_at > :now + :floor, TRUE)"""
_POLL_FAILED = "UPDATE jobs SET due_at = :due_at WHERE number = :number AND state = 'running'"
_ASK_NOW = """
UPDATE jobs SET due_at = max(:now, coalesce(min(asked_at, :now) + :floor, :now))
WHERE number = :number AND state = 'running'"""
_STAR = "UPDATE jobs SET starred = :on WHERE number = :number"
_FORGET = """
UPDATE jobs SET forgotten_at = :now WHERE number IN (SELECT value FROM json_each(:numbers))
  AND forgotten_at IS NULL AND state NOT IN ('held', 'sending') RETURNING number"""
_RESTORE = """
UPDATE jobs SET forgotten_at = NULL WHERE number IN (SELECT value FROM json_each(:numbers))
  AND forgotten_at IS NOT NULL RETURNING number"""

_TELL = "UPDATE jobs SET told = :state WHERE number = :number AND state = :state AND told IS NOT :state"
_LAST_FORGOTTEN = """
SELECT number FROM jobs WHERE forgotten_at = (SELECT max(forgotten_at) FROM jobs WHERE forgotten_at IS NOT NULL)"""


class Following:
    """The steps of a running job and the marks of any; see `JobStore` for all steps of a job."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def still_running(
        self,
        number: int,
        now: float,
        *,
        due_at: float,
        started_at: datetime | None = None,
        remote_status: str | None = None,
    ) -> bool:
        """It was seen running; it is due again at `due_at`. `remote_status`: an unknown status as it came."""
        return self._step(
            _STILL_RUNNING,
            number,
            now=now,
            due_at=due_at,
            started_at=to_epoch(started_at),
            remote_status=None if remote_status is None else storable(remote_status),
        )

    def settled(
        self,
        number: int,
        state: JobState,
        now: float,
        *,
        song: Song | None = None,
        message: str | None = None,
        started_at: datetime | None = None,
        finished_at: datetime | None = None,
    ) -> bool:
        """It is completed or failed, as Whisul said; raises ValueError for any other state."""
        if state not in (JobState.COMPLETED, JobState.FAILED):
            raise ValueError(f"a job cannot settle as {state}")
        values = {
            "number": number,
            "state": state.value,
            "now": now,
            "message": None if message is None else storable(message),
            "started_at": to_epoch(started_at),
            "finished_at": to_epoch(finished_at),
        }
        with self._database.write() as connection:
            rows = connection.execute(_SETTLED, values).fetchall()
            if rows and song is not None:
                connection.execute(_SONG, {"number": number, **_song_values(song, rows[0][0])})
        return bool(rows)

    def expired(self, number: int, now: float, message: str) -> bool:
        """Whisul no longer knows it (404); song, times and all that was learnt before are kept."""
        return self._step(_EXPIRED, number, now=now, message=storable(message))

    def poll_failed(self, number: int, now: float, due_at: float) -> bool:
        """No answer came (5xx, time-out, lost): it is asked again at `due_at`."""
        return self._step(_POLL_FAILED, number, now=now, due_at=due_at)

    def ask_now(self, number: int, now: float, floor: float) -> bool:
        """The user wants to know: a running job is due at once, but never within `floor` seconds of the last time."""
        return self._step(_ASK_NOW, number, now=now, floor=floor)

    def ask_again(self, number: int, now: float, floor: float) -> bool:
        """Whether a completed job, not asked for by anyone within `floor` seconds, is mine to ask for."""
        return self._step(_ASK_AGAIN, number, now=now, floor=floor)

    def renewed(self, number: int, song: Song) -> bool:
        """The links of a completed job are these now; all else stays as it was learnt first."""
        values = _song_values(song, "")
        return self._step(_LINKS, number, song_url=values["song_url"], image_url=values["image_url"])

    def star(self, number: int, on: bool) -> bool:
        """Sets or takes off the star; False when there is no such job."""
        with self._database.write() as connection:
            is_there = connection.execute(_STAR, {"number": number, "on": int(on)}).rowcount == 1
            off, back = ((), (STAR,)) if on else ((STAR,), ())
            remember(connection, number, self._database.clock(), off=off, on=back)
        return is_there

    def forget(self, numbers: Sequence[int], now: float) -> list[int]:
        """Hides jobs and returns the numbers that were hidden, for `restore`.

        Held and sending ones stay: what is not seen must not be sent. A running one is still followed to its end.
        """
        return self._mark(_FORGET, numbers, now)

    def restore(self, numbers: Sequence[int]) -> list[int]:
        """Shows forgotten jobs again and returns the numbers that came back."""
        return self._mark(_RESTORE, numbers, None)

    def last_forgotten(self) -> list[int]:
        """The numbers that were hidden together last, of those that still are; in whichever program that was."""
        return [row[0] for row in self._database.query(_LAST_FORGOTTEN)]

    def claim_telling(self, number: int, state: JobState) -> bool:
        """Whether it is mine to run on_event for a job that has come to this end: true for one program alone."""
        with self._database.write(durable=False) as connection:
            return connection.execute(_TELL, {"number": number, "state": state.value}).rowcount == 1

    def _step(self, sql: str, number: int, **values: object) -> bool:
        with self._database.write() as connection:
            return connection.execute(sql, {"number": number, **values}).rowcount == 1

    def _mark(self, sql: str, numbers: Sequence[int], now: float | None) -> list[int]:
        with self._database.write() as connection:
            rows = connection.execute(sql, {"numbers": json.dumps(list(numbers)), "now": now}).fetchall()
        return sorted(row[0] for row in rows)


def _song_values(song: Song, prompt: str) -> dict[str, object]:
    return {
        "title": None if song.title is None else storable(song.title),
        "bpm": song.bpm,
        "seconds": song.seconds,
        "song_url": None if song.song_url is None else storable(song.song_url),
        "image_url": None if song.image_url is None else storable(song.image_url),
        "tags": storable("\n".join(song.tags)),
        "sort_name": sort_name(song.title, prompt),
    }
