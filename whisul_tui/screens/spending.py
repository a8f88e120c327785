"""The question at the limit of the budget."""

from __future__ import annotations

from whisul_tui.domain.budget import OverBudget
from whisul_tui.screens.confirm import ConfirmScreen


def over_budget(error: OverBudget) -> ConfirmScreen:
    """Asks whether it may be more than the budget; it is not raised by a yes."""
    explanation = f"{error} budget_day and budget_month in the settings say how much it is."
    return ConfirmScreen("Over the budget. Send it all the same?", explanation, "send, this once")
