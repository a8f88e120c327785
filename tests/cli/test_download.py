"""`download`: files, their paths on standard output, and what is said where there is nothing to keep."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Bring, Run
from tests.cli.whisul import MP3, PNG, Whisul
from whisul_tui.domain import JobState, Song
from whisul_tui.listening import renewed
from whisul_tui.paths import Paths
from whisul_tui.storage import JobStore


def a_song(whisul: Whisul, name: str = "a.mp3") -> Song:
    return Song("Rain on Neon", 82.0, 183.0, whisul.link(name), whisul.link("a.png"), ("lofi",))


def test_paths_of_song_and_cover(run: Run, whisul: Whisul, bring: Bring, tmp_path: Path) -> None:
    job = bring(JobState.COMPLETED, song=a_song(whisul))
    ran = run("download", job.short_id, "--to", str(tmp_path / "here"))
    assert (ran.code, ran.err) == (0, "")
    song, cover = map(Path, ran.out.splitlines())
    assert (song.read_bytes()[-4100:], cover.read_bytes()) == (MP3[10:], PNG), "a tag of ours, and the music"
    assert {song.parent, cover.parent} == {tmp_path / "here"}
    assert run("download", job.short_id, "--to", str(tmp_path / "here")).out == ran.out
    assert len(list((tmp_path / "here").iterdir())) == 2


def test_plain_is_a_line_a_step(run: Run, whisul: Whisul, bring: Bring, tmp_path: Path) -> None:
    gone, good = (bring(JobState.COMPLETED, song=a_song(whisul, name)).short_id for name in ("gone", "a.mp3"))
    ran = run("download", "--plain", "--all", "--to", str(tmp_path / "two  blanks"))
    lines = [line.split(" ", 3) for line in ran.out.splitlines()]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", moment) for moment, *_ in lines)
    assert sorted((job, word) for _, job, word, _ in lines) == sorted(
        [(gone, "downloading"), (good, "downloading"), (good, "kept"), (good, "kept")])  # fmt: skip
    kept = [Path(what) for _, _, word, what in lines if word == "kept"]
    assert [path.suffix for path in kept] == [".mp3", ".png"]
    assert all(path.is_file() for path in kept)
    assert ran.code == 4
    assert gone in ran.err
    assert "Playlist: " in ran.err
    assert run("download", "--plain", "--json", good).code == 2


def test_the_folder_of_the_settings(run: Run, whisul: Whisul, bring: Bring, paths: Paths, tmp_path: Path) -> None:
    text = paths.config_file.read_text()
    paths.config_file.write_text(f'{text}[downloads]\nfolder = "{tmp_path / "mine"}"\nname = "{{title}}"\n')
    found = run("download", bring(JobState.COMPLETED, song=a_song(whisul)).short_id, "--json").json
    assert found["song_file"] == str(tmp_path / "mine" / "Rain on Neon.mp3")
    assert found["title"] == "Rain on Neon"


def test_several_go_on_after_a_failure_and_the_first_one_decides(
    run: Run, whisul: Whisul, bring: Bring, tmp_path: Path
) -> None:
    gone = bring(JobState.COMPLETED, song=a_song(whisul, "gone"))
    good = bring(JobState.COMPLETED, song=a_song(whisul))
    ran = run("download", gone.short_id, good.short_id, "--json", "--to", str(tmp_path))
    assert ran.code == 4
    assert [bool(job["song_file"]) for job in ran.json] == [False, True]
    assert ran.err.startswith(gone.short_id)


@pytest.mark.parametrize(
    ("state", "code", "told"),
    [
        (JobState.RUNNING, 2, "whisul-tui wait"),
        (JobState.HELD, 2, "whisul-tui wait"),
        (JobState.FAILED, 5, "failed"),
        (JobState.REJECTED, 6, "rejected"),
        (JobState.EXPIRED, 4, "expired"),
        (JobState.UNCONFIRMED, 8, "unconfirmed"),
        (JobState.COMPLETED, 1, "no link"),
    ],
)
def test_where_there_is_no_song(run: Run, bring: Bring, state: JobState, code: int, told: str) -> None:
    ran = run("download", bring(state).short_id)
    assert (ran.code, ran.out) == (code, "")
    assert told in ran.err


def test_a_folder_that_cannot_be_made(run: Run, whisul: Whisul, bring: Bring, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ran = run("download", bring(JobState.COMPLETED, song=a_song(whisul)).short_id, "--to", str(tmp_path / "file" / "x"))
    assert (ran.code, ran.out) == (1, "")
    assert ran.err


def test_only_https_leaves_the_machine(run: Run, bring: Bring, tmp_path: Path) -> None:
    song = Song(song_url="http://cdn.example/a.mp3")
    ran = run("download", bring(JobState.COMPLETED, song=song).short_id, "--to", str(tmp_path))
    assert ran.code == 1
    assert "https" in ran.err


def test_a_dead_link_is_asked_for_anew_once(
    run: Run, whisul: Whisul, bring: Bring, store: JobStore, tmp_path: Path
) -> None:
    """The song's link and the cover's; what Whisul says is kept in the store, too."""
    whisul.jobs["known-job"] = "soft rain"
    whisul.polls_before_end = 0
    job = bring(JobState.COMPLETED, job_id="known-job", song=a_song(whisul, "gone"))
    ran = run("download", job.short_id, "--to", str(tmp_path))
    assert (ran.code, ran.err) == (0, "")
    assert len(ran.out.splitlines()) == 2
    asked = [request.path for request in whisul.requests]
    assert asked.count("/api/jobs/known-job") == 1
    found = store.get(job.number)
    assert found is not None
    assert found.song is not None
    assert (found.song.song_url, found.song.title) == (whisul.link("known-job.mp3"), "Rain on Neon")
    assert run("download", job.short_id, "--to", str(tmp_path)).code == 0
    assert [request.path for request in whisul.requests].count("/api/jobs/known-job") == 1, "it is known now"


def test_a_dead_cover_is_asked_for_anew(run: Run, whisul: Whisul, bring: Bring, tmp_path: Path) -> None:
    whisul.jobs["known-job"] = "soft rain"
    whisul.polls_before_end = 0
    song = Song("Rain on Neon", 82.0, 183.0, whisul.link("a.mp3"), whisul.link("gone"))
    ran = run("download", bring(JobState.COMPLETED, job_id="known-job", song=song).short_id, "--to", str(tmp_path))
    assert (ran.code, ran.err) == (0, "")
    assert [Path(line).suffix for line in ran.out.splitlines()] == [".mp3", ".png"]


def test_a_job_that_whisul_has_forgotten_is_expired(
    run: Run, whisul: Whisul, bring: Bring, store: JobStore, tmp_path: Path
) -> None:
    """The song's facts stay."""
    job = bring(JobState.COMPLETED, song=a_song(whisul, "gone"))
    ran = run("download", job.short_id, "--to", str(tmp_path))
    assert (ran.code, ran.out) == (4, "")
    assert "dead" in ran.err
    found = store.get(job.number)
    assert found is not None
    assert (found.state, found.song) == (JobState.EXPIRED, job.song)


