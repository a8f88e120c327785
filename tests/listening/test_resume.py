from __future__ import annotations

import asyncio
import json
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.listening.conftest import no_wait
from tests.listening.server import Asked, Cdn, Reply, Served, chunked
from tests.listening.songs import as_sent, job, mp3
from whisul_tui.domain import Job
from whisul_tui.listening.download_errors import DiskFull, DownloadError, Interrupted, NotStored
from whisul_tui.listening.downloads import Downloader
from whisul_tui.listening.placing import place
from whisul_tui.listening.resuming import Remote

NAME = "Night Rain - 84 bpm [01234567]"
PART = f".{NAME}.01234567.song.part"
CAME = 40_000
GOOD = Served(mp3(), changed="Thu, 01 Jan 2026 00:00:00 GMT")
OTHER = mp3(seed="other")


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def make(folder: Path) -> None:
    folder.mkdir(parents=True)


@pytest.fixture
def song(cdn: Cdn) -> Job:
    return job(song_url=cdn.url("/song.mp3"))


async def broken_off(cdn: Cdn, song: Job, songs: Path, served: Served = GOOD) -> None:
    """Leaves a part of CAME bytes: the server breaks off and is then away."""
    first = iter([replace(served, cut=CAME)])
    cdn.files["/song.mp3"] = lambda asked: next(first, lambda _: Reply(503, b"", {}, 0))(asked)
    downloader = Downloader(sleep=no_wait)
    with pytest.raises(Interrupted):
        await downloader.download(song, songs)
    await downloader.aclose()
    assert files(songs) == [PART, f"{PART}.json"]
    assert (songs / PART).read_bytes() == mp3()[:CAME]
    cdn.asked.clear()


async def test_a_part_is_continued_with_if_range_and_a_little_overlap(
    cdn: Cdn, song: Job, downloader: Downloader, songs: Path
) -> None:
    await broken_off(cdn, song, songs)
    cdn.files["/song.mp3"] = GOOD
    kept = await downloader.download(song, songs)
    assert as_sent(kept.song_path) == mp3()
    assert [(asked.start, asked.headers["if-range"]) for asked in cdn.asked] == [(CAME - 4096, '"v1"')]
    assert files(songs) == [f"{NAME}.mp3"]


async def test_without_an_etag_the_date_of_change_does(
    cdn: Cdn, song: Job, downloader: Downloader, songs: Path
) -> None:
    dated = replace(GOOD, etag="")
    await broken_off(cdn, song, songs, dated)
    cdn.files["/song.mp3"] = dated
    assert as_sent((await downloader.download(song, songs)).song_path) == mp3()
    assert cdn.asked[0].headers["if-range"] == GOOD.changed


@pytest.mark.parametrize(
    "served",
    [replace(GOOD, etag="", changed=""), replace(GOOD, etag='W/"v1"'), replace(GOOD, etag='"\xe9"')],
    ids=["no validator", "weak", "not to be sent back"],
)
async def test_without_a_strong_validator_it_is_fetched_anew(
    cdn: Cdn, song: Job, downloader: Downloader, songs: Path, served: Served
) -> None:
    await broken_off(cdn, song, songs, served)
    cdn.files["/song.mp3"] = served
    assert as_sent((await downloader.download(song, songs)).song_path) == mp3()
    assert [asked.start for asked in cdn.asked] == [None]


def ranged(edit: Callable[[Reply, Asked], None], served: Served = GOOD) -> Callable[[Asked], Reply]:
    """A server that is wrong in its partial answers only."""

    def answer(asked: Asked) -> Reply:
        reply = served(asked)
        if asked.start is not None:
            edit(reply, asked)
        return reply

    return answer


def wrong_start(reply: Reply, asked: Asked) -> None:
    reply.body = mp3()
    reply.length = len(mp3())
    reply.headers["Content-Range"] = "bytes 0-99999/100000"


def no_content_range(reply: Reply, asked: Asked) -> None:
    reply.headers.pop("Content-Range")


def other_total(reply: Reply, asked: Asked) -> None:
    reply.headers["Content-Range"] = f"bytes {asked.start}-99999/123456"


def unknown_total(reply: Reply, asked: Asked) -> None:
    reply.headers["Content-Range"] = f"bytes {asked.start}-99999/*"


def other_etag(reply: Reply, asked: Asked) -> None:
    reply.headers["ETag"] = '"v2"'
    reply.body = OTHER[asked.start :]


