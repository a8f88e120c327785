"""Notes and stems beside the song, and the stage of what is still being made."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import pytest

from tests.studio.support import Served, serving, until
from tests.studio.tiny import MIDI


def test_the_notes_lie_beside_the_song(studio: Served) -> None:
    song = str(studio.song()["song_url"])
    answer = studio.http.get(song.replace(".mp3", ".mid"))
    assert (answer.status_code, answer.content, answer.headers["content-type"]) == (200, MIDI, "audio/midi")


def test_stems_are_listed_rendered_once_and_served(studio: Served, tmp_path: Path) -> None:
    log = tmp_path / "order"
    job_id = studio.submit(f"order {log} x, seed 3")
    studio.end_of(job_id)
    listed = studio.http.get(f"/songs/{job_id}/stems/")
    assert listed.status_code == 200
    stems = {stem["name"]: stem["url"] for stem in listed.json()["stems"]}
    assert set(stems) == {"drums", "bass"}
    drums = studio.http.get(stems["drums"])
    assert (drums.content, drums.headers["content-type"]) == (f"drums order {log} x 3".encode(), "audio/mpeg")
    assert studio.http.get(stems["drums"], headers={"Range": "bytes=0-4"}).content == b"drums"
    assert log.read_text().split() == ["x", "stems"]


def test_stems_of_a_variation_are_made_from_its_song(studio: Served) -> None:
    first = studio.submit("first, seed 5")
    studio.end_of(first)
    second = studio.submit(f"variation of {first}")
    studio.end_of(second)
    assert studio.http.get(f"/songs/{second}/stems/bass.mp3").content == b"bass first#5<"


def test_what_has_no_stems_is_not_there(studio: Served) -> None:
    assert studio.http.get("/songs/81fa5ff7-6197-4c24-8062-c0ff8b62d58d/stems/").status_code == 404
    job_id = studio.submit("lofi")
    studio.end_of(job_id)
    assert studio.http.get(f"/songs/{job_id}/stems/flute.mp3").status_code == 404
    assert studio.http.get(f"/songs/{job_id}/stems/..%2f..%2fstudio.db").status_code == 404
    failing = studio.submit("stemless")
    studio.end_of(failing)
    assert studio.http.get(f"/songs/{failing}/stems/").status_code == 500
    assert studio.http.get(f"/songs/{job_id}/stems/").status_code == 200


def test_a_running_job_tells_its_stage_and_a_finished_one_does_not(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "whisul.studio")
    gates = [tmp_path / f"gate{number}" for number in range((os.cpu_count() or 1) + 1)]
    with serving(tmp_path / "studio") as studio:
        running = [studio.submit(f"wait {gate}") for gate in gates]

        def stage(job_id: str) -> str:
            return studio.http.get(f"/api/jobs/{job_id}").headers.get("x-studio-stage", "")

        until(lambda: stage(running[0]) == "waiting 50%")
        assert "queued 0%" in {stage(job_id) for job_id in running}  # more songs than this machine has cores
        for gate in gates:
            gate.touch()
        for job_id in running:
            studio.end_of(job_id)
        assert stage(running[0]) == ""
    assert f"job {running[0]} waiting" in caplog.messages


def test_a_song_that_keeps_its_pace_is_ready(tmp_path: Path) -> None:
    with serving(tmp_path, pace=600.0) as studio:
        job_id = studio.submit("lofi")
        url = f"/api/jobs/{job_id}"
        until(lambda: studio.http.get(url).headers.get("x-studio-stage") == "ready 100%")
