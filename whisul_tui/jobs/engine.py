"""The engine: outbox and monitor on a thread and event loop of their own. Any thread may tell it what to do."""

from __future__ import annotations

import asyncio
import logging
import random
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import TypeVar

from whisul_tui.domain.budget import Budget
from whisul_tui.domain.job import Job
from whisul_tui.jobs.gate_rules import key_changed
from whisul_tui.jobs.monitor import LOOK_SECONDS, Monitor
from whisul_tui.jobs.outbox import Outbox
from whisul_tui.jobs.outbox_commands import OutboxCommands
from whisul_tui.jobs.owners import this_process
from whisul_tui.jobs.passage import Passage, Terms
from whisul_tui.jobs.ports import Client, Clock, Store
from whisul_tui.jobs.recovery import RecoveryJournal
from whisul_tui.jobs.rhythm import Rhythm
from whisul_tui.jobs.status import EngineStatus, Phase
from whisul_tui.storage import Drafts, Owner

__all__ = ["Engine", "EngineStatus", "EngineStoppedError", "Phase"]

Heard = Callable[[frozenset[int]], object]
T = TypeVar("T")
_log = logging.getLogger(__name__)


class EngineStoppedError(RuntimeError):
    """The engine was not running, or ended before it came to what was asked of it."""


