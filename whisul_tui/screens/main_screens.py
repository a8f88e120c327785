"""The screens that the app's modes are made of, imported when they are first shown."""

from __future__ import annotations

from typing import Any

from textual.screen import Screen

from whisul_tui.desk import Desk

MAIN_SCREENS = ("write", "jobs", "listen")


def main_screen(room: str, desk: Desk) -> Screen[Any]:
    """One of the three screens, on a desk."""
    if room == "write":
        from whisul_tui.screens.write import WriteScreen

        return WriteScreen(desk)
    if room == "listen":
        from whisul_tui.screens.listen import ListenScreen

        return ListenScreen(desk)
    from whisul_tui.screens.jobs import JobsScreen

    return JobsScreen(desk)
