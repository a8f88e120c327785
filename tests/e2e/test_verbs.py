"""The verbs without a screen, as scripts call them: on the real studio, on a bad day, and interrupted."""

from __future__ import annotations

import json
import re
import shlex
import signal
import subprocess
from collections.abc import Callable
from contextlib import ExitStack

from mutagen.mp3 import MP3
from PIL import Image

from tests.e2e.acting import until
from tests.e2e.partner import Partner
from tests.e2e.places import PROGRAM, Place


def test_generate_wait_and_download_give_a_song_and_a_cover(place: Place) -> None:
    """The real studio, started by the verb itself."""
    kept = place.folder / "songs"
    done = place.run("--local", "generate", "chiptune, fast, 150 bpm", "--wait", "--download", str(kept), "--json")
    assert done.returncode == 0, done.stderr
    job = json.loads(done.stdout)
    assert job["state"] == "completed"
    (song,) = kept.glob("*.mp3")
    sound = MP3(song)
    assert sound.info.length > 20
    assert abs(sound.info.length - job["seconds"]) < 2
    (cover,) = (path for path in kept.iterdir() if path.suffix in (".jpg", ".png"))
    with Image.open(cover) as image:
        assert image.size == (1024, 1024)
    assert not list(kept.glob("*.part"))
    assert "\x1b" not in done.stdout + done.stderr


def test_what_becomes_of_a_job_is_the_exit_code(place: Place, studio: Callable[..., Partner]) -> None:
    studio("--fault", "jobfail=1")
    failed = place.run("generate", "bound to fail", "--wait")
    assert failed.returncode == 5
    job_id = failed.stdout.split()[0]
    assert place.run("wait", job_id[:8]).returncode == 5
    assert place.run("show", job_id).returncode == 0
    assert place.run("wait", "nosuchjob").returncode == 4
    assert place.run("generate", "").returncode == 2
    assert place.run("generate", "x" * 100_000).returncode == 2
    del place.variables["WHISUL_API_KEY"]
    no_key = place.run("generate", "without a key")
    assert no_key.returncode == 3
    place.variables |= {"WHISUL_BASE_URL": "http://127.0.0.1:9/api", "WHISUL_API_KEY": "some-key"}
    unreachable = place.run("generate", "nobody there", "--patience", "0.5")
    assert unreachable.returncode == 7
    for done in (failed, no_key, unreachable):
        assert "Traceback" not in done.stderr


def test_interrupted_waiting_prints_the_line_that_resumes(
    place: Place, studio: Callable[..., Partner], ending: ExitStack
) -> None:
    partner = studio("--pace", "4")
    sent = place.run("generate", "patience rewarded")
    assert sent.returncode == 0
    waiting = ending.enter_context(place.start("wait", sent.stdout.strip()))
    ending.callback(_end, waiting)
    until(partner.polls, 10, "a first poll")
    waiting.send_signal(signal.SIGINT)
    _, told = waiting.communicate(timeout=10)
    assert waiting.returncode == 130
    assert "Traceback" not in told
    found = re.search(r"whisul-tui (wait \S+)\s*$", told)
    assert found, told
    resumed = place.run(*shlex.split(found[1]))
    assert resumed.returncode == 0
    assert "completed" in resumed.stdout
    assert len(partner.submissions()) == 1


def test_a_verb_whose_reader_leaves_ends_quietly(place: Place, studio: Callable[..., Partner]) -> None:
    studio()
    place.run("generate", "one of many")
    shell = f"{shlex.join([*PROGRAM, 'jobs'])} | true"
    done = subprocess.run(
        ["/bin/sh", "-c", shell], env=place.environment(), cwd=place.folder, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""


def _end(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.kill()
