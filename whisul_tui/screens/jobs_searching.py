"""Searching on the Jobs screen: the first rows with every letter, all that there is once no other letter follows."""

from __future__ import annotations

import asyncio
from functools import cached_property, partial

from textual import events, work
from textual.timer import Timer

from whisul_tui.keymap import KEYS, keys_in_force
from whisul_tui.screens.jobs_keeping import JobsKeeping
from whisul_tui.storage.errors import StoreError
from whisul_tui.storage.windows import View
from whisul_tui.widgets.search_bar import SearchBar

_FURTHER_AFTER = 0.1  # seconds without another letter
_ENOUGH = 64  # rows: where there are fewer, the others are not waited for


class JobsSearching(JobsKeeping):
    """`is_looking`: the table shows the first rows of a search, and the others are still looked for."""

    is_looking = False
    _anchor: int | None = None  # the job under the cursor before the search
    _further: Timer | None = None

    @cached_property
    def search_bar(self) -> SearchBar:
        """The line below the table."""
        return self.query_one(SearchBar)

    def _tell(self) -> None:
        raise NotImplementedError

    def _turn_page(self, is_open: bool) -> None:
        raise NotImplementedError

    def _keymap(self) -> dict[str, str]:
        raise NotImplementedError

    def look_for(self, view: View, anchor: int | None) -> None:
        """Finds the first rows of a view that is to be shown, and the others when nothing else is asked for."""
        if self._further is not None:
            self._further.stop()
        keep = self.table.place.number if anchor is None else anchor
        self.is_looking = not self.session.windows.glance(view, keep)
        if self.is_looking:
            wait = _FURTHER_AFTER if self.session.windows.total(view) > _ENOUGH else 0.001
            self._further = self.set_timer(wait, partial(self._look_further, view), name="all that is found")

    @work(group="search", exclusive=True)
    async def _look_further(self, view: View) -> None:
        windows = self.session.windows
        try:
            looked = await asyncio.to_thread(windows.whole_look, view)
        except StoreError:
            return  # the next read on this thread says so
        if self.table.view == view:
            self.is_looking = False
            if windows.take(looked):
                self.table.reload()
            self._tell()

    async def on_key(self, event: events.Key) -> None:
        """Opens the search before the next key is looked at: over a slow line letters come in one packet with the `/`.

        Textual has then already sent them to the table, where `a` would cost money. Those of the field itself never
        come by here.
        """
        bar = self.search_bar
        if bar.is_typing and event.is_printable and event.character:
            event.stop()
            bar.type(event.character)
        elif not bar.is_typing and event.key in keys_in_force(KEYS["search"], self._keymap()):
            event.stop()
            await self.action_search()

    def wants_key(self, key: str) -> bool:
        """Whether `on_key` has a use for it: the search is opened by its binding, and the keys behind it wait."""
        return self.search_bar.is_typing

    async def action_search(self) -> None:
        """Opens the field on the words that are kept."""
        job = self.table.job
        self._anchor = job.number if job else None
        self._turn_page(False)
        tags, names = self.session.store.known_tags(), self.saved_filters()
        await self.search_bar.open(self.table.view.search, tags, names)
        self._tell()

    def on_search_bar_searched(self, event: SearchBar.Searched) -> None:
        event.stop()
        if self.search_bar.is_typing:
            self._view(self.table.view._replace(search=self.expanded(event.text)), self._anchor)

    async def on_search_bar_kept(self, event: SearchBar.Kept) -> None:
        event.stop()
        await self.search_bar.close()
        self.table.focus()
        self._tell()
