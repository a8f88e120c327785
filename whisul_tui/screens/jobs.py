"""Jobs: all of them, as they stand."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from textual import events
from textual.widget import Widget

from whisul_tui.desk import Desk
from whisul_tui.domain import Job, JobState
from whisul_tui.domain.job_filter import read_filter
from whisul_tui.key_words import named
from whisul_tui.keymap import bindings
from whisul_tui.messages import JobsChanged, SongOpened
from whisul_tui.screens.first_look import keep_look
from whisul_tui.screens.jobs_searching import JobsSearching
from whisul_tui.screens.jobs_words import empty_words, hints_for
from whisul_tui.storage.accounts import Account, accounts
from whisul_tui.storage.errors import StoreError
from whisul_tui.storage.rows import fetch
from whisul_tui.storage.windows import Sort, View
from whisul_tui.stylesheets import sheets
from whisul_tui.widgets.header import poller_words
from whisul_tui.widgets.job_columns import SORT_WORDS
from whisul_tui.widgets.job_detail import JobDetail
from whisul_tui.widgets.job_words import Facts, is_ticking
from whisul_tui.widgets.jobs_table import MOST_MARKS, JobsTable
from whisul_tui.widgets.one_ground import Columns
from whisul_tui.widgets.search_bar import SearchBar, Shown

LOOK_AFTER = 1.5  # seconds after the start, when all of the first screen is there
DETAIL_FROM = 120  # columns from which on the page of the job stands beside the table


class JobsScreen(JobsSearching):
    """The table, the page of its job beside or over it, and the line that tells what is shown."""

    ROOM = "jobs"
    HINTS = ("open", "search", "sort", "failed")
    AUTO_FOCUS = "JobsTable"
    CSS_PATH = sheets("jobs", "jobs_table")
    BINDINGS = bindings("list", "jobs", "job")

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._all = View()
        self._usual: tuple[float, float] | None = None
        self._accounts = False
        self._newest = 0
        self._is_left = self._any_jobs = False

    def body(self) -> Iterable[Widget]:
        with Columns(id="jobs-body"):
            yield JobsTable(self.session.windows, self.facts, self._all, self.moved_ahead)
            yield JobDetail()
        yield SearchBar()

    def on_mount(self) -> None:
        self.set_timer(LOOK_AFTER, partial(keep_look, self), name="keep the look")

    def facts(self) -> Facts:
        """What rows and page depend on besides their jobs."""
        now = self.desk.now()
        words, alarm = poller_words(self.session.engine.status(), now, calm=self.desk.calm)
        return Facts(
            now,
            self._usual,
            named(self, words) if alarm == "refused" else words if alarm else "",
            self.desk.unicode,
            self._accounts,
            self.desk.calm,
            self.session.account,
            keymap=self._keymap(),
        )

    # News and time --------------------------------------------------------------------------------------------------

    def jobs_changed(self, change: JobsChanged) -> None:
        """Looks at the store again; a screen that is not in front does so when it comes back."""
        if not self._is_left:
            self._usual = self.session.store.usual_seconds(self.session.account)
            none: list[Account] = []
            found = self.desk.reading.ask("accounts", lambda: accounts(self.session.database), none)
            self._accounts = len(found) > 1
            self.table.reload()
            self._tell()

    def second(self) -> None:
        super().second()
        self.tick()

    def tick(self) -> None:
        """A second has passed: only what tells time on screen is looked at."""
        if self.is_current or not self._is_left:
            job = self.table.job
            if self.table.tick() or (job is not None and is_ticking(job)):
                self._show_page()

    def on_screen_suspend(self) -> None:
        """Another of the three screens comes in front, or a sheet over this one, which does not count."""
        if self not in self.app.screen_stack:
            self._is_left = True
            self._newest = self._newest_number()

    def on_screen_resume(self) -> None:
        """Back from another screen: what was written there meanwhile is selected."""
        if self._is_left:
            self._is_left = False
            self.jobs_changed(JobsChanged(frozenset()))
            if self._newest_number() > self._newest:
                self.table.focus_newest()

    def _newest_number(self) -> int:
        return next(iter(self.session.windows.numbers(self._all, 1)), 0)

    # What is shown --------------------------------------------------------------------------------------------------

    def on_jobs_table_moved(self, event: JobsTable.Moved) -> None:
        event.stop()
        self._hint()
        self._show_page(soon=not self.is_page_open)

    def _hint(self) -> None:
        table = self.table
        typing, marks, page = self.search_bar.is_typing, len(table.marks), self.is_page_open
        self.hint(hints_for(table.job, marks=marks, page=page, typing=typing, any_jobs=self._any_jobs))

    def _tell(self) -> None:
        """Brings page, hints and the line below in step with the table."""
        view, table = self.table.view, self.table
        total = self.session.windows.total(self._all)
        table.empty = empty_words(view, total, self._keymap(), looking=self.is_looking and not view.is_short)
        self._any_jobs = bool(total)
        self._hint()
        self.search_bar.show(
            Shown(
                rows=table.total,
                total=total,
                is_whole=self.session.windows.is_whole(view),
                search=view.search,
                failed_only=view.state is not None,
                marks=len(table.marks),
                order=SORT_WORDS[view.sort],
                problem=next(iter(read_filter(view.search, self.desk.now()).problems), ""),
            )
        )
        self._show_page()

    def _show_page(self, *, soon: bool = False) -> None:
        job = self.table.job
        self.detail.show(job, lambda: self.with_kin(job, self.facts()), soon=soon)

    def _keymap(self) -> dict[str, str]:
        return dict(getattr(self.app, "_keymap", {}))

    def on_resize(self, event: events.Resize) -> None:
        self._lay_out(event.size.width)

    def sized(self, width: int, height: int) -> None:
        super().sized(width, height)
        self._stand_beside(width)

    def _stand_beside(self, width: int) -> None:
        self.set_class(width >= DETAIL_FROM and not self.has_class("-whole"), "-beside")

    def _lay_out(self, width: int) -> None:
        self._stand_beside(width)
        self._tell()

    def selected_jobs(self) -> list[Job]:
        if not self.table.marks:
            return [self.table.job] if self.table.job else []
        try:
            return fetch(self.session.database, list(self.table.marks))
        except StoreError as error:
            self.say(str(error), bad=True)
            return []

    def in_list_order(self, jobs: list[Job]) -> list[Job]:
        if len(jobs) < 2:
            return jobs
        places = {
            number: place for place, number in enumerate(self.session.windows.numbers(self.table.view, MOST_MARKS))
        }
        return sorted(jobs, key=lambda job: places.get(job.number, MOST_MARKS))

    def acted(self) -> None:
        self.table.clear_marks()
        self._tell()

    def made(self, job: Job) -> None:
        self.table.reload()
        self.table.focus_newest()
        self._tell()

    # Opening and leaving --------------------------------------------------------------------------------------------

    def action_open(self) -> None:
        """A completed job on the Listen screen, any other on its page."""
        job = self.table.job
        if job is None:
            return
        if job.state is JobState.COMPLETED:
            self.post_message(SongOpened(job.number))
        else:
            self._turn_page(True)

    def on_jobs_table_opened(self, event: JobsTable.Opened) -> None:
        event.stop()
        self.action_open()

    def _turn_page(self, is_open: bool) -> None:
        self.set_class(is_open, "-page")
        self._tell()

    async def action_back(self) -> None:
        """Leaves, in this order: the search field, the page, marks, the search, the filter."""
        bar, view = self.search_bar, self.table.view
        if bar.is_typing:
            await bar.close()
            self.table.focus()
            self._view(view._replace(search=""), self._anchor)
            self._tell()
        elif self.is_page_open:
            self._turn_page(False)
        elif self.table.marks:
            self.acted()
        elif view.search:
            self._view(view._replace(search=""))
        elif view.state is not None:
            self._view(view._replace(state=None))

    # Sort, filter ---------------------------------------------------------------------------------------------------

    def _view(self, view: View, anchor: int | None = None) -> None:
        if view != self.table.view:
            self.look_for(view, anchor)
            self.table.show(view, anchor)
            self._tell()

    def action_sort(self) -> None:
        """The next order; the cursor stays on its job."""
        orders = list(Sort)
        self._sort(orders[(orders.index(self.table.view.sort) + 1) % len(orders)])

    def on_jobs_table_head_clicked(self, event: JobsTable.HeadClicked) -> None:
        event.stop()
        at = event.sorts.index(self.table.view.sort) if self.table.view.sort in event.sorts else -1
        self._sort(event.sorts[(at + 1) % len(event.sorts)])

    def _sort(self, sort: Sort) -> None:
        self._view(self.table.view._replace(sort=sort))

    def action_failed(self) -> None:
        """Only what failed, or all again."""
        view = self.table.view
        self._view(view._replace(state=None if view.state else JobState.FAILED))

    def action_wide(self) -> None:
        """The table over the whole width, or the page beside it again."""
        if self.size.width < DETAIL_FROM:
            opens = named(self, "{open} opens it here.")
            self.say(f"From {DETAIL_FROM} columns on the job's page stands beside the table; {opens}")
            return
        self.toggle_class("-whole")
        self._lay_out(self.size.width)

    def action_mark(self) -> None:
        """Marks the job, and goes down."""
        self.table.toggle_mark()
        self._tell()

    def action_mark_all(self) -> None:
        """Marks all shown, or none."""
        count = self.table.mark_all()
        if count == MOST_MARKS:
            self.say(f"Marked the first {MOST_MARKS:,}: no more at once.")
        self._tell()