def no_etag(reply: Reply, asked: Asked) -> None:
    reply.headers.pop("ETag")


def other_type(reply: Reply, asked: Asked) -> None:
    reply.headers["Content-Type"] = "text/html"


def other_bytes(reply: Reply, asked: Asked) -> None:
    reply.body = OTHER[asked.start :]


def page(reply: Reply, asked: Asked) -> None:
    reply.body = b"<html>" * 20_000
    reply.length = 120_000


def refused(reply: Reply, asked: Asked) -> None:
    reply.status, reply.body, reply.length = 416, b"", 0


def shorter(reply: Reply, asked: Asked) -> None:
    reply.headers["Content-Range"] = f"bytes {asked.start}-{asked.start}/100000"
    reply.body, reply.length = mp3()[asked.start : (asked.start or 0) + 1], 1


def more_in_chunks(reply: Reply, asked: Asked) -> None:
    reply.body, reply.length = chunked([mp3()[asked.start :], b"and more"]), None
    reply.headers["Transfer-Encoding"] = "chunked"


def less_in_chunks(reply: Reply, asked: Asked) -> None:
    reply.body, reply.length = chunked([mp3()[asked.start : CAME]]), None
    reply.headers["Transfer-Encoding"] = "chunked"


EDITS = [
    *[wrong_start, no_content_range, other_total, unknown_total, other_etag, no_etag, other_type],
    *[other_bytes, page, refused, shorter, more_in_chunks],
]


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.__name__)
async def test_a_server_that_answers_a_range_wrongly_never_makes_a_wrong_file(
    cdn: Cdn, song: Job, downloader: Downloader, songs: Path, edit: Callable[[Reply, Asked], None]
) -> None:
    await broken_off(cdn, song, songs)
    cdn.files["/song.mp3"] = ranged(edit)
    kept = await downloader.download(song, songs)
    assert as_sent(kept.song_path) == mp3()
    assert [asked.start for asked in cdn.asked] == [CAME - 4096, None]
    assert files(songs) == [f"{NAME}.mp3"]


async def test_a_rest_that_ends_early_is_not_the_song(cdn: Cdn, song: Job, downloader: Downloader, songs: Path) -> None:
    await broken_off(cdn, song, songs)
    cdn.files["/song.mp3"] = ranged(less_in_chunks)
    with pytest.raises(Interrupted, match="ended at 40000 of 100000 bytes"):
        await downloader.download(song, songs)
    assert files(songs) == [PART, f"{PART}.json"]


async def test_a_server_that_ignores_ranges_starts_anew(
    cdn: Cdn, song: Job, downloader: Downloader, songs: Path
) -> None:
    await broken_off(cdn, song, songs)
    cdn.files["/song.mp3"] = lambda asked: GOOD(Asked(asked.path, {}))
    assert as_sent((await downloader.download(song, songs)).song_path) == mp3()
    assert len(cdn.asked) == 1


async def test_a_song_that_changed_meanwhile_is_the_new_one_whole(
    cdn: Cdn, song: Job, downloader: Downloader, songs: Path
) -> None:
    await broken_off(cdn, song, songs)
    cdn.files["/song.mp3"] = Served(OTHER, etag='"v2"')
    assert as_sent((await downloader.download(song, songs)).song_path) == OTHER


async def test_an_error_page_does_not_cost_what_came_before(
    cdn: Cdn, song: Job, downloader: Downloader, songs: Path
) -> None:
    await broken_off(cdn, song, songs)
    cdn.files["/song.mp3"] = Served(b"<html>" * 1000, "text/html", etag='"page"')
    with pytest.raises(DownloadError, match="no song but text/html"):
        await downloader.download(song, songs)
    assert (songs / PART).read_bytes() == mp3()[:CAME]
    cdn.files["/song.mp3"] = GOOD
    assert as_sent((await downloader.download(song, songs)).song_path) == mp3()


async def test_a_part_that_is_whole_needs_only_its_name(
    cdn: Cdn, song: Job, downloader: Downloader, songs: Path
) -> None:
    await broken_off(cdn, song, songs)
    (songs / PART).write_bytes(mp3())
    cdn.files["/song.mp3"] = GOOD
    assert as_sent((await downloader.download(song, songs)).song_path) == mp3()
    assert [asked.start for asked in cdn.asked] == [100_000 - 4096]


