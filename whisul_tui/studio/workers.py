"""Composing processes as the bench starts them: a task in, stages while it works, what was made at the end."""

from __future__ import annotations

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from whisul_tui.domain.clean import clean_line, clean_text
from whisul_tui.studio.spawning import worker_environment

_PATIENCE = 900.0  # seconds a song may take: ten times the longest that was measured
_WORD_LIMIT = 4000  # characters of a worker's last words that are logged
_COMMAND = (sys.executable, "-P", "-m", "whisul_tui.studio.worker")

OnStage = Callable[[str, float], None]


class WorkerError(Exception):
    """A worker ended without what it was asked for; the message is for the log."""


async def run_worker(task: dict[str, Any], on_stage: OnStage) -> dict[str, Any]:
    """What a worker made of its task; `on_stage` hears the stage and the share done. Raises WorkerError.

    Cancelled, it kills the worker, which then has no time to object.
    """
    try:
        process = await asyncio.create_subprocess_exec(
            *_COMMAND,
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env=worker_environment(),
            start_new_session=True,  # a ^C at the studio's terminal is not the worker's
        )
    except OSError as error:
        raise WorkerError(f"no worker could be started: {error}") from error
    try:
        async with asyncio.timeout(_PATIENCE):
            made, words = await _converse(process, json.dumps(task).encode(), on_stage)
    except TimeoutError:
        raise WorkerError(f"no song within {_PATIENCE:.0f} s") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    last_words = clean_text(words.decode("utf-8", "replace")[-_WORD_LIMIT:], _WORD_LIMIT)
    if process.returncode != 0:
        raise WorkerError(f"worker ended with {process.returncode}\n{last_words}")
    if made is None:
        raise WorkerError(f"worker's answer is unusable\n{last_words}")
    return made


async def _converse(process: Process, task: bytes, on_stage: OnStage) -> tuple[dict[str, Any] | None, bytes]:
    """Tells the task, hears the stages; what was made, and what the worker said on standard error."""
    if process.stdin is None or process.stdout is None or process.stderr is None:
        raise WorkerError("worker has no pipes")
    words = asyncio.ensure_future(process.stderr.read())
    try:
        with suppress(BrokenPipeError, ConnectionResetError):  # it died already; its exit code tells
            process.stdin.write(task)
            await process.stdin.drain()
        process.stdin.close()
        made = None
        while line := await process.stdout.readline():
            made = _heard(line, on_stage) or made
        await process.wait()
        return made, await words
    finally:
        words.cancel()


def _heard(line: bytes, on_stage: OnStage) -> dict[str, Any] | None:
    """What one line of a worker's says: a stage, which is passed on, or what it made."""
    try:
        said = json.loads(line)
        if "stage" in said:
            on_stage(clean_line(str(said["stage"]), 40), float(said["share"]))
            return None
        made: dict[str, Any] = said["made"]
    except (ValueError, TypeError, KeyError):  # half a line of a worker that was killed
        return None
    return made
