"""A home in which every text is hostile, and a server whose every answer is; both past the first wall.

A field holds some payloads, each behind its number, so that all of them are in every field of few jobs; the numbers
tell afterwards which were drawn.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from tests.e2e.places import Place
from tests.support.scripted import Request, ScriptedServer, answer, responds
from tests.torture.payloads import EVERYTHING
from whisul_tui.domain import JobState, Song
from whisul_tui.paths import Paths
from whisul_tui.settings import load_settings
from whisul_tui.storage import Database, Drafts, JobStore, Owner

KEY = "key-of-the-hostile-texts"
TOGETHER = 4  # payloads in one field
STATES = (
    JobState.HELD, JobState.EXPIRED, JobState.REJECTED, JobState.FAILED, JobState.RUNNING, JobState.UNCONFIRMED,
    JobState.COMPLETED,
)  # fmt: skip


def texts(payloads: Sequence[str]) -> list[str]:
    """What the fields hold: each payload once, behind its number in EVERYTHING."""
    numbered = [f"#{EVERYTHING.index(payload):02}{payload}" for payload in payloads]
    return ["".join(numbered[at : at + TOGETHER]) for at in range(0, len(numbered), TOGETHER)]


def stored(text: str) -> str:
    """As a store can hold it: a lone surrogate is no UTF-8."""
    return text.encode("utf-8", "replace").decode()


def fill(place: Place, base_url: str, payloads: Sequence[str]) -> int:
    """A store with each payload in every text of jobs in every state; gives how many jobs there are of each.

    The newest, so the first on the screen, are completed ones; then come unconfirmed ones, and so on.
    """
    place.variables.update(WHISUL_BASE_URL=base_url, WHISUL_API_KEY=KEY)
    place.configure("poll_min_seconds = 0.5\npoll_max_seconds = 1.0\nundo_seconds = 0.2\nsame_prompt_seconds = 0\n")
    paths = Paths(place.config_file, place.folder, place.data_dir, place.state_dir, place.folder, place.folder)
    account = load_settings(paths, environ=place.environment()).profile.account
    fields = [stored(text) for text in texts(payloads)]
    with Database.open(place.database) as database:
        store = JobStore(database)
        for state in STATES:
            for place_in_turn, text in enumerate(fields):
                _job(store, account, state, text, place_in_turn)
        Drafts(database).save("write", "".join(fields[:10]), time.time())
        _say(database, fields)
    _leave_files(place.config_file.parent / "templates", payloads)
    _leave_together(place.config_file.parent / "themes", payloads, "toml")
    _leave_together(place.data_dir / "backups", payloads, "db")
    (place.folder / "export.json").write_text(json.dumps(export_of(payloads)))
    (place.folder / "prompts.txt").write_text("\n".join(fields), "utf-8")
    return len(fields)


def _job(store: JobStore, account: str, state: JobState, text: str, turn: int) -> None:
    owner, now = Owner("hostile", 1, 1.0), time.time() - 600
    number = store.hold(f"p{text}q {state}", account=account, now=now, not_before=now).number
    if state is JobState.HELD:
        store.pause([number], now)
        return
    with store.turn() as claims:
        assert claims.claim_submission(number, owner, now)
    assert store.leaving(number, owner, now)
    if state is JobState.UNCONFIRMED:
        store.unconfirmed(number, f"m{text}n", now)
        return
    if state is JobState.REJECTED:
        store.rejected(number, f"m{text}n", now)
        return
    store.accepted(number, f"job-{number}", now, time.time() + turn * 0.5)
    if state is JobState.RUNNING:
        store.still_running(number, now, due_at=time.time() + 2 + turn * 0.5, remote_status=f"r{text}s")
    elif state is JobState.COMPLETED:
        link = f"https://cdn.example/{text}"
        store.settled(number, state, now + 60, song=Song(f"t{text}u", 80, 180, link, link, (text, "x")))
    elif state is JobState.FAILED:
        store.settled(number, state, now + 60, message=f"m{text}n")
    else:
        store.expired(number, now, f"m{text}n")


def _say(database: Database, fields: Sequence[str]) -> None:
    """What the user and other hosts say of jobs, and what is remembered by name, written past every wall."""
    with database.write() as connection:
        jobs = int(connection.execute("SELECT max(number) FROM jobs").fetchone()[0])
        kinds = {row[0] for row in connection.execute("SELECT kind FROM kept")} | {"filter", "columns"}
        for number in range(1, jobs + 1):
            text = fields[number % len(fields)]
            connection.execute(
                "INSERT INTO families (id, template, made_at) VALUES (?, ?, 1)", (number, f"{{a{text}|b}}")
            )
            connection.execute(
                "UPDATE jobs SET own_tags = ?1, note = ?1, origin = ?1, family = ?2, parent = ?3 WHERE number = ?4",
                (f"g{text}h", (number // 2 or None) if number % 10 < 2 else None, number - 1 or None, number),
            )
        for number, payload in enumerate(EVERYTHING):
            row = ("filter", f"f{number:02}", json.dumps({"search": f"#{number:02}{payload}", "order": payload}))
            if any(payload in text for text in fields):
                connection.execute("INSERT INTO kept (kind, name, text, changed_at) VALUES (?, ?, ?, 1)", row)
        for text in fields:
            for kind in kinds:
                row = (kind, f"k{text}", f"v{text}")
                connection.execute("INSERT OR IGNORE INTO kept (kind, name, text, changed_at) VALUES (?, ?, ?, 1)", row)


def _leave_files(folder: Path, payloads: Sequence[str]) -> None:
    """Files of the user's with payloads in their names and in what they hold."""
    folder.mkdir(parents=True, exist_ok=True)
    for payload in payloads:
        name = stored(f"#{EVERYTHING.index(payload):02}{payload}").replace("/", "").replace("\0", "")
        with suppress(OSError):  # a name that no file can have
            (folder / f"{name[:60]}.txt").write_text(stored(f"{name} {{a|b}}"), "utf-8")


