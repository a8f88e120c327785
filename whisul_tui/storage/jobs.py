"""The book of all jobs: every step, question and mark, over the parts that do the work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from whisul_tui.storage.arranging import Arranging
from whisul_tui.storage.claims import Turn
from whisul_tui.storage.database import Database
from whisul_tui.storage.entering import Entering
from whisul_tui.storage.following import Following
from whisul_tui.storage.kept import Kept
from whisul_tui.storage.kinship import Kinship
from whisul_tui.storage.lookups import Lookups
from whisul_tui.storage.sayings import Sayings
from whisul_tui.storage.submissions import Submissions


class JobStore:
    """What the outbox, the monitor and the screens call; the methods are those of the parts, one transaction each."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.kept = Kept(database)

        entering = Entering(database)
        self.hold = entering.hold
        self.hold_all = entering.hold_all
        self.take_back = entering.take_back
        self.take_back_last = entering.take_back_last
        self.spent = entering.spent

        kinship = Kinship(database)
        self.lineage = kinship.lineage
        self.family = kinship.family
        self.place_in_family = kinship.place_in_family
        self.template = kinship.template

        arranging = Arranging(database)
        self.waiting = arranging.waiting
        self.pause = arranging.pause
        self.resume = arranging.resume
        self.move = arranging.move
        self.reword = arranging.reword
        self.paused = arranging.paused

        submissions = Submissions(database)
        self.release = submissions.release
        self.leaving = submissions.leaving
        self.accepted = submissions.accepted
        self.held_again = submissions.held_again
        self.let_go = submissions.let_go
        self.unconfirmed = submissions.unconfirmed
        self.rejected = submissions.rejected
        self.orphaned = submissions.orphaned
        self.confirm = submissions.confirm
        self.recover = submissions.recover

        following = Following(database)
        self.still_running = following.still_running
        self.settled = following.settled
        self.expired = following.expired
        self.poll_failed = following.poll_failed
        self.ask_now = following.ask_now
        self.ask_again = following.ask_again
        self.renewed = following.renewed
        self.star = following.star
        self.forget = following.forget
        self.restore = following.restore
        self.last_forgotten = following.last_forgotten
        self.claim_telling = following.claim_telling

        sayings = Sayings(database)
        self.tag = sayings.tag
        self.write_note = sayings.write_note
        self.known_tags = sayings.known_tags

        lookups = Lookups(database)
        self.get = lookups.get
        self.find = lookups.find
        self.same_prompt_since = lookups.same_prompt_since
        self.counts = lookups.counts
        self.open_jobs, self.open_states = lookups.open_jobs, lookups.open_states
        self.usual_seconds = lookups.usual_seconds

    @contextmanager
    def turn(self, *, durable: bool = True) -> Iterator[Turn]:
        """One short transaction in which the loop decides and claims; nothing slow may happen inside.

        `durable`: as of `Database.write`.
        """
        with self.database.write(durable=durable) as connection:
            yield Turn(connection, self.database.clock())
