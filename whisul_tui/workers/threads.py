"""Blocking work beside the event loop, on threads that the end of the program does not wait for."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, TypeVar

from textual.app import App

Result = TypeVar("Result")


async def aside(work: Callable[[], Result], name: str) -> Result:
    """What `work` gives, done on a daemon thread: asyncio's own pool would be waited for when the program ends."""
    future: Future[Result] = Future()

    def run() -> None:
        future.set_running_or_notify_cancel()  # a waiter that is cancelled leaves the work alone
        try:
            result = work()
        except BaseException as error:  # noqa: BLE001 - it is the waiter's: the future hands it over
            future.set_exception(error)
        else:
            future.set_result(result)

    threading.Thread(target=run, name=name, daemon=True).start()
    return await asyncio.wrap_future(future)


def tell(app: App[Any], callback: Callable[..., object], *arguments: object) -> None:
    """Has the app call back soon, from any thread, without waiting for it; nothing where it has ended."""
    with suppress(RuntimeError):  # its loop was closed between the app's own look at that and the call
        app.call_later(callback, *arguments)
