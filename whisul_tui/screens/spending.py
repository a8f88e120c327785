"""The question at the limit of the budget."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whisul_tui.domain.budget import OverBudget
from whisul_tui.screens.confirm import ConfirmScreen

if TYPE_CHECKING:
    from whisul_tui.session import Session


def is_free(session: Session) -> bool:
    """Whether what is sent costs nothing: the local studio makes it."""
    return session.settings.profile.is_local


def every_song_costs(session: Session) -> str:
    """What a question says of money, after its first sentence; nothing where there is none in it."""
    return "" if is_free(session) else " Every song costs."


def over_budget(error: OverBudget) -> ConfirmScreen:
    """Asks whether it may be more than the budget; it is not raised by a yes."""
    explanation = f"{error} budget_day and budget_month in the settings say how much it is."
    return ConfirmScreen("Over the budget. Send it all the same?", explanation, "send, this once")


def spent_words(session: Session, now: float) -> str:
    """How the budget stands, as `today 3 of 20, this month 40 of 300`; empty where there is none."""
    budget = session.engine.budget
    if not budget:
        return ""
    spent = session.store.spent(session.account, now)
    return ", ".join(
        f"{span} {have:,} of {limit:,}"
        for limit, have, span in ((budget.day, spent.day, "today"), (budget.month, spent.month, "this month"))
        if limit
    )
