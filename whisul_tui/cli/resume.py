"""The line that takes up again what was interrupted."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from whisul_tui.cli.call import Call
from whisul_tui.domain import Job
from whisul_tui.storage.errors import JobAmbiguous, JobNotFound
from whisul_tui.storage.jobs import JobStore


def resuming(call: Call, store: JobStore, jobs: Sequence[Job], verb: str = "wait") -> str:
    """The command that follows these jobs further: same profile and folder, ids as short as they are clear."""
    words = ["whisul-tui"]
    if call.args.profile is not None:
        words += ["--local"] if call.args.profile == "local" else ["--profile", call.args.profile]
    if call.args.data_dir is not None:
        words += ["--data-dir", str(call.args.data_dir)]
    return shlex.join([*words, verb, *(_clear_id(store, job) for job in jobs)])


def _clear_id(store: JobStore, job: Job) -> str:
    try:
        return job.short_id if store.find(job.short_id).number == job.number else job.job_id or job.client_id
    except (JobAmbiguous, JobNotFound):
        return job.job_id or job.client_id
