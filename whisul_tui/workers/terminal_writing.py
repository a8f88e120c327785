"""Sending control sequences of the program's own making to the terminal."""

from __future__ import annotations

from typing import Any

from textual.app import App


def write_terminal(app: App[Any], sequence: str) -> None:
    """Writes a sequence as it is; does nothing where there is no terminal (tests)."""
    driver = app._driver
    if driver is not None and not app.is_headless:
        driver.write(sequence)
        driver.flush()
