"""The palette: every action of the keymap, and the settings that can be changed while the program runs."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider

from whisul_tui.keymap import KEYS, ROOMS, Key, show_key


class JobCommands(Provider):
    """The actions that can be taken on the screen below, each with its key."""

    def _keys(self) -> Iterator[tuple[str, Key]]:
        room = getattr(self.screen, "ROOM", "")
        here = {"write": {"write"}, "jobs": {"jobs", "job"}, "listen": {"listen", "job"}}.get(room, set())
        for key in KEYS.values():
            if key.id != "palette" and (key.room == "everywhere" or key.room in here):
                yield f"{key.help}  {show_key(key.keys.split(',')[0])}", key

    async def discover(self) -> Hits:
        for text, key in self._keys():
            yield DiscoveryHit(text, partial(self._run, key), help=ROOMS[key.room])

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for text, key in self._keys():
            if (score := matcher.match(text)) > 0:
                yield Hit(score, matcher.highlight(text), partial(self._run, key), help=ROOMS[key.room])

    async def _run(self, key: Key) -> None:
        await self.app.run_action(key.action, default_namespace=self.screen)


class ThemeCommands(Provider):
    """The themes, by name."""

    def _themes(self) -> list[str]:
        return sorted(self.app.available_themes)

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for name in self._themes():
            text = f"Theme: {name}"
            if (score := matcher.match(text)) > 0:
                yield Hit(score, matcher.highlight(text), partial(setattr, self.app, "theme", name))
