"""What the Jobs screen remembers across restarts (saved filters, columns), and steps through what was searched."""

from __future__ import annotations

from textual import work

from whisul_tui.domain import JobState
from whisul_tui.domain.saved_filter import SavedFilter, expanded, read_filter_text
from whisul_tui.key_words import named
from whisul_tui.screens.jobs_exporting import JobsExporting
from whisul_tui.storage import StoreError
from whisul_tui.storage.windows import Sort, View
from whisul_tui.widgets.job_columns import Layout, read_layout, write_layout

_FILTERS, _COLUMNS, _TABLE = "filter", "columns", "jobs"


class JobsShelf(JobsExporting):
    """The actions that keep and take filters and choose columns; a subclass shows another view by `_view`."""

    _family: tuple[View, View] | None = None  # what was shown before a family alone, and that

    def on_mount(self) -> None:
        self.table.choose(read_layout(self.session.store.kept.text(_COLUMNS, _TABLE)))

    def saved_filters(self) -> dict[str, SavedFilter]:
        """The filters by name."""
        texts = self.session.store.kept.texts(_FILTERS)
        return {name: saved for name, text in texts.items() if (saved := read_filter_text(text)) is not None}

    def expanded(self, text: str) -> str:
        """What was typed, each `@name` replaced by the filter of that name."""
        return expanded(text, self.saved_filters()) if "@" in text else text

    def _view(self, view: View, anchor: int | None = None) -> None:
        raise NotImplementedError

    def action_next_match(self) -> None:
        """The next of the rows that a kept search shows."""
        self._match(1)

    def action_previous_match(self) -> None:
        """The one before."""
        self._match(-1)

    def _match(self, step: int) -> None:
        if self.table.view.search:
            self.table.move_around(step)
        else:
            self.say(named(self, "Nothing is searched for: {search} searches."))

    def action_family(self) -> None:
        """The family of the job alone; once more: what was shown before."""
        view, job = self.table.view, self.table.job
        if self._family is not None and view == self._family[1]:
            self._view(self._family[0], job.number if job else None)
            self._family = None
        elif job is None or job.family is None:
            self.say("It is of no family: those are the songs of one prompt with {a|b}, or of one file.")
        else:
            self._family = view, view._replace(search=f"family:{job.family}", state=None)
            self._view(self._family[1])

    @work(group="filters", exclusive=True)
    async def action_filters(self) -> None:
        """Shows the saved filters, and takes the one that is chosen."""
        from whisul_tui.screens.saved_filters import SavedFiltersScreen

        view = self.table.view
        present = SavedFilter(view.search, view.sort.value, view.state is JobState.FAILED)
        saved = await self.app.push_screen_wait(SavedFiltersScreen(self.desk, present))
        if saved is not None:
            sort = Sort(saved.order) if saved.order in list(Sort) else Sort.NEWEST
            self._view(View(sort, saved.search, JobState.FAILED if saved.failed_only else None))

    def action_dashboard(self) -> None:
        """What the account has done, day by day."""
        from whisul_tui.screens.dashboard import DashboardScreen

        self.app.push_screen(DashboardScreen(self.desk))

    @work(group="columns", exclusive=True)
    async def action_columns(self) -> None:
        """Lets columns be chosen; the table shows each change at once."""
        from whisul_tui.screens.columns import ColumnsScreen

        table = self.table
        await self.app.push_screen_wait(ColumnsScreen(table.layout_chosen, table.size.width, self._choose_columns))

    def _choose_columns(self, layout: Layout | None) -> None:
        self.table.choose(layout)
        kept = self.session.store.kept
        try:
            if layout is None:
                kept.drop(_COLUMNS, _TABLE)
            else:
                kept.put(_COLUMNS, _TABLE, write_layout(layout), self.desk.now().timestamp())
        except StoreError as error:
            self.say(str(error), bad=True)
