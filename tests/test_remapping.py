"""`[keys]`: what is in force, and a sentence for all that could not be as written."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.acting import acting
from tests.support.stage import stage
from whisul_tui.keymap import KEYS, NO_KEY, keys_in_force
from whisul_tui.remapping import places, remap, text_rooms


@pytest.mark.parametrize(
    "keymap",
    [
        {},
        {"again": "A", "sheet.copy": "ctrl+y", "write.send": "ctrl+x"},
        {"again": "e", "edit": "a"},  # swapped
        {"again": "e", "edit": ""},
        {"sheet.copy": "j", "copy.link": "j,k", "copy.up": "ctrl+p", "copy.down": "ctrl+n"},
    ],
)
def test_a_good_keymap_has_no_problems(keymap: dict[str, str]) -> None:
    assert remap(keymap).problems == ()
    assert set(remap(keymap).keymap) == set(keymap)


@pytest.mark.parametrize(
    ("keymap", "sentence", "in_force"),
    [
        ({"agian": "a"}, "agian: there is no such action; did you mean again?", {}),
        ({"zzzz": "a"}, "zzzz: there is no such action; `whisul-tui keys --list` has them all.", {}),
        (
            {"again": "e"},
            "e: again and edit both want it. again has it, edit has no key now, the palette finds it.",
            {"again": "e", "edit": NO_KEY},
        ),
        (
            {"again": "c"},
            "c: again and screen.write both want it. again has it, screen.write stays on 1.",
            {"again": "c", "screen.write": "1"},
        ),
        (
            {"sheet": "j", "wide": "j"},
            "j: sheet and wide both want it. sheet has it.",
            {"sheet": "j", "wide": NO_KEY, "move.down": "down", "song.next": "down,right"},
        ),
        ({"write.send": "x"}, "write.send: x is text in a text field; allowed is a key with ctrl, or F1 to F12.", {}),
        ({"quit.anywhere": "Q"}, "quit.anywhere: it stays ^q.", {}),
        ({"help.close": ""}, "help.close: it is a way out and stays esc q ? f1 enter.", {}),
        ({"refresh": "crtl+h"}, "refresh: there is no key 'crtl+h'; did you mean ctrl+h?", {}),
        (
            {"again": "ctrl+b"},
            "again: ^b may never arrive: tmux keeps it for itself.",
            {"again": "ctrl+b"},
        ),
    ],
)
def test_problems_are_told_in_sentences(keymap: dict[str, str], sentence: str, in_force: dict[str, str]) -> None:
    remapped = remap(keymap, "config.toml")
    assert f"config.toml [keys] {sentence}" in remapped.problems
    assert remapped.keymap == in_force


def test_letters_are_text_where_something_is_written() -> None:
    assert {"write", "history", "known_id", "own_tags"} <= text_rooms()
    assert not text_rooms() & {"everywhere", "list", "jobs", "job", "listen", "confirm", "settings", "choice"}


def test_foreign_text_is_cleaned() -> None:
    told = "".join(remap({"\x1b[31m": "a", "again": "\x1b]0;x\x07"}).problems)
    assert "\x1b" not in told
    assert "\x07" not in told


NAMES = st.sampled_from([*KEYS, "agian", "x"])
WRITTEN = st.sampled_from([*"abcdejkqy?/", "ctrl+r", "f2", "F12", "esc", "ctrl+q", "ctrl+b", "nokey", "", "space"])


@given(st.dictionaries(NAMES, st.lists(WRITTEN, max_size=3).map(",".join), max_size=8))
def test_after_any_keys_no_place_has_one_key_twice_and_each_has_a_way_out(wanted: dict[str, str]) -> None:
    keymap = remap(wanted).keymap
    for place, keys in places().items():
        names = [name for key in keys for name in keys_in_force(key, keymap) if name != NO_KEY]
        assert [name for name, count in Counter(names).items() if count > 1] == [], place
        assert "ctrl+q" in names or keymap.get("quit.anywhere")


# In the program ------------------------------------------------------------------------------------------------------


async def test_a_key_that_another_action_had_acts_in_its_place_everywhere() -> None:
    """`c` composes everywhere by default; given to `again` it does nothing else on Listen either."""
    with stage([{}]) as made:
        made.settings = replace(made.settings, keys={"screen.listen": "c", "failed": ""})
        app = made.app("jobs")
        async with app.run_test() as pilot:
            await pilot.pause()
            assert "c: screen.listen and screen.write both want it." in next(iter(app._notifications)).message
            await pilot.press("f")
            assert app.screen.query_one("JobsTable").view.state is None  # type: ignore[attr-defined]
            await pilot.press("c")
            assert app.current_mode == "listen"
            await pilot.press("2", "1")
            assert app.current_mode == "write"


async def test_palette_and_hints_show_the_keys_in_force() -> None:
    with stage([{}]) as made:
        made.settings = replace(made.settings, keys={"again": "ctrl+y", "open": "", "confirm.yes": "j"})
        app = made.app("jobs")
        async with app.run_test(size=(120, 30)) as pilot:
            await pilot.press("a")
            assert app.screen.__class__.__name__ == "JobsScreen"
            assert "^y again" in lines(app)[-1]
            assert "open" not in lines(app)[-1]
            await pilot.press("colon", *"again")
            await app.workers.wait_for_complete()
            await pilot.pause()
            assert any("^y      Again" in line for line in lines(app))


async def test_the_question_names_its_keys_as_they_are() -> None:
    async with acting("jobs", [{}]) as shown:
        shown.app.set_keymap(remap({"confirm.yes": "j", "confirm.no": "N,escape"}).keymap)
        from whisul_tui.screens.confirm import ConfirmScreen

        shown.app.push_screen(ConfirmScreen("Sure?", "It costs.", "send"))
        await shown.pilot.pause()
        assert "j send N leave it" in shown.words()
        await shown.press("y")
        assert shown.sheet == "ConfirmScreen"
        await shown.press("j")
        assert shown.sheet == "JobsScreen"


def lines(app: object) -> list[str]:
    strips = app.screen._compositor.render_strips()  # type: ignore[attr-defined]
    return ["".join(segment.text for segment in strip) for strip in strips]
