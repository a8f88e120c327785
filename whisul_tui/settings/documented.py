"""The table of all settings as Markdown; `python -m whisul_tui.settings.documented README.md` renews it there."""

from __future__ import annotations

import sys
from pathlib import Path

from whisul_tui.settings.live import groups, when
from whisul_tui.settings.table import Row

BEGIN, END = "<!-- settings: made by python -m whisul_tui.settings.documented README.md -->", "<!-- end of settings -->"


def table() -> str:
    """A line a setting, by group: name, default, what is allowed, what it does, and when a change is in force."""
    lines = ["| setting | default | allowed | what it does |", "| --- | --- | --- | --- |"]
    lines += [_line(row) for _, rows in groups() for row in rows]
    return "\n".join(lines)


def _line(row: Row) -> str:
    default = "" if row.default is None else f"`{_default(row.default)}`"
    notes = [f"`{row.environment}`"] if row.environment else []
    notes += [] if row.in_profile else ["not in a profile"]
    later = {"at once": "", "at the next start": "next start"}.get(when(row.name), "profile anew")
    notes += [later] if later else []
    told = row.help + (f" ({', '.join(notes)})" if notes else "")
    return f"| `{row.name}` | {default} | {row.allowed} | {told} |"


def _default(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float) else str(value)


def renewed(text: str) -> str:
    """A text with the table between its two marks made anew; raises ValueError where they are missing."""
    before, _, rest = text.partition(BEGIN)
    _, found, after = rest.partition(END)
    if not found:
        raise ValueError(f"{BEGIN} … {END} are missing.")
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


if __name__ == "__main__":
    path = Path(sys.argv[1])
    path.write_text(renewed(path.read_text(encoding="utf-8")), encoding="utf-8")
