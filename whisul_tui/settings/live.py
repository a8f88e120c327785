"""Which settings take effect while the program runs, and in which order they are told."""

from __future__ import annotations

from collections.abc import Iterable

from whisul_tui.settings.table import ROWS, Row

# What the session was opened with: choosing its profile anew, or the next start, brings it in force.
SESSION = frozenset(
    {
        "base_url", "api_key", "api_key_command", "poll_min_seconds", "poll_max_seconds", "max_in_flight",
        "listener_socket", "covers", "on_event",
    }
)  # fmt: skip
START = frozenset({"profile", "display", "calm"})  # and what the program itself was started with
_GROUPS = (
    ("Account", ("profile", "base_url", "api_key", "api_key_command")),
    ("Screen", ("theme", "glyphs", "covers", "mouse", "display")),
    ("Notices", ("toasts", "bell", "notify", "title", "on_event", "calm")),
    ("Prompts", ("undo_seconds", "same_prompt_seconds", "max_in_flight", "budget_day", "budget_month", "lint")),
    ("Polling", ("poll_min_seconds", "poll_max_seconds")),
    ("Listening", ("player", "open_command", "listener_socket")),
)


def when(name: str) -> str:
    """When a changed setting takes effect, in words."""
    if name in START:
        return "at the next start"
    return "when the profile is chosen anew, or at the next start" if name in SESSION else "at once"


def groups(rows: Iterable[Row] = ROWS) -> list[tuple[str, list[Row]]]:
    """All settings by group: those named here, then a group for each table of the file, then the rest."""
    left = {row.name: row for row in rows}
    found = [(title, [left.pop(name) for name in names if name in left]) for title, names in _GROUPS]
    others: dict[str, list[Row]] = {}
    for row in left.values():
        table = row.name.rpartition(".")[0]
        others.setdefault(table.capitalize() if table else "More", []).append(row)
    return [(title, rows) for title, rows in (*found, *others.items()) if rows]