def _leave_together(folder: Path, payloads: Sequence[str], ending: str) -> None:
    """Few names with many payloads each, since few are shown. One is no UTF-8."""
    folder.mkdir(parents=True, exist_ok=True)
    numbered = [f"#{EVERYTHING.index(payload):02}{payload}" for payload in payloads if len(payload) < 40]
    for at in range(0, len(numbered), 7):
        name = stored("".join(numbered[at : at + 7])).replace("/", "").replace("\0", "")
        (folder / f"{name}.{ending}").write_text(f'name = "{name}"')
    (folder / (os.fsdecode(b"\xff\x1b[31m\xe2.") + ending)).write_text("no such thing")


def export_of(payloads: Sequence[str]) -> dict[str, object]:
    """Another host's export, of jobs whose every text is hostile."""
    jobs = [
        {"client_id": f"{n:032x}", "job_id": f"far-{n}", "state": "completed", "prompt": f"p{bad}", "title": f"t{bad}",
         "tags": [bad], "own_tags": [bad], "note": f"n{bad}", "account": f"a{bad}", "message": bad, "host": bad,
         "song_url": f"https://h/{bad}", "created_at": "2026-01-01T00:00:00Z", "changed_at": "2026-01-01T00:00:00Z"}
        for n, bad in enumerate(texts(payloads), 1)
    ]  # fmt: skip
    return {"format": "whisul-tui export", "version": 1, "host": payloads[0], "jobs": jobs}


def hostile_server(payloads: Sequence[str]) -> ScriptedServer:
    """Every field of every answer is hostile; submissions are rejected, jobs complete or fail."""
    fields = texts(payloads)
    count = 0

    def act(request: Request) -> bytes:
        nonlocal count
        count += 1
        bad = fields[count % len(fields)]
        if request.method == "POST":
            return answer(400, {"error": f"e{bad}", "message": f"m{bad}"}, {"X-Bad": "x"})
        result = {"title": f"t{bad}", "bpm": bad, "duration": bad, "song_url": f"https://h/{bad}", "tags": bad}
        over = {"status": "completed", "result": result, "prompt": bad, "started_at": bad, "finished_at": bad}
        failed = {"status": "failed", "error": f"e{bad}", "message": f"m{bad}"}
        other = {"status": f"s{bad}", "error": bad}
        return answer(200, json.dumps((over, failed, other)[count % 3]).encode())

    return ScriptedServer(otherwise=responds(act))
