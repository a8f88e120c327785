"""Settings, theme and profile by their keys: what is shown, written, and in force at once."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.support.acting import Acting, acting
from tests.support.stage import put as put_job
from whisul_tui.messages import ProfileChosen
from whisul_tui.paths import find_paths
from whisul_tui.screens.profile_choice import choices
from whisul_tui.settings import ROWS, load_settings, read_file
from whisul_tui.widgets.choice_list import ChoiceList
from whisul_tui.workers.configuring import Configured

KEY = "wh_0123456789abcdefCANARY"


def config() -> Path:
    return find_paths().config_file


def put(text: str) -> None:
    config().parent.mkdir(parents=True, exist_ok=True)
    config().write_text(text)
    config().chmod(0o600)


async def at(shown: Acting, name: str) -> None:
    """Opens the settings with the cursor on one of them."""
    await shown.press("comma")
    options = shown.app.screen.query_one(ChoiceList)
    options.highlighted = options.get_option_index(name)
    await shown.pilot.pause()


# Settings -----------------------------------------------------------------------------------------------------------


async def test_settings_show_value_origin_and_what_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    put("undo_seconds = 9\n")
    monkeypatch.setenv("WHISUL_API_KEY", "wh_0123456789abcdef")
    async with acting("jobs", size=(120, 46)) as shown:
        await at(shown, "undo_seconds")
        text = shown.text()
        assert re.search(r"undo_seconds +9 +file", text)
        assert re.search(r"api_key +••••cdef +environment", text)
        assert "0123456789" not in text
        assert re.search(r"bell +true +default", text)
        assert "Allowed: a number from 0 to 60." in text
        assert "In force at once." in text


async def test_a_flag_toggles_is_written_and_in_force() -> None:
    async with acting("jobs") as shown:
        await at(shown, "bell")
        for key, value in (("enter", False), ("space", True), ("left", False)):
            await shown.press(key)
            assert read_file(config()) == {"bell": value}
            assert shown.app.settings.flag("bell") is value
        await shown.press("x")
        assert read_file(config()) == {}
        assert shown.app.settings.flag("bell") is True


async def test_choices_cycle_and_signs_change_at_once() -> None:
    async with acting("jobs", [{}], size=(80, 40)) as shown:
        assert "✓ completed" in shown.text()
        await at(shown, "glyphs")
        await shown.press("left")
        assert read_file(config()) == {"glyphs": "ascii"}
        await shown.press("escape")
        assert "+ completed" in shown.text() or "* completed" in shown.text()
        assert "✓" not in shown.text()


async def test_a_number_is_typed_and_a_wrong_one_refused_with_the_reason() -> None:
    async with acting("jobs") as shown:
        await at(shown, "undo_seconds")
        await shown.press("enter", "backspace", "9", "9", "enter")
        assert "undo_seconds is 99.0; allowed is a number from 0 to 60." in shown.words()
        assert not config().exists()
        await shown.press("backspace", "enter")
        assert read_file(config()) == {"undo_seconds": 9.0}
        assert shown.stage.engine.undo_seconds == 9.0
        await shown.press("enter", "escape")
        assert shown.sheet == "SettingsScreen"
        await shown.press("escape")
        assert shown.sheet == "JobsScreen"


async def test_every_setting_with_few_values_is_changed_and_changed_back() -> None:
    async with acting("jobs", [{"state": "running"}], size=(100, 40)) as shown:
        await shown.press("comma")
        options = shown.app.screen.query_one(ChoiceList)
        for row in (row for row in ROWS if row.choices):
            options.highlighted = options.get_option_index(row.name)
            await shown.press("enter")
            assert load_settings(find_paths(), environ={}).values[row.name] != row.default, row.name
            await shown.press("x")
            assert load_settings(find_paths(), environ={}).values[row.name] == row.default, row.name
        assert shown.app.is_running


async def test_what_waits_for_the_session_says_so() -> None:
    async with acting("jobs", size=(120, 46)) as shown:
        await at(shown, "poll_max_seconds")
        await shown.press("enter", "backspace", "backspace", *"20", "enter")
        assert re.search(r"poll_max_seconds +20 +not yet in force", shown.text())
        assert "when the profile is chosen anew" in shown.words()
        assert shown.app.settings.number("poll_max_seconds") == 10


async def test_comments_are_kept_beside_and_it_is_said() -> None:
    text = '# mine\nbell = false\n[profiles.work]\nbase_url = "https://work.example/api"\n'
    put(text)
    async with acting("jobs") as shown:
        await at(shown, "toasts")
        await shown.press("enter")
        assert any("config.toml.bak" in toast for toast in shown.toasts)
        assert config().with_name("config.toml.bak").read_text() == text
        assert read_file(config())["profiles"] == {"work": {"base_url": "https://work.example/api"}}
        await shown.press("enter")
        assert sum("config.toml.bak" in toast for toast in shown.toasts) == 1


async def test_key_and_profile_are_changed_elsewhere() -> None:
    async with acting("jobs") as shown:
        await at(shown, "api_key")
        await shown.press("enter")
        assert "K takes a key and saves it" in shown.words()
        await shown.press("x")
        assert not config().exists()


@pytest.mark.parametrize("size", [(80, 24), (60, 16), (40, 10), (20, 5)])
async def test_any_size_is_survived(size: tuple[int, int]) -> None:
    async with acting("jobs", [{}], size=size) as shown:
        for key in ("comma", "f9", "P"):
            await shown.press(key, "j", "G", "g", "escape", "escape")


# The file, changed by hand -------------------------------------------------------------------------------------------


def configured(shown: Acting) -> Configured:
    assert isinstance(shown.app, Configured)
    return shown.app


async def test_what_is_changed_by_hand_is_taken_over_and_told() -> None:
    async with acting("jobs", [{}]) as shown:
        text = 'glyphs = "unicode"\ncovers = "off"\nundo_seconds = 5\ntheme = "nord"\n'
        put(text + 'base_url = "https://other.example"\n[keys]\nsort = "Z"\n')
        configured(shown).configuring.look()
        await shown.pilot.pause()
        assert shown.app.settings.number("undo_seconds") == 5
        assert shown.app.theme == "nord"
        await shown.press("s")
        assert "newest first" in shown.text()
        await shown.press("Z")
        assert "newest first" not in shown.text()
        (toast,) = shown.toasts
        assert "undo_seconds is 5 now" in toast
        assert "the keys are others now" in toast
        assert "base_url is in force when the profile is chosen anew" in toast
        configured(shown).configuring.look()
        assert len(shown.toasts) == 1


async def test_a_wrong_file_is_refused_with_the_reason_at_the_second_look() -> None:
    """At the first an editor may be half through."""
    async with acting("jobs") as shown:
        put("undo_seconds = 600\nbell = false\n")
        configured(shown).configuring.look()
        assert shown.toasts == []
        configured(shown).configuring.look()
        await shown.pilot.pause()
        (toast,) = shown.toasts
        assert "config.toml: undo_seconds is 600; allowed is a number from 0 to 60." in toast
        assert "stay in force" in toast
        assert shown.app.settings.flag("bell")
        configured(shown).configuring.look()
        assert len(shown.toasts) == 1
        put("bell = false\n")
        shown.app.on_app_focus()
        assert not shown.app.settings.flag("bell")


async def test_another_profile_by_hand_is_told_and_one_that_is_not_there_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    staged = 'glyphs = "unicode"\ncovers = "off"\n'  # as the stage has them
    async with acting("jobs") as shown:
        put(staged + 'profile = "work"\n[profiles.work]\nbase_url = "https://work.example/api"\n')
        configured(shown).configuring.look()
        await shown.pilot.pause()
        assert shown.toasts == ["config.toml: profile work is in force at the next start, P opens it now."]
        put(staged + 'profile = "wrok"\n[profiles.work]\nbase_url = "https://work.example/api"\n')
        configured(shown).configuring.look()
        configured(shown).configuring.look()
        await shown.pilot.pause()
        assert "config.toml: there is no profile 'wrok'; known are: default, local, work." in shown.toasts[-1]
        assert "stay in force" in shown.toasts[-1]
        put(staged + 'profile = "work"\n[profiles.work]\nbase_url = "https://work.example/api"\n')
        configured(shown).configuring.look()
        await shown.pilot.pause()
        assert len(shown.toasts) == 2  # as was told before
        put(staged + 'profile = "local"\n')
        monkeypatch.setenv("WHISUL_PROFILE", "default")
        configured(shown).configuring.look()
        await shown.pilot.pause()
        assert "profile is local there, but WHISUL_PROFILE says default" in shown.toasts[-1]


async def test_a_file_that_is_taken_away_leaves_the_defaults() -> None:
    put("undo_seconds = 9\n")
    async with acting("jobs") as shown:
        config().unlink()
        configured(shown).configuring.look()
        assert shown.app.settings.number("undo_seconds") == 3


async def test_an_unknown_theme_and_wrong_keys_are_told_at_the_start() -> None:
    folder = find_paths().themes_dir
    folder.mkdir(parents=True)
    folder.joinpath("bad.toml").write_text("primary = 3")
    async with acting("jobs", theme="nrod") as shown:
        assert any("bad.toml: primary is 3" in toast for toast in shown.toasts)
        assert any("There is no theme 'nrod': whisul-dark is in force" in toast for toast in shown.toasts)


# Themes ---------------------------------------------------------------------------------------------------------------


async def test_themes_are_seen_as_one_moves_and_escape_brings_the_one_before_back() -> None:
    async with acting("write") as shown:
        await shown.press("f9", "down")
        assert shown.app.theme == "whisul-light"
        await shown.press("j", "j")
        assert shown.app.theme == "colourblind-light"
        await shown.press("escape")
        assert shown.app.theme == "whisul-dark"
        assert not config().exists()


async def test_enter_keeps_the_theme_for_the_next_start() -> None:
    async with acting("jobs") as shown:
        await shown.press("f9", "j", "j", "enter")
        assert read_file(config()) == {"theme": "colourblind-dark"}
        assert shown.sheet == "JobsScreen"
        assert shown.app.theme == "colourblind-dark"
        assert shown.app.settings.text("theme") == "colourblind-dark"
    async with acting("jobs", theme=load_settings(find_paths(), environ={}).text("theme")) as shown:
        assert shown.app.theme == "colourblind-dark"


async def test_a_theme_of_the_palette_is_kept_too() -> None:
    async with acting("jobs") as shown:
        await shown.press("colon")
        await shown.type("theme: nord")
        await shown.pilot.pause(0.3)
        await shown.press("down", "enter")
        assert shown.app.theme == "nord"
        assert read_file(config()) == {"theme": "nord"}


async def test_the_users_own_themes_are_in_the_list() -> None:
    folder = find_paths().themes_dir
    folder.mkdir(parents=True)
    folder.joinpath("mine.toml").write_text('primary = "#336699"\nbackground = "#000000"\n')
    async with acting("jobs", [{}], theme="mine") as shown:
        assert shown.app.theme == "mine"
        await shown.press("f9")
        assert re.search(r"mine +dark, your own, hard to read", shown.text())


# Profiles -------------------------------------------------------------------------------------------------------------


TWO = f"""\
api_key = "{KEY}"
[profiles.work]
base_url = "https://work.example/api"
api_key_command = "pass work"
[profiles.bare]
base_url = "https://bare.example/api"
poll_min_seconds = 1
"""


async def test_profiles_are_listed_with_address_and_whether_there_is_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    put(TWO)
    monkeypatch.delenv("WHISUL_API_KEY", raising=False)
    async with acting("jobs", [{"state": "running"}, {}], size=(100, 30)) as shown:
        found = {choice.name: choice for choice in choices(shown.stage.session)}
        assert list(found) == ["default", "bare", "local", "work"]
        assert (found["default"].key, found["default"].open) == ("key set up", 1)
        assert (found["work"].key, found["work"].where) == ("key by command", "https://work.example/api")
        assert found["local"].key == "needs none"
        assert "poll_min_seconds" in found["bare"].problem
        await shown.press("P")
        text = shown.text()
        assert "default (here)" in text
        assert "1 open" in text
        assert KEY not in text
        await shown.press("j")
        assert "poll_min_seconds is 1" in shown.words()
        await shown.press("enter", "escape")
        assert shown.sheet == "JobsScreen"


async def test_the_page_of_a_job_names_its_account_where_there_are_several() -> None:
    async with acting("jobs", [{"state": "failed"}]) as shown:
        await shown.press("enter")
        assert "account" not in shown.text()
        put_job(shown.stage.store, "work@work.example", "another", "failed")
        await shown.tell()
        assert re.search(r"account +default@whisul.com", shown.text())


async def test_a_profile_is_opened_and_for_good_where_that_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    put(TWO.replace("poll_min_seconds = 1\n", ""))
    monkeypatch.delenv("WHISUL_API_KEY", raising=False)
    chosen: list[str] = []
    monkeypatch.setattr(Configured, "on_profile_chosen", lambda _, message: chosen.append(message.name))
    async with acting("jobs") as shown:
        await shown.press("P", "j", "enter")
        assert "profile" not in read_file(config())
        await shown.press("P", "end", "s")
        assert read_file(config())["profile"] == "work"
    assert chosen == ["bare", "work"]
    assert os.environ.get("WHISUL_API_KEY") is None
    assert ProfileChosen("x").key is None


async def test_from_jobs_a_profile_is_opened_without_leaving_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The screens are made anew on the other session; the jobs of both stand in the table."""
    put(
        '[profiles.work]\nbase_url = "http://127.0.0.1:9/api"\nundo_seconds = 9\ntheme = "nord"\n'
        f"api_key_command = \"printf '%s' '{KEY}'\"\n"
    )
    monkeypatch.delenv("WHISUL_API_KEY", raising=False)
    async with acting("jobs", [{"state": "failed"}], size=(100, 24)) as shown:
        app = shown.app
        app.settings.values["calm"], app.settings.origins["calm"] = True, "flag --calm"
        await shown.press("P", "end", "enter")
        await app.workers.wait_for_complete([worker for worker in app.workers if worker.group == "session"])
        await shown.pilot.pause()
        assert shown.mode == "jobs"
        assert shown.lines()[0].endswith("work")
        assert "sea shanty" in shown.text() or "late night" in shown.text()
        assert app.desk is not None
        assert app.desk.session.account == "work@127.0.0.1:9"
        assert app.desk.session.settings.key is not None
        assert (app.settings.number("undo_seconds"), app.theme) == (9, "nord")
        assert app.desk.calm
        await shown.press("comma")
        assert re.search(r"api_key +••••NARY +api_key_command", shown.text())
        await shown.press("escape")
        put('[profiles.work]\nbase_url = "http://127.0.0.1:9/api"\nundo_seconds = 4\ntheme = "nord"\n')
        app.configuring.look()
        assert app.settings.number("undo_seconds") == 4
        assert not any("calm" in toast for toast in shown.toasts)


async def test_a_command_that_prints_no_key_is_told_and_the_session_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    put('[profiles.work]\nbase_url = "https://work.example/api"\napi_key_command = "false"\n')
    monkeypatch.delenv("WHISUL_API_KEY", raising=False)
    async with acting("jobs", [{"state": "failed"}]) as shown:
        await shown.press("P", "end", "enter")
        assert any("api_key_command ended with 1" in toast for toast in shown.toasts)
        assert shown.mode == "jobs"
        assert shown.app.desk is not None
        assert shown.app.desk.session.account == "default@whisul.com"


async def test_sixteen_colours_get_the_theme_of_the_terminals_palette(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("COLORTERM")
    monkeypatch.setattr("textual.constants.COLOR_SYSTEM", "standard")
    async with acting("jobs") as shown:
        assert shown.app.theme == "ansi-dark"
