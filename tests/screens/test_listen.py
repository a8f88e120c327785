"""The Listen screen by its keys; what leaves it is caught on its way to the workers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import fields
from typing import Any

import pytest
from textual.message import Message

from tests.support.acting import Acting, acting
from whisul_tui.app import WhisulApp
from whisul_tui.domain import JobState
from whisul_tui.messages import CopyWanted, DownloadWanted, JobsChanged, SoundSteered, SoundWanted

SONGS = [
    {"title": name, "ago": 1000.0 * (9 - n), "prompt": f"prompt of {name}"}
    for n, name in enumerate(("Old", "Mid", "New"))
]
ASKED = ("sound_wanted", "sound_steered", "download_wanted", "copy_wanted")


@asynccontextmanager
async def listening(
    monkeypatch: pytest.MonkeyPatch, jobs: Any = SONGS, size: tuple[int, int] = (80, 24), **settings: Any
) -> AsyncIterator[tuple[Acting, list[Message]]]:
    """The screen, and the messages that reached the app."""
    heard: list[Message] = []
    for name in ASKED:
        monkeypatch.setattr(WhisulApp, f"on_{name}", lambda self, message: heard.append(message))
    async with acting("listen", jobs, size=size, **settings) as shown:
        yield shown, heard


def title(shown: Acting) -> str:
    """The title on the card."""
    return shown.lines()[3].strip()


async def test_the_newest_song_is_shown_first_and_keys_step_through_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """At either end a step stays where it is."""
    async with listening(monkeypatch) as (shown, _):
        seen = []
        for key in ("j", "down", "right", "k", "up", "left", "left"):
            seen.append(title(shown))
            await shown.press(key)
        assert seen == ["New", "Mid", "Old", "Old", "Mid", "New", "New"]
        assert "1 of 3" in shown.text()


async def test_enter_on_jobs_opens_that_song(monkeypatch: pytest.MonkeyPatch) -> None:
    async with listening(monkeypatch) as (shown, _):
        await shown.press("escape", "j", "enter")
        assert (shown.mode, title(shown)) == ("listen", "Mid")
        await shown.press("h")
        assert shown.mode == "jobs"


async def test_keys_ask_the_app(monkeypatch: pytest.MonkeyPatch) -> None:
    async with listening(monkeypatch, SONGS[:1]) as (shown, heard):
        job = shown.stage.store.get(shown.stage.numbers[0])
        assert job is not None
        assert job.song is not None
        wanted: dict[str, Message] = {
            "o": SoundWanted(job),
            "p": SoundWanted(job, on_host=True),
            "y": CopyWanted(job.song.song_url or "", "link"),
            "d": DownloadWanted((job,)),
            "space": SoundSteered("pause"),
            "less_than_sign": SoundSteered("seek", -10),
            "greater_than_sign": SoundSteered("seek", 10),
            "plus": SoundSteered("volume", 5),
            "minus": SoundSteered("volume", -5),
        }
        for key, expected in wanted.items():
            await shown.press(key)
            message = heard.pop()
            names = [field.name for field in fields(expected)]  # type: ignore[arg-type]  # all of them are dataclasses
            assert type(message) is type(expected)
            assert [getattr(message, name) for name in names] == [getattr(expected, name) for name in names]


async def test_again_edit_star_forget_and_undo(monkeypatch: pytest.MonkeyPatch) -> None:
    async with listening(monkeypatch) as (shown, _):
        old, mid, new = shown.stage.numbers
        await shown.press("asterisk")
        assert shown.called("star") == [(new, True)]
        assert "★" in shown.text()
        await shown.press("a")
        assert shown.called("submit_all") == [("prompt of New",)]
        await shown.press("x")
        assert shown.called("forget") == [((new,),)]
        assert title(shown) == "Mid"
        await shown.press("u", "u")  # first the prompt that is held, then the song
        assert shown.called("restore") == [((new,),)]
        await shown.press("e")
        assert (shown.mode, shown.editor.text) == ("write", "prompt of Mid")
        assert (old, mid) == (1, 2)


@pytest.mark.parametrize(("key", "sheet"), [("v", "LinkSheet"), ("Y", "CopyMenu")])
async def test_sheets_open_and_close(monkeypatch: pytest.MonkeyPatch, key: str, sheet: str) -> None:
    async with listening(monkeypatch) as (shown, _):
        await shown.press(key)
        assert shown.sheet == sheet
        await shown.press("escape")
        assert shown.sheet == "ListenScreen"


async def test_the_empty_screen_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    async with listening(monkeypatch, []) as (shown, heard):
        assert "No song yet" in shown.text()
        for key in ("o", "p", "y", "d", "j", "k", "a", "e", "x", "asterisk", "v", "Y"):
            await shown.press(key)
        assert not heard
        assert shown.sheet == "ListenScreen"
        await shown.press("c")
        assert shown.mode == "write"


async def test_a_first_song_appears_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    async with listening(monkeypatch, [{"state": "running", "ago": 60.0}]) as (shown, _):
        assert "No song yet" in shown.text()
        shown.stage.store.settled(shown.stage.numbers[0], JobState.COMPLETED, shown.stage.now.timestamp())
        await shown.tell(shown.stage.numbers[0])
        assert "1 of 1" in shown.text()
        assert "Whisul gave no link for this song." in shown.text()


async def test_what_happens_with_the_song_stands_under_it(monkeypatch: pytest.MonkeyPatch) -> None:
    async with listening(monkeypatch, SONGS[:1]) as (shown, _):
        desk, number = shown.app.desk, shown.stage.numbers[0]
        assert desk is not None
        hearing = desk.hearing
        hearing.number, hearing.sentence, hearing.playing = number, "Starting mpv on this machine.", True
        desk.changed.publish(JobsChanged(frozenset({number})))
        await shown.pilot.pause()
        assert "▶ Starting mpv on this machine." in shown.text()
        from whisul_tui.desk import Keeping

        desk.keeping[number] = Keeping(2_000_000, 4_000_000)
        desk.changed.publish(JobsChanged(frozenset({number})))
        await shown.pilot.pause()
        assert "2.0 of 4.0 MB" in shown.text()
        line = next(line for line in shown.lines() if "4.0 MB" in line)
        assert abs(line.count("━") - line.count("─")) <= 1
        desk.keeping[number] = Keeping(sentence="Kept [/] it. " * 12)
        desk.changed.publish(JobsChanged(frozenset({number})))
        await shown.pilot.pause()
        assert shown.words().count("Kept [/] it.") == 12


async def test_songs_stand_beside_from_120_columns_on(monkeypatch: pytest.MonkeyPatch) -> None:
    many = [{"title": f"Song {n}", "ago": 100_000.0 - n} for n in range(60)]
    async with listening(monkeypatch, many, size=(120, 30)) as (shown, _):
        assert sum("Song" in line[74:] for line in shown.lines()) == 26
        for _ in range(30):
            await shown.press("j")
        marked = [line for line in shown.lines() if "▸ Song 29 " in line]
        assert len(marked) == 1  # the shown one is marked, in the middle
        assert 10 < shown.lines().index(marked[0]) < 20
        await shown.pilot.click("SongList", offset=(5, 0))
        assert title(shown)[:7] in next(line for line in shown.lines() if "▸" in line)


async def test_a_long_prompt_keeps_to_its_column_and_scrolls(monkeypatch: pytest.MonkeyPatch) -> None:
    async with listening(monkeypatch, [{"prompt": "many words " * 300}]) as (shown, _):
        rows = [line for line in shown.lines() if "many words" in line]
        assert rows[0].startswith("  Prompt  many words")
        assert all(line.startswith((" " * 10 + "many", " " * 10 + "words")) for line in rows[1:])
        await shown.press("pagedown", "pagedown", "pagedown", "pagedown")
        assert "Done" in shown.text()


async def test_ascii_terminals_get_ascii(monkeypatch: pytest.MonkeyPatch) -> None:
    async with listening(monkeypatch, [{"starred": True}], glyphs="ascii") as (shown, _):
        body = "\n".join(shown.lines()[2:])
        assert body.isascii()