@pytest.mark.parametrize("damage", ["zeros", "longer", "state", "no state", "state of another"])
async def test_a_damaged_part_never_becomes_the_song(
    cdn: Cdn, song: Job, downloader: Downloader, songs: Path, damage: str
) -> None:
    await broken_off(cdn, song, songs)
    part, state = songs / PART, songs / f"{PART}.json"
    if damage == "zeros":  # a power cut: the length reached the disk, the last bytes did not
        part.write_bytes(mp3()[: CAME - 100] + bytes(100))
    elif damage == "longer":
        part.write_bytes(mp3() + b"x")
    elif damage == "state":
        state.write_text(state.read_text()[:-20])
    elif damage == "no state":
        state.unlink()
    else:
        state.write_text(json.dumps({**json.loads(state.read_text()), "etag": '"v9"'}))
    cdn.files["/song.mp3"] = GOOD
    assert as_sent((await downloader.download(song, songs)).song_path) == mp3()
    assert files(songs) == [f"{NAME}.mp3"]


async def test_cancelled_it_keeps_the_part_and_goes_on_later(
    cdn: Cdn, song: Job, downloader: Downloader, songs: Path
) -> None:
    def stalls(asked: Asked) -> Reply:
        reply = GOOD(asked)
        body = reply.body
        assert isinstance(body, bytes)
        reply.body = (
            piece if number == 0 else piece[: cdn.ending.wait(20)] for number, piece in enumerate([body[:CAME], body])
        )
        return reply

    came = asyncio.Event()
    cdn.files["/song.mp3"] = stalls
    running = asyncio.create_task(
        downloader.download(song, songs, lambda progress: came.set() if progress.done == CAME else None)
    )
    await asyncio.wait_for(came.wait(), 10)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert files(songs) == [PART, f"{PART}.json"]
    cdn.files["/song.mp3"] = GOOD
    assert as_sent((await downloader.download(song, songs)).song_path) == mp3()
    assert cdn.asked[-1].start == CAME - 4096


async def test_a_disk_that_is_full_keeps_what_fitted(cdn: Cdn, song: Job, downloader: Downloader, songs: Path) -> None:
    cdn.files["/song.mp3"] = GOOD
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (CAME, hard))
    try:
        with pytest.raises(DiskFull, match="No room is left"):
            await downloader.download(song, songs)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert files(songs) == [PART, f"{PART}.json"]
    assert (songs / PART).read_bytes() == mp3()[:CAME]
    assert as_sent((await downloader.download(song, songs)).song_path) == mp3()
    assert cdn.asked[-1].start == CAME - 4096


FULL = """
import asyncio, sys
from pathlib import Path
from tests.listening.songs import job
from whisul_tui.listening.download_errors import DiskFull
from whisul_tui.listening.downloads import Downloader

async def main():
    downloader = Downloader()
    folder = Path(sys.argv[1])
    for path in ("said.mp3", "unsaid.mp3"):
        try:
            await downloader.download(job(song_url=sys.argv[2] + path), folder)
        except DiskFull as error:
            print(path, error.__class__.__name__, sorted(p.suffix for p in folder.iterdir()))
    await downloader.aclose()

asyncio.run(main())
"""


