"""Blocking work beside the event loop, on threads that the end of the program does not wait for."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, TypeVar

from textual.app import App

Result = TypeVar("Result")


async def aside(work: Callable[[], Result], name: str, *, in_no_hurry: bool = False) -> Result:
    """What `work` gives, done on a daemon thread: asyncio's own pool would be waited for when the program ends.

    `in_no_hurry`: it goes on while nobody else wants to.
    """
    future: Future[Result] = Future()

    def run() -> None:
        if in_no_hurry and sys.platform == "linux":  # elsewhere a thread's number would be taken for a process's
            with suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 19)
        is_waited_for = future.set_running_or_notify_cancel()  # a waiter that is cancelled leaves the work alone
        try:
            result = work()
        except BaseException as error:  # noqa: BLE001 - it is the waiter's: the future hands it over
            if is_waited_for:
                future.set_exception(error)
        else:
            if is_waited_for:
                future.set_result(result)

    threading.Thread(target=run, name=name, daemon=True).start()
    return await asyncio.wrap_future(future)


def tell(app: App[Any], callback: Callable[..., object], *arguments: object) -> None:
    """Has the app call back soon, from any thread, without waiting for it; nothing where it has ended."""
    with suppress(RuntimeError):  # its loop was closed between the app's own look at that and the call
        app.call_later(callback, *arguments)
