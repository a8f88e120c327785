"""`python -m tests.support.staged SCREEN`: the program on the stage, in a real terminal, with all states of jobs."""

from __future__ import annotations

import sys

from tests.support.stage import ALL_STATES, NOW, Status, stage

if __name__ == "__main__":
    with stage(ALL_STATES) as made:
        made.engine.current = Status("polling", next_poll_at=NOW.timestamp() + 4)
        app = made.app(sys.argv[1])
        code = app.run()
    sys.exit(code or 0)
