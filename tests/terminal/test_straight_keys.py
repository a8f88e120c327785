"""Keys that nobody wants on their way go straight to their bindings, and none of them before an earlier one."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from textual import events, on
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.widget import Widget
from textual.widgets import Input, OptionList

from tests.support.stage import ALL_STATES, stage
from whisul_tui.terminal import straight_keys
from whisul_tui.terminal.straight_keys import StraightKeys, takes_keys


class Field(Widget, can_focus=True):
    """Takes no key."""


class Watcher(Field):
    """Looks at each key late, and lets it go on."""

    wanted = "ab"

    def wants_key(self, key: str) -> bool:
        return key in self.wanted

    async def on_key(self, event: events.Key) -> None:
        await asyncio.sleep(0.02)


class Decorated(Field):
    @on(events.Key)
    def seen(self) -> None:
        """Some keys."""


class Named(Field):
    def key_a(self) -> None:
        """One key."""


class Program(StraightKeys, App[None]):
    BINDINGS = [Binding(key, f"note('{key}')") for key in "abcd"]

    def __init__(self, field: Widget) -> None:
        super().__init__()
        self.field, self.noted = field, ""
        self.forwarded: list[str] = []

    def compose(self) -> ComposeResult:
        yield self.field

    def action_note(self, key: str) -> None:
        self.noted += key

    async def on_event(self, event: events.Event) -> None:
        await super().on_event(event)
        if isinstance(event, events.Key) and event.is_forwarded and event.key not in self.forwarded:
            self.forwarded.append(event.key)


async def pressed(program: Program, *keys: str) -> Program:
    async with program.run_test() as pilot:
        program.field.focus()
        await pilot.pause()
        for key in keys:  # in one breath
            program.post_message(events.Key(key, key))
        while len(program.noted) < len(keys):
            await pilot.pause(0.01)
    return program


async def test_a_key_that_nobody_wants_is_handed_to_nobody() -> None:
    done = await pressed(Program(Field()), "a", "c")
    assert (done.noted, done.forwarded) == ("ac", [])


async def test_what_a_key_writes_is_looked_up_where_somebody_writes_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Textual looks through all names of Unicode for it: milliseconds at a first Down, and .8 MiB."""
    asked: list[str] = []
    monkeypatch.setattr(straight_keys, "key_to_character", asked.append)
    assert (await pressed(Program(Field()), "a")).noted == "a"
    assert asked == []
    async with Program(Input()).run_test() as pilot:
        pilot.app.bound("b")  # type: ignore[attr-defined]
        assert asked == ["b"]


async def test_a_key_that_somebody_wants_goes_from_widget_to_widget() -> None:
    done = await pressed(Program(Watcher()), "c", "a")
    assert (done.noted, done.forwarded) == ("ca", ["a"])


async def test_no_key_comes_before_an_earlier_one() -> None:
    """One that is still on its way keeps the later ones behind it."""
    assert (await pressed(Program(Watcher()), "a", "c", "b", "d")).noted == "acbd"


async def test_a_key_that_was_lost_on_its_way_holds_up_later_ones_for_a_moment() -> None:
    """As with a widget that was taken away meanwhile; after that moment they go straight again."""
    program = Program(Field())
    lost = events.Key("a", "a")
    program._under_way = lost
    assert program._is_one_under_way
    lost.time -= 2 * straight_keys._LOST_AFTER
    assert not program._is_one_under_way


async def test_with_another_release_of_textual_keys_go_as_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(straight_keys, "KNOWN", frozenset())
    done = await pressed(Program(Field()), "a", "c")
    assert (done.noted, done.forwarded) == ("ac", ["a", "c"])


@pytest.mark.parametrize(
    ("kind", "takes"),
    [(Field, False), (Watcher, True), (Decorated, True), (Named, True), (Input, True), (OptionList, False)],
)
def test_who_takes_keys_is_known_by_what_it_is_made_of(kind: Any, takes: bool) -> None:
    assert takes_keys(kind) is takes


@pytest.mark.parametrize("remapped", [{}, {"search": "ctrl+f"}], ids=["usual", "remapped"])
async def test_a_key_is_bound_to_what_textual_has_it_bound_to(remapped: dict[str, str]) -> None:
    """On each screen, in a table, a field of one line and an editor: every key that is bound anywhere, and letters."""
    with stage(ALL_STATES) as made:
        app = made.app()
        async with app.run_test(size=(120, 40)) as pilot:
            app.set_keymap(remapped)
            for way in ("1", "2", "3", "1", "slash"):
                await pilot.press(way)
                await pilot.pause()
                chain = app.screen._binding_chain
                keys = {key for _, bindings in chain for key in bindings.key_to_bindings} | {"j", "Z", "ctrl+z"}
                assert len(keys) > 40
                for key in keys:
                    assert app.bound(key) == [(node, found.key_to_bindings.get(key, [])) for node, found in chain], key
