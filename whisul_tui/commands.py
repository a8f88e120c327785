"""The palette: every action of the keymap, and the themes. Textual's own system commands are left out: help has the
keys, and a picture of the screen or a maximised widget is no part of making songs."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from whisul_tui.keymap import Key, first_key, keys_of
from whisul_tui.messages import SettingsSaved
from whisul_tui.settings import SettingsError, change

_HERE = {"write": ("write",), "jobs": ("jobs", "job", "list"), "listen": ("listen", "job")}
_ONLY_WHEN_SEARCHED = {"list"}  # nobody looks for `down` in a palette, but whoever types it finds its key


class JobCommands(Provider):
    """The actions that can be taken on the screen below, its own first, each with its key."""

    def _keys(self) -> Iterator[Key]:
        for room in (*_HERE.get(getattr(self.screen, "ROOM", ""), ()), "everywhere"):
            yield from (key for key in keys_of(room) if key.id != "palette")

    def _line(self, key: Key, words: Content) -> Content:
        keymap: dict[str, str] = getattr(self.app, "_keymap", {})
        return Content.assemble(f"{first_key(key.id, keymap):<8}", words)

    async def discover(self) -> Hits:
        for key in self._keys():
            if key.room not in _ONLY_WHEN_SEARCHED:
                yield DiscoveryHit(self._line(key, Content(key.help)), partial(self._run, key), text=key.help)

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for key in self._keys():
            if (score := matcher.match(key.help)) > 0:
                words = matcher.highlight(key.help)
                yield Hit(score, self._line(key, words), partial(self._run, key), text=key.help)

    async def _run(self, key: Key) -> None:
        """Runs the action as its key would: on the focused widget where it has it, else on the screen."""
        action = f"action_{key.action.partition('(')[0]}"
        focused = self.screen.focused
        target = focused if focused is not None and hasattr(focused, action) else self.screen
        await self.app.run_action(key.action, default_namespace=target)


class ThemeCommands(Provider):
    """The themes, by name; found by typing, not in the list. One that is taken is kept for the next start."""

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for name in sorted(self.app.available_themes):
            text = f"Theme: {name}"
            if (score := matcher.match(text)) > 0:
                yield Hit(score, matcher.highlight(text), partial(self._take, name))

    def _take(self, name: str) -> None:
        app: Any = self.app  # which has the settings, and is above this module
        app.theme = name
        try:
            change(app.paths, "theme", name, profile=app.settings.profile.name)
        except SettingsError as error:
            app.notify(f"The theme is not kept. {error}", severity="warning", timeout=10, markup=False)
        else:
            app.post_message(SettingsSaved())
