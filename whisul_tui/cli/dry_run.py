"""`generate --dry-run`: what would be sent, and how the budget stands; nothing is sent, kept, or asked of a service."""

from __future__ import annotations

from whisul_tui.cli.call import Call
from whisul_tui.cli.exits import VerbError
from whisul_tui.cli.prompts import Wanted, numbered
from whisul_tui.domain.budget import Budget, OverBudget, Spent, check_budget
from whisul_tui.formatting import counted
from whisul_tui.session import budget_of, open_store
from whisul_tui.settings import Settings
from whisul_tui.storage import JobStore


def show(call: Call, settings: Settings, found: Wanted) -> int:
    """Prints the prompts; raises VerbError where the real run would be refused for the budget."""
    budget, spent = budget_of(settings), Spent()
    if budget and settings.key is not None:
        with open_store(call.paths) as database:
            if database is not None:
                spent = JobStore(database).spent(settings.profile.account, database.clock())
    if call.args.json:
        call.out.document(
            {"prompts": list(found.prompts), "submissions": len(found.prompts), **_figures(budget, spent)}
        )
    else:
        for line in numbered(found.prompts):
            call.out.data(line)
    call.out.note(f"{counted(len(found.prompts), 'submission')}; this is a dry run: nothing was sent.")
    if not call.args.over_budget:
        refuse_over(budget, spent, len(found.prompts))
    return 0


def refuse_over(budget: Budget, spent: Spent, more: int) -> None:
    """Raises VerbError where so many more are over the budget."""
    try:
        check_budget(budget, spent, more)
    except OverBudget as error:
        raise refused(error) from None


def refused(error: OverBudget) -> VerbError:
    """What ends the verb at the limit of the budget."""
    return VerbError(f"{error} Nothing was sent; --over-budget sends it all the same.")


def _figures(budget: Budget, spent: Spent) -> dict[str, int]:
    limits = (("day", budget.day, spent.day), ("month", budget.month, spent.month))
    return {
        name: value
        for span, limit, have in limits
        if limit
        for name, value in ((f"budget_{span}", limit), (f"spent_{span}", have))
    }
