"""Pages and both ends of a real store, as the table has them, while the program is loaded."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from whisul_tui.first_frame import moving
from whisul_tui.first_frame.look import ALL, Look
from whisul_tui.first_frame.moving import Moving
from whisul_tui.first_frame.rows import newest
from whisul_tui.first_frame.turning import turned
from whisul_tui.storage import Database, JobStore
from whisul_tui.terminal.handed_over import Painted
from whisul_tui.widgets.table_cursor import Place, moved

HEIGHT = 10
STEPS = (1, 5, HEIGHT, ALL)


def stored(folder: Path, jobs: int) -> Look:
    """A store with so many jobs of which every fourth is forgotten, and families of two here and there."""
    look = Look()
    look.database, look.height = str(folder / "jobs.db"), HEIGHT
    with Database.open(Path(look.database)) as database:
        store = JobStore(database)
        for n in range(jobs):
            store.hold(f"prompt {n}", account="a", now=float(n), not_before=1e9)
        with database.write() as connection:
            connection.execute("UPDATE jobs SET forgotten_at = 1.0 WHERE number % 4 = 3")
            for family in range(1, jobs // 5):
                connection.execute("INSERT INTO families (id, template, made_at) VALUES (?, '{a|b}', 1.0)", (family,))
                connection.execute(
                    "UPDATE jobs SET family = ? WHERE number IN (?, ?)", (family, 5 * family, 5 * family + 1)
                )
        look.schema = database.version()
    return look


@pytest.mark.parametrize("jobs", [1, 12, 13, 14, 15, 40, 90])
def test_any_moves_come_to_where_the_table_comes(jobs: int, tmp_path: Path) -> None:
    look = stored(tmp_path, jobs)
    look.height = jobs
    everything = newest(look)
    assert len(everything) == jobs - (jobs + 1) // 4
    look.height = HEIGHT
    rows, at, place = newest(look), 0, Place()
    draws = random.Random(jobs)
    for _ in range(200):
        by = draws.choice((1, -1)) * draws.choice(STEPS)
        place = moved(place, place.index + by, len(everything), HEIGHT)
        rows, at = turned(look, rows, at, by)
        assert list(rows) == everything[place.top : place.top + HEIGHT], by
        assert at == place.line, by


def test_a_store_that_is_another_by_now_is_the_programs(tmp_path: Path) -> None:
    look = stored(tmp_path, 40)
    rows = newest(look)
    look.schema += 1
    with pytest.raises(LookupError):
        turned(look, rows, 0, ALL)


def test_a_page_is_drawn_whole_and_handed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes after it moves on from there; a step beyond its edge scrolls, and is left to the program."""
    look = stored(tmp_path, 40)
    look.keys = {"G": ALL, "g": -ALL, "pagedown": HEIGHT, "k": -1, "j": 1}
    rows, painted = newest(look), Painted(80, 24, "1", [], [])
    written: list[bytes] = []
    monkeypatch.setattr(moving.os, "write", lambda handle, data: written.append(data) or len(data))
    monkeypatch.setattr(moving.select, "select", lambda *lists: lists[:3])
    monkeypatch.setattr(moving, "line", lambda look, number, row, kind: [(number, 0, f"{row[0]} {kind}", "1")])
    keys = Moving(look, rows, painted, (0, 1))
    numbers = [row[0] for row in rows]
    keys._rest = b"\x1b[6~"
    keys._answer()
    assert [text for _, _, text, _ in painted.pieces] == [
        *(f"{number} row" for number in numbers[1:]), f"{numbers[-1] - 2} cursor"  # the one between is forgotten
    ]  # fmt: skip
    keys._rest = b"Gkg" + b"kj" + b"Gj"
    keys._answer()
    keys._told, keys._tell = 0, 1
    keys.end()
    assert painted.typed == b"kjGj", "a step up from a first row that another process may have left behind"
    assert painted.place == (numbers[0], 0)