def test_a_song_of_another_account_is_not_asked_for(run: Run, whisul: Whisul, bring: Bring, tmp_path: Path) -> None:
    """Its key would go to the wrong place."""
    job = bring(JobState.COMPLETED, song=a_song(whisul, "gone"), profile="local")
    ran = run("download", job.short_id, "--to", str(tmp_path))
    assert ran.code == 4
    assert "another account" in ran.err
    assert not [request for request in whisul.requests if "/jobs/" in request.path]


def test_a_repetition_says_that_it_was_none(run: Run, whisul: Whisul, bring: Bring, tmp_path: Path) -> None:
    job = bring(JobState.COMPLETED, song=a_song(whisul))
    run("download", job.short_id, "--to", str(tmp_path))
    assert "It was there already; nothing was downloaded." in run("download", job.short_id, "--to", str(tmp_path)).err


def test_all_of_a_search_with_a_playlist(run: Run, whisul: Whisul, bring: Bring, tmp_path: Path) -> None:
    """In the list's order, names alone; jobs without a song are left out; a second time nothing comes twice."""
    for prompt, title in (("slow blues", "One"), ("soft rain", "Two / Rain"), ("rain again", "Three")):
        song = Song(title, 82.0, 183.4, whisul.link(f"{title[0]}.mp3"), None, ())
        bring(JobState.COMPLETED, prompt, song=song)
    bring(JobState.FAILED, "rain that failed")
    ran = run("download", "--all", "--search", "rain", "--to", str(tmp_path / "r"))
    assert (ran.code, ran.err) == (0, "")
    *songs, playlist = map(Path, ran.out.splitlines())
    assert playlist == tmp_path / "r" / "rain.m3u8"
    assert playlist.read_text().splitlines() == [
        "#EXTM3U",
        "#PLAYLIST:rain",
        "#whisul-tui",
        "#EXTINF:183,Three",
        songs[0].name,
        "#EXTINF:183,Two / Rain",
        songs[1].name,
    ]
    assert all((playlist.parent / line).is_file() for line in playlist.read_text().splitlines() if line[0] != "#")
    again = run("download", "--all", "--search", "rain", "--to", str(tmp_path / "r"))
    assert again.out == ran.out
    assert "2 of 2 songs were there already" in again.err
    everything = run("download", "--all", "--to", str(tmp_path / "r"), "--json")
    assert [job["title"] for job in everything.json] == ["Three", "Two / Rain", "One"]
    assert sorted(path.name for path in (tmp_path / "r").glob("*.m3u8")) == ["rain.m3u8", "whisul.m3u8"]


