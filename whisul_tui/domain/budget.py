"""The spend guard: how many submissions a day and a month may have, and the sentence where that is not enough."""

from __future__ import annotations

import time
from typing import NamedTuple


class OverBudget(Exception):  # noqa: N818 - it is the user's own word that stands against it, not a fault
    """More submissions are asked for than the budget has left; the message says it in figures."""


class Budget(NamedTuple):
    """Submissions by local calendar day and month; 0 is no limit."""

    day: int = 0
    month: int = 0

    def __bool__(self) -> bool:
        return bool(self.day or self.month)


class Spent(NamedTuple):
    """Submissions that left in this local day and month, with those that wait in the outbox and will leave."""

    day: int = 0
    month: int = 0


def check_budget(budget: Budget, spent: Spent, more: int) -> None:
    """Raises OverBudget unless so many more submissions are within the budget."""
    told = [
        f"{have:,} of {limit:,} {span}"
        for limit, have, span in ((budget.day, spent.day, "today"), (budget.month, spent.month, "this month"))
        if limit and have + more > limit
    ]
    if told:
        songs = "1 submission" if more == 1 else f"{more:,} submissions"
        raise OverBudget(f"The budget has {' and '.join(told)} spent, and this is {songs} more.")


def day_and_month(now: float) -> tuple[float, float]:
    """When the local calendar day and month of this moment began, in seconds since 1970."""
    local = time.localtime(now)
    day = time.mktime((local.tm_year, local.tm_mon, local.tm_mday, 0, 0, 0, 0, 0, -1))
    return day, time.mktime((local.tm_year, local.tm_mon, 1, 0, 0, 0, 0, 0, -1))
