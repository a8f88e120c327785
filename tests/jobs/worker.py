"""A process with an engine and nothing else, for tests that kill and stop such: python -m tests.jobs.worker STORE URL.

It follows what is in the store, sends what is held, and ends when its standard input does. A line on its standard
output says that it runs.
"""

from __future__ import annotations

import sys
from pathlib import Path

from whisul_tui.api.client import Address, WhisulClient
from whisul_tui.domain.secret import Secret
from whisul_tui.jobs.engine import Engine
from whisul_tui.jobs.rhythm import Rhythm
from whisul_tui.storage import Database, JobStore

ACCOUNT = "account-a"
RHYTHM = Rhythm(1.0, 2.0)


def main(store: str, url: str) -> None:
    """Runs until standard input ends."""
    with Database.open(Path(store)) as database:
        client = Address(url, Secret("wh_0123456789abcdef"))
        engine = Engine(
            JobStore(database), lambda: WhisulClient(client), account=ACCOUNT, rhythm=RHYTHM, undo_seconds=0.0
        )
        engine.start()
        print("runs", flush=True)
        sys.stdin.read()
        engine.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
