"""What the Write screen says: to a newcomer, and where a step into or out of the outbox failed."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any

from whisul_tui.domain import PromptError
from whisul_tui.domain.expansion import ExpansionError
from whisul_tui.domain.lint import advice
from whisul_tui.domain.slots import prompts_of_text
from whisul_tui.settings import Settings


def beginning(settings: Settings) -> str:
    """What stands in the place of the recent prompts while there are none."""
    cost = "The local studio costs nothing." if settings.profile.is_local else "Each song costs."
    seconds = settings.number("undo_seconds")
    held = f" It is held for {seconds:g} s first, and ^z takes it back." if seconds else ""
    return (
        "Say what you want to hear: genre, mood, instruments, tempo, with or without a voice.\n\n"
        f"Enter sends it. {cost}{held}\n\n"
        "Then esc shows your jobs, and a finished one opens with Enter."
    )


def looked_at(text: str, *, lint: bool) -> tuple[int, str]:
    """How many songs the text makes (0: none as it stands), and a line of advice where `lint` wants it."""
    if not text.strip():
        return 0, ""
    try:
        prompts = prompts_of_text(text)
    except ExpansionError as error:
        return 0, str(error)
    except PromptError:
        return 0, ""
    return len(prompts), next(filter(None, map(advice, prompts)), "") if lint else ""


def failure(future: Future[Any], what: str) -> str | None:
    """Why the engine did not do what it was asked for, after the words `what`; None where it did."""
    if future.cancelled():
        return f"{what} The program is ending."
    error = future.exception()
    if error is None:
        return None
    reason = "The program is ending." if isinstance(error, RuntimeError) else str(error)
    return f"{what} {reason}"
