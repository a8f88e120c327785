"""The floors that the program is measured beside: one Static (B), and a DataTable of 1,000 such rows (S).

python -m tests.benchmarks.tty_peers static | table [ROWS] [tick]
"""

from __future__ import annotations

import sys
import time

from textual.app import App, ComposeResult

WIDTHS = {"STATE": 11, "TITLE / PROMPT": 46, "ELAPSED": 7, "USUALLY": 11, "BPM": 3, "LENGTH": 7, "AGE": 3}


class Bare(App[None]):
    """Textual, and one line of text, which answers a key."""

    def compose(self) -> ComposeResult:
        from textual.widgets import Static

        yield Static("READY")

    def on_key(self) -> None:
        from textual.widgets import Static

        self.query_one(Static).update("PRESSED")


class Table(App[None]):
    """Textual's own table with the columns of the jobs table."""

    def __init__(self, rows: int, tick: bool) -> None:
        super().__init__()
        self._rows, self._tick, self._began = rows, tick, time.monotonic()

    def compose(self) -> ComposeResult:
        from textual.widgets import DataTable

        yield DataTable(cursor_type="row")

    def on_mount(self) -> None:
        from textual.widgets import DataTable

        table = self.query_one(DataTable)
        for name, width in WIDTHS.items():
            table.add_column(name, width=width, key=name)
        for n in range(self._rows):
            row = (
                "completed",
                f"Neon Rain {n} ambient lofi piano, slow build",
                "1:12",
                "1:30-2:10",
                "82",
                "3:02",
                "2h",
            )
            table.add_row(*row, key=str(n))
        table.focus()
        if self._tick:
            self.set_interval(1.0, self._elapse)

    def _elapse(self) -> None:
        from textual.widgets import DataTable

        seconds = int(time.monotonic() - self._began)
        for n in range(20):
            self.query_one(DataTable).update_cell(str(n), "ELAPSED", f"{(seconds + n) // 60}:{(seconds + n) % 60:02}")


if __name__ == "__main__":
    if sys.argv[1] == "static":
        Bare().run()
    else:
        Table(int(sys.argv[2]) if len(sys.argv) > 2 else 1000, "tick" in sys.argv).run()
