"""Moving on the Jobs screen: the keys of the room `list`, for the table or for the page that lies over it."""

from __future__ import annotations

from functools import cached_property

from whisul_tui.screens.job_kin import JobKin
from whisul_tui.storage.windows import View
from whisul_tui.widgets.job_detail import JobDetail
from whisul_tui.widgets.jobs_table import JobsTable


class JobsMoving(JobKin):
    """Lines move the cursor always, so that the page goes from job to job; pages scroll the page while it is open."""

    @cached_property
    def table(self) -> JobsTable:
        return self.query_one(JobsTable)

    @cached_property
    def detail(self) -> JobDetail:
        """The job's page."""
        return self.query_one(JobDetail)

    @property
    def is_page_open(self) -> bool:
        """Whether a job's page lies over the table."""
        return self.has_class("-page")

    def show_job(self, number: int) -> None:
        """The job's page, over a table in which it stands."""
        self.table.show(View(sort=self.table.view.sort), number)
        self.call_later(self.run_action, "open")

    def action_down(self) -> None:
        self.table.move(1)

    def action_up(self) -> None:
        self.table.move(-1)

    def action_top(self) -> None:
        self.table.go(0)

    def action_bottom(self) -> None:
        self.table.go(self.table.total - 1)

    def action_half_down(self) -> None:
        self._page(0.5)

    def action_half_up(self) -> None:
        self._page(-0.5)

    def action_page_down(self) -> None:
        self._page(1)

    def action_page_up(self) -> None:
        self._page(-1)

    def _page(self, pages: float) -> None:
        if self.is_page_open:
            self.detail.scroll_relative(y=int(pages * self.detail.size.height), animate=False, force=True)
        else:
            self.table.move(int(pages * self.table.rows_shown))