class Engine(OutboxCommands):
    """Sends held prompts, follows running jobs, and does the steps that users ask for, all on its own thread.

    Commands return futures at once; what the store refuses (StoreError) and what a prompt lacks (PromptError) is their
    exception. `account`: whose jobs; `gate`: whose gate they go through, the account's own by default. `client` is
    called on the engine's thread when the first request is to leave. Between `start` and `stop` it runs once.
    """

    def __init__(
        self,
        store: Store,
        client: Callable[[], Client],
        *,
        account: str,
        gate: str | None = None,
        rhythm: Rhythm | None = None,
        undo_seconds: float = 3.0,
        budget: Budget | None = None,
        max_in_flight: int | None = None,
        clock: Clock = time.time,
        monotonic: Clock = time.monotonic,
        owner: Owner | None = None,
        chance: random.Random | None = None,
    ) -> None:
        self._store = store
        self._client = client
        self._terms = Terms(
            account=account,
            rhythm=rhythm or Rhythm(),
            owner=owner or this_process(),
            clock=clock,
            random=chance or random.Random(),  # noqa: S311 - spreads retries, keeps no secret
            max_in_flight=max_in_flight,
        )
        self._passage = Passage(store, self._terms, gate or account)
        self._monotonic = monotonic
        self.undo_seconds = undo_seconds
        self.budget = budget or Budget()
        self._heard: list[Heard] = []
        self._commands: deque[tuple[Callable[[], object], Future[object]]] = deque()
        self._lock = threading.Lock()
        self._open = False  # commands are taken: between start and the end of the loop
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._monitor: Monitor | None = None
        self._status = EngineStatus()
        self._patience = 0.0
        self._stop_asked = False

    # -- its life

    def start(self) -> None:
        """Starts the thread; returns at once."""
        with self._lock:
            if self._thread is not None:
                raise EngineStoppedError("An engine is started once.")
            self._thread = threading.Thread(target=self._work, name="whisul-engine", daemon=True)
            self._open = True
        self._thread.start()

    def stop(self, timeout: float = 5.0) -> None:
        """Ends within `timeout` seconds; a submission that is on its way is waited for most of that time.

        One that is given up becomes unconfirmed. Harmless when it never ran or has ended.
        """
        thread = self._thread
        if thread is None:
            return
        with self._lock:
            self._patience = max(0.0, timeout * 0.8)
            self._stop_asked = True
            self._on_loop(lambda monitor: monitor.end())
        thread.join(timeout)
        if thread.is_alive():
            _log.error("the engine did not end within %g s", timeout)

    def status(self) -> EngineStatus:
        """How it stands; a snapshot, free of cost."""
        monitor = self._monitor
        return self._status if monitor is None else monitor.status

    def subscribe(self, callback: Heard) -> Callable[[], None]:
        """Calls back on the engine's thread with the numbers of jobs that changed; returns what ends that.

        An empty set: the status is another one, or another process wrote something.
        """
        self._heard.append(callback)

        def leave() -> None:
            if callback in self._heard:
                self._heard.remove(callback)

        return leave

    def wait_for(
        self,
        numbers: Sequence[int],
        until: Callable[[Job], bool],
        timeout: float | None = None,
        *,
        unless: Callable[[EngineStatus], bool] = lambda _status: False,
    ) -> bool:
        """Waits on the calling thread until each job satisfies `until` (or is gone); ctrl+c ends it as usual.

        False when `timeout` seconds passed or `unless` said of the status that waiting has no more sense.
        """
        changed = threading.Event()
        leave = self.subscribe(lambda _numbers: changed.set())
        end = None if timeout is None else self._monotonic() + timeout
        waiting = set(numbers)
        try:
            while True:
                changed.clear()
                waiting = {n for n in waiting if (job := self._store.get(n)) is not None and not until(job)}
                left = None if end is None else end - self._monotonic()
                if not waiting or unless(self.status()) or (left is not None and left <= 0):
                    return not waiting
                changed.wait(LOOK_SECONDS if left is None else min(left, LOOK_SECONDS))
        finally:
            leave()

    # -- commands

    def refresh(self, number: int) -> Future[bool]:
        """Has a running job asked as soon as its floor allows."""
        return self._command(lambda: self._monitor is not None and self._monitor.ask_now(number), lambda _: (number,))

    def confirm(self, number: int, job_id: str) -> Future[bool]:
        """The user knows the id of an unconfirmed job; it is followed from now on."""
        return self._command(lambda: self._store.confirm(number, job_id, self._terms.clock()), lambda _: (number,))

    def star(self, number: int, on: bool) -> Future[None]:
        """Sets or takes off a star."""
        return self._command(lambda: _nothing(self._store.star(number, on)), lambda _: (number,))

    def forget(self, numbers: Sequence[int]) -> Future[None]:
        """Hides jobs; held ones and those on their way stay."""
        return self.do(lambda: _nothing(self._store.forget(numbers, self._terms.clock())), numbers)

    def restore(self, numbers: Sequence[int]) -> Future[None]:
        """Shows forgotten jobs again."""
        return self.do(lambda: _nothing(self._store.restore(numbers)), numbers)

    def do(self, step: Callable[[], T], numbers: Sequence[int] = ()) -> Future[T]:
        """Any other step of the store, done on the engine's thread; these are the jobs that it is about."""
        return self._command(step, lambda _: tuple(numbers))

    def save_draft(self, slot: str, text: str) -> Future[None]:
        """Keeps unsent text."""
        drafts = Drafts(self._store.database)
        return self._command(lambda: drafts.save(slot, text, self._terms.clock()), lambda _: ())

    def key_changed(self, gate: str | None = None) -> Future[None]:
        """After a 401: the client has another key now, and requests may leave again, through `gate` if given."""

        def change() -> None:
            self._passage.key = gate or self._passage.key
            with self._passage.turn() as opened:
                opened.gate = key_changed(opened.gate, opened.turn.now)

        return self._command(change, lambda _: ())

    # -- its thread

    def _command(self, work: Callable[[], T], touched: Callable[[T], tuple[int, ...]]) -> Future[T]:
        """Has `work` done on the engine's thread, between two rounds of the monitor, in the order of the calls."""
        future: Future[T] = Future()

        def do() -> None:
            result = work()
            self._tell(frozenset(touched(result)))
            future.set_result(result)

        with self._lock:
            if not self._open:
                future.set_exception(EngineStoppedError("The engine is not running."))
                return future
            self._commands.append((do, future))  # type: ignore[arg-type]  # a Future of anything takes an exception
            self._on_loop(lambda monitor: monitor.nudge())
        return future

    def _run_commands(self) -> None:
        while self._commands:
            do, future = self._commands.popleft()
            if not future.set_running_or_notify_cancel():
                continue
            try:
                do()
            except Exception as error:  # noqa: BLE001 - it is the asker's: the future hands it over
                future.set_exception(error)

    def _on_loop(self, action: Callable[[Monitor], None]) -> None:
        """Does something to the monitor on its loop; with the lock held, so that the loop cannot close meanwhile."""
        loop, monitor = self._loop, self._monitor
        if loop is not None and monitor is not None:
            loop.call_soon_threadsafe(action, monitor)

    def _work(self) -> None:
        try:
            asyncio.run(self._main())
        except Exception as error:  # noqa: BLE001 - a thread that ends silently would leave jobs waiting for ever
            _log.error("the engine ended: %s", type(error).__name__, exc_info=error)
        finally:
            with self._lock:
                self._open, self._loop = False, None
            for _, future in self._commands:
                future.set_exception(EngineStoppedError("The engine ended before it came to this."))
            self._commands.clear()

    async def _main(self) -> None:
        journal = RecoveryJournal(self._store.database.path.with_name("recovery.jsonl"))
        outbox = Outbox(self._passage, journal, self._tell)
        monitor = Monitor(self._passage, outbox, self._client, monotonic=self._monotonic, changed=self._tell)
        with self._lock:
            self._loop, self._monitor = asyncio.get_running_loop(), monitor
            if self._stop_asked:
                monitor.end()
        try:
            await monitor.run(self._run_commands)
        finally:
            with self._lock:
                self._open, self._loop = False, None
        self._run_commands()
        await monitor.finish(self._patience)

    def _tell(self, numbers: frozenset[int]) -> None:
        for callback in list(self._heard):
            try:
                callback(numbers)
            except Exception as error:  # noqa: BLE001 - a screen that is going away must not stop the jobs
                _log.error("a subscriber failed: %s", type(error).__name__, exc_info=error)


def _nothing(_done: object) -> None:
    """The engine's futures of marks say that it is done, not what."""
