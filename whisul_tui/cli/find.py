"""Finding the jobs that a command line names."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from whisul_tui.cli.exits import Exit, VerbError
from whisul_tui.domain import Job
from whisul_tui.domain.clean import clean_line
from whisul_tui.domain.saved_filter import expanded, read_filter_text
from whisul_tui.settings import Settings
from whisul_tui.storage.database import Database
from whisul_tui.storage.errors import JobAmbiguous, JobNotFound
from whisul_tui.storage.jobs import JobStore
from whisul_tui.storage.kept import Kept


def add_jobs(parser: argparse.ArgumentParser, *, many: bool) -> None:
    """The JOB argument."""
    told = "a job id, or an unambiguous beginning of one"
    if many:
        parser.add_argument("job", metavar="JOB", nargs="+", help=told)
    else:
        parser.add_argument("job", metavar="JOB", help=told)


def find_jobs(store: JobStore | None, ids: Sequence[str]) -> list[Job]:
    """The jobs of these ids, each once, in the order given; raises VerbError for one that is unknown or unclear."""
    found: dict[int, Job] = {}
    for text in ids:
        try:
            job = _find(store, text)
        except JobAmbiguous as error:
            raise VerbError(f"{error} Give more of the id.") from None
        except JobNotFound:
            raise VerbError(
                f"There is no job {clean_line(text, 60)!r} in this store. `whisul-tui jobs` lists those that there are;"
                " jobs of another machine, or of another --data-dir, are not known here.",
                Exit.NO_JOB,
            ) from None
        found[job.number] = job
    return list(found.values())


def searched(database: Database, text: str) -> str:
    """The filter of `--search`, each `@name` replaced by the saved filter of that name."""
    if "@" not in text:
        return text
    texts = Kept(database).texts("filter")
    return expanded(text, {name: saved for name, kept in texts.items() if (saved := read_filter_text(kept))})


def check_account(jobs: Sequence[Job], settings: Settings) -> None:
    """Raises VerbError for a job that another account's key is needed for."""
    for job in jobs:
        if job.account != settings.profile.account and not job.state.is_final:
            name, _, host = job.account.partition("@")
            raise VerbError(
                f"The job {job.short_id} belongs to the profile {name} at {host}, and {settings.profile.account} is"
                f" in force. Add --profile {name}."
            )


def _find(store: JobStore | None, text: str) -> Job:
    if store is None:
        raise JobNotFound
    return store.find(text)
