"""Jobs that belong together: a prompt that was edited twice, and a family of one expanded prompt."""

from __future__ import annotations

from typing import Any

from tests.support.stage import Stage

KIN: tuple[dict[str, Any], ...] = (
    {"prompt": "calm lofi, soft rain, 80 bpm", "title": "Puddles", "bpm": 80, "seconds": 180, "ago": 9000.0,
     "tags": ("lofi", "rain")},
    {"prompt": "calm lofi, heavy rain, 90 bpm", "title": "Gutters", "bpm": 90, "seconds": 171, "ago": 8000.0,
     "tags": ("lofi", "storm"), "parent": 1},
    {"prompt": "calm lofi, heavy rain and thunder, 90 bpm", "state": "failed", "ago": 7000.0, "parent": 2},
    {"prompt": "slow jazz, rain", "title": "Blue Rain", "bpm": 62, "seconds": 200, "ago": 900.0, "tags": ("jazz",)},
    {"prompt": "slow jazz, no rain", "title": "Dry Blue", "bpm": 64, "seconds": 200, "ago": 890.0,
     "tags": ("jazz", "brushes")},
    {"prompt": "fast jazz, rain", "title": "Run Blue", "bpm": 160, "seconds": 140, "ago": 880.0, "tags": ("bebop",)},
)  # fmt: skip


def family_of(made: Stage) -> None:
    """Makes the last three jobs a family, as the outbox does when they come in."""
    with made.session.database.write() as connection:
        connection.execute("INSERT INTO families (id, template, made_at) VALUES (1, '{slow|fast} jazz', 1.0)")
        connection.execute("UPDATE jobs SET family = 1 WHERE number >= 4")
