"""Setup by its keys: a key pasted, kept and never shown; the studio; leaving; another key while a session is open."""

from __future__ import annotations

import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.support.acting import Acting, acting
from whisul_tui.app import WhisulApp
from whisul_tui.paths import find_paths
from whisul_tui.session import Session
from whisul_tui.settings import load_settings, read_file, write_file

KEY = "wh_live_0123456789abcdefghij"


@asynccontextmanager
async def newcomer(size: tuple[int, int] = (80, 24)) -> AsyncIterator[Acting]:
    """The program with nothing set up."""
    paths = find_paths()
    app = WhisulApp(paths, load_settings(paths))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield Acting(app, pilot, None)  # type: ignore[arg-type]  # there is no stage below
    app.close()


def opened(app: WhisulApp) -> Session:
    """The session that is open."""
    assert app.desk is not None
    return app.desk.session


async def settled(shown: Acting) -> None:
    """Waits for the session to be opened."""
    await shown.app.workers.wait_for_complete()
    await shown.pilot.pause()


async def test_a_pasted_key_is_saved_private_and_never_shown() -> None:
    async with newcomer() as shown:
        await shown.press("enter")
        await shown.paste(f"{KEY}\n")
        assert KEY not in shown.text()
        assert "•" * 10 in shown.text()
        await shown.press("enter")
        await settled(shown)
        assert (shown.mode, opened(shown.app).settings.profile.name) == ("write", "default")
        key = opened(shown.app).settings.key
        assert key is not None
        assert key.reveal() == KEY
        path = shown.app.paths.config_file
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert read_file(path) == {"api_key": KEY}
        assert KEY not in shown.text()
        await shown.press("escape", "K")
        assert "profile default, https://whisul.com/api" in shown.text()
        assert KEY not in shown.text()


async def test_the_key_goes_to_the_profile_in_force(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the profile has a key of its own, that one is replaced; the rest of the file stays."""
    monkeypatch.setenv("WHISUL_PROFILE", "work")
    content = {"bell": False, "profiles": {"work": {"base_url": "https://whisul.example/api"}}}
    write_file(find_paths().config_file, content)
    async with newcomer() as shown:
        await shown.press("enter")
        await shown.paste(KEY)
        await shown.press("enter")
        await settled(shown)
        work = {"base_url": "https://whisul.example/api", "api_key": KEY}
        assert read_file(shown.app.paths.config_file) == {"bell": False, "profiles": {"work": work}}
        assert opened(shown.app).settings.profile.name == "work"


@pytest.mark.parametrize(
    ("pasted", "words"), [("", "1 to 512"), ("a key", "without blanks inside"), ("schlüssel", "ASCII")]
)
async def test_a_bad_key_is_explained(pasted: str, words: str) -> None:
    async with newcomer() as shown:
        await shown.press("enter")
        await shown.paste(pasted)
        await shown.press("enter")
        assert words in shown.words()
        assert not shown.app.paths.config_file.exists()
        await shown.press("k")
        assert words not in shown.words()


async def test_a_folder_that_cannot_be_written_is_explained() -> None:
    async with newcomer() as shown:
        shown.app.paths.config_file.parent.write_text("a file where the folder should be")
        await shown.press("enter")
        await shown.paste(KEY)
        await shown.press("enter")
        words = shown.words()
        assert "cannot be" in words
        assert KEY not in words


async def test_escape_goes_from_the_field_to_the_choices_and_forgets_what_was_pasted() -> None:
    async with newcomer() as shown:
        await shown.press("enter")
        await shown.paste(KEY)
        await shown.press("escape")
        assert "paste the key here" not in shown.text()
        await shown.press("enter", "enter")
        assert "An API key is" in shown.text()
        await shown.press("escape", "escape")
        assert shown.mode == "setup"  # there is nothing else to go back to


@pytest.mark.parametrize("down", ["j", "down"])
async def test_the_local_studio_can_be_chosen(down: str) -> None:
    """It is not started for that: only a prompt needs it."""
    async with newcomer() as shown:
        await shown.press(down, "enter")
        await settled(shown)
        assert shown.mode == "write"
        assert opened(shown.app).settings.profile.is_local
        assert shown.lines()[0].endswith(" local")


@pytest.mark.parametrize("keys", [("j", "j", "enter"), ("k", "enter"), ("ctrl+q",)])
async def test_leaving_ends_the_program(keys: tuple[str, ...]) -> None:
    async with newcomer() as shown:
        await shown.press(*keys)
        assert shown.app.return_code == 0
        assert not shown.app.is_running


async def test_another_key_replaces_engine_workers_and_screens() -> None:
    """The old engine is stopped, the gate is opened for the new key, and the draft comes along."""
    async with acting() as shown:
        await shown.type("a draft")
        before = opened(shown.app)
        await shown.press("escape", "K", "enter")
        await shown.paste(KEY)
        await shown.press("enter")
        await settled(shown)
        assert shown.called("stop") == [()]
        after = opened(shown.app)
        assert after.engine is not before.engine
        assert after.settings.key is not None
        assert after.settings.key.reveal() == KEY
        assert (shown.mode, shown.editor.text) == ("write", "a draft")
        shown.stage.engine.tell(1)  # what the old one says goes nowhere
        for _ in range(2):  # and so it goes a second time
            await shown.press("escape", "K", "j", "enter")
            await settled(shown)
        assert opened(shown.app).settings.profile.is_local
        await shown.press("escape")
        assert shown.mode == "jobs"


async def test_the_environments_key_gives_way_now_and_the_user_hears_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """WHISUL_API_KEY wins over the file at every start; the pasted one must count for all that."""
    monkeypatch.setenv("WHISUL_API_KEY", "wh_refused_0123456789")
    async with acting() as shown:
        await shown.press("escape", "K", "enter")
        await shown.paste(KEY)
        await shown.press("enter")
        await settled(shown)
        key = opened(shown.app).settings.key
        assert key is not None
        assert key.reveal() == KEY
        assert any("WHISUL_API_KEY is set" in toast for toast in shown.toasts)


@pytest.mark.parametrize("keys", [("escape",), ("enter", "escape", "escape"), ("k", "enter")])
async def test_with_a_session_one_can_go_back(keys: tuple[str, ...]) -> None:
    async with acting("listen", [{}]) as shown:
        await shown.press("K", *keys)
        assert shown.mode == "listen"
        assert not shown.called("stop")


async def test_a_store_that_cannot_be_opened_is_explained_there() -> None:
    async with newcomer() as shown:
        shown.app.paths.database.mkdir(parents=True)  # a folder where the file should be
        await shown.press("j", "enter")
        await settled(shown)
        assert shown.mode == "setup"
        assert "The job store" in shown.words()
        await shown.press("down")
        assert shown.app.focused is not None


async def test_settings_that_are_wrong_are_explained_there() -> None:
    async with newcomer() as shown:
        path = shown.app.paths.config_file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("bell = 7\n")
        await shown.press("j", "enter")
        await settled(shown)
        assert "bell is 7" in shown.words()