def test_on_a_disk_that_is_really_full_nothing_gets_the_name(cdn: Cdn, songs: Path) -> None:
    unshare = shutil.which("unshare")
    songs.mkdir(parents=True)
    mount = f"mount -t tmpfs -o size=3m none '{songs}'"
    if (
        unshare is None
        or subprocess.run([unshare, "-rm", "sh", "-c", mount], capture_output=True, check=False).returncode
    ):
        pytest.skip("no small disk can be mounted here")
    cdn.files["/said.mp3"] = Served(mp3(5_000_000))
    cdn.files["/unsaid.mp3"] = lambda _: Reply(200, chunked([mp3(5_000_000)]), {"Transfer-Encoding": "chunked"})
    run = f"{mount} && exec '{sys.executable}' -c \"$0\" '{songs}' '{cdn.url('/')}'"
    done = subprocess.run(
        [unshare, "-rm", "sh", "-c", run, FULL], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.stdout.splitlines() == ["said.mp3 DiskFull []", "unsaid.mp3 DiskFull ['.json', '.part']"], done.stderr


KILLED = """
import asyncio, os, sys
from pathlib import Path
from tests.listening.songs import job
from whisul_tui.listening.downloads import Downloader

deadly = int(sys.argv[3])
count = 0

def hook(event, _):
    global count
    if event in ("os.link", "os.remove", "os.truncate", "open", "os.listdir", "fcntl.flock") and armed:
        count += 1
        if count == deadly:
            os.kill(os.getpid(), 9)

armed = False
sys.addaudithook(hook)

def progress(p):
    global count
    count += 1
    if count == deadly:
        os.kill(os.getpid(), 9)

async def main():
    global armed
    downloader = Downloader()
    armed = True
    await downloader.download(job(song_url=sys.argv[2]), Path(sys.argv[1]), progress)
    armed = False
    await downloader.aclose()

asyncio.run(main())
print("done")
"""


async def test_killed_at_any_step_it_never_leaves_a_wrong_file(
    cdn: Cdn, song: Job, downloader: Downloader, songs: Path
) -> None:
    cdn.files["/song.mp3"] = replace(GOOD, body=mp3(200_000))
    kills = 0
    for step in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10):
        command = [sys.executable, "-c", KILLED, str(songs), cdn.url("/song.mp3"), str(step)]
        done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, check=False, timeout=60)
        kills += done.returncode == -9
        final = songs / f"{NAME}.mp3"
        assert not final.exists() or as_sent(final) == mp3(200_000)
        if done.returncode == 0:
            break
        assert done.returncode == -9, done.stderr
    assert kills >= 5
    assert as_sent((await downloader.download(song, songs)).song_path) == mp3(200_000)
    assert files(songs) == [f"{NAME}.mp3"]


async def test_killed_between_two_names_the_finished_song_is_not_touched(
    cdn: Cdn, song: Job, downloader: Downloader, songs: Path
) -> None:
    make(songs)
    (songs / f"{NAME}.mp3").write_bytes(OTHER)
    os.link(songs / f"{NAME}.mp3", songs / PART)
    cdn.files["/song.mp3"] = GOOD
    kept = await downloader.download(song, songs)
    assert (songs / f"{NAME}.mp3").read_bytes() == OTHER
    assert as_sent(kept.song_path) == mp3()


@pytest.mark.parametrize("exclusive_rename", [True, False])
def test_without_hard_links_a_name_is_still_never_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, exclusive_rename: bool
) -> None:
    def no_links(*_: object, **__: object) -> None:
        raise PermissionError(1, "no links here")

    monkeypatch.setattr(os, "link", no_links)
    if not exclusive_rename:
        monkeypatch.setattr("whisul_tui.listening.placing._renamed", lambda *_: False)
    (tmp_path / "song.mp3").write_bytes(b"another")
    (tmp_path / "part").write_bytes(b"new")
    assert place(tmp_path / "part", tmp_path, "song", ".mp3") == (tmp_path / "song (2).mp3", False)
    (tmp_path / "part").write_bytes(b"new")
    assert place(tmp_path / "part", tmp_path, "song", ".mp3") == (tmp_path / "song (2).mp3", True)
    assert sorted(path.read_bytes() for path in tmp_path.glob("*.mp3")) == [b"another", b"new"]
    assert not (tmp_path / "part").exists()


async def test_a_name_taken_ninety_nine_times_is_said(cdn: Cdn, song: Job, downloader: Downloader, songs: Path) -> None:
    make(songs)
    for number in range(1, 100):
        (songs / (f"{NAME}.mp3" if number == 1 else f"{NAME} ({number}).mp3")).write_text("x")
    cdn.files["/song.mp3"] = GOOD
    with pytest.raises(NotStored, match="99 other files"):
        await downloader.download(song, songs)


@given(st.text() | st.binary().map(lambda raw: raw.decode("latin-1")))
def test_whatever_stands_beside_a_part_is_read_without_harm(text: str) -> None:
    assert Remote.read(text) is None


@given(
    st.builds(
        Remote,
        total=st.integers(0, 10**12),
        etag=st.text(max_size=40),
        changed=st.text(max_size=40),
        kind=st.text(max_size=40),
    )
)
def test_what_the_server_said_is_read_as_it_was_written(remote: Remote) -> None:
    assert Remote.read(remote.written()) == remote
    assert Remote.read(remote.written()[:-1]) is None
    assert Remote.read(remote.written().replace('"version": 1', '"version": 2')) is None
