"""Which jobs come from which: parents, children, and the family of one expanded prompt."""

# ruff: noqa: S608 - the parts of each statement are constants of this package; values are always bound

from __future__ import annotations

from typing import NamedTuple

from whisul_tui.domain.job import Job
from whisul_tui.storage.database import Database
from whisul_tui.storage.rows import fetch

MOST_KIN = 300
_DEEPEST = 50
_ROOT = f"""
WITH RECURSIVE line (number, parent, depth) AS (
  SELECT number, parent, 0 FROM jobs WHERE number = ?
  UNION ALL
  SELECT jobs.number, jobs.parent, depth + 1 FROM jobs JOIN line ON jobs.number = line.parent WHERE depth < {_DEEPEST}
) SELECT number FROM line ORDER BY depth DESC LIMIT 1"""
_BELOW = f"""
WITH RECURSIVE below (number, depth, path) AS (
  SELECT number, 0, printf('%019d', number) FROM jobs WHERE number IN (SELECT value FROM json_each(?))
  UNION ALL
  SELECT jobs.number, depth + 1, path || printf('%019d', jobs.number) FROM jobs JOIN below ON jobs.parent = below.number
  WHERE depth < {_DEEPEST} LIMIT {MOST_KIN}
) SELECT number, depth FROM below ORDER BY path"""
_FAMILY = f"SELECT number FROM jobs WHERE family = ? ORDER BY number LIMIT {MOST_KIN}"


class Kin(NamedTuple):
    """A job of the tree, `depth` steps below where it begins."""

    job: Job
    depth: int


class Kinship:
    """Reads of jobs that belong together, forgotten ones too; see `JobStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def lineage(self, number: int) -> list[Kin]:
        """The tree of this job: all that come from its first ancestor and from that one's family, parents first."""
        with self._database.snapshot():
            roots = [row[0] for row in self._database.query(_ROOT, (number,))]
            if not roots:
                return []
            beginners = sorted({*roots, *self._beginners(roots[0])})
            depths = {row[0]: row[1] for row in self._database.query(_BELOW, (str(beginners),))}
            return [Kin(job, depths[job.number]) for job in fetch(self._database, list(depths))]

    def family(self, family: int) -> list[Job]:
        """The jobs of a family, in the order in which its prompt made them."""
        return fetch(self._database, [row[0] for row in self._database.query(_FAMILY, (family,))])

    def place_in_family(self, number: int, family: int) -> tuple[int, int]:
        """The how-manieth of how many the job is."""
        sql = "SELECT sum(number <= ?), count(*) FROM jobs WHERE family = ?"
        place, total = self._database.query(sql, (number, family))[0]
        return place or 0, total

    def template(self, family: int) -> str:
        """The text that the family was made of; empty for a batch, and where there is none."""
        rows = self._database.query("SELECT substr(template, 1, 10000) FROM families WHERE id = ?", (family,))
        return str(rows[0][0]) if rows else ""

    def _beginners(self, number: int) -> list[int]:
        rows = self._database.query(
            "SELECT number FROM jobs WHERE family = (SELECT family FROM jobs WHERE number = ?) AND parent IS NULL"
            f" LIMIT {MOST_KIN}",
            (number,),
        )
        return [row[0] for row in rows]