def test_a_playlist_of_what_could_be_had(run: Run, whisul: Whisul, bring: Bring, tmp_path: Path) -> None:
    bring(JobState.COMPLETED, song=a_song(whisul))
    bring(JobState.COMPLETED, song=a_song(whisul, "gone"))
    ran = run("download", "--all", "--to", str(tmp_path))
    assert ran.code == 4
    assert (tmp_path / "whisul.m3u8").read_text().count("#EXTINF") == 1


def test_a_playlist_of_somebody_else_is_left_alone(run: Run, whisul: Whisul, bring: Bring, tmp_path: Path) -> None:
    bring(JobState.COMPLETED, song=a_song(whisul))
    (tmp_path / "whisul.m3u8").write_text("#EXTM3U\nmine.mp3\n")
    assert run("download", "--all", "--to", str(tmp_path)).out.splitlines()[-1] == str(tmp_path / "whisul (2).m3u8")
    assert (tmp_path / "whisul.m3u8").read_text() == "#EXTM3U\nmine.mp3\n"


@pytest.mark.parametrize("words", [(), ("abc", "--all"), ("abc", "--search", "x")])
def test_jobs_or_all_and_not_both(run: Run, whisul: Whisul, words: tuple[str, ...]) -> None:
    ran = run("download", *words)
    assert (ran.code, ran.out) == (2, "")


def test_all_of_nothing_is_no_failure(run: Run, whisul: Whisul) -> None:
    ran = run("download", "--all")
    assert (ran.code, ran.out, ran.err) == (0, "", "There are no songs yet.\n")


def test_three_are_fetched_at_once_and_told_in_the_order_they_were_named(
    run: Run, whisul: Whisul, bring: Bring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    together, fetch = asyncio.Barrier(3), renewed.download

    async def meet(*words: Any) -> Any:
        async with asyncio.timeout(20):  # runs out where they come one after the other
            await together.wait()
        return await fetch(*words)

    monkeypatch.setattr(renewed, "download", meet)
    jobs = [bring(JobState.COMPLETED, song=a_song(whisul, f"{name}.mp3")) for name in "abc"]
    ran = run("download", *(job.short_id for job in jobs), "--to", str(tmp_path / "here"))
    assert (ran.code, ran.err) == (0, "")
    assert [job.short_id in line for job, line in zip(jobs, ran.out.splitlines()[::2], strict=True)] == [True] * 3
