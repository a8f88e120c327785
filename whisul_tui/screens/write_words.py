"""What the Write screen says: to a newcomer, and where a step into or out of the outbox failed."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from typing import Any

from whisul_tui.domain import PromptError
from whisul_tui.domain.expansion import ExpansionError
from whisul_tui.domain.lint import advice
from whisul_tui.domain.slots import EmptySlotError, prompts_of_text
from whisul_tui.key_words import with_keys
from whisul_tui.settings import Settings


def beginning(settings: Settings) -> str:
    """What stands in the place of the recent prompts while there are none; keys by their ids."""
    cost = "The local studio costs nothing." if settings.profile.is_local else "Each song costs."
    seconds = settings.number("undo_seconds")
    held = f" It is held for {seconds:g} s first, and {{write.take_back}} takes it back." if seconds else ""
    return (
        "Say what you want to hear: genre, mood, instruments, tempo, with or without a voice.\n\n"
        f"Send it with {{write.send}}. {cost}{held}\n\n"
        "Then {write.back} shows your jobs, and a finished one opens with {open}."
    )


def problem_words(error: PromptError, keymap: Mapping[str, str]) -> str:
    """What is wrong with a text, and the key that leads there."""
    more = with_keys(" {write.slot} goes there.", keymap) if isinstance(error, EmptySlotError) else ""
    return f"{error}{more}"


def looked_at(text: str, keymap: Mapping[str, str], *, lint: bool) -> tuple[int, str]:
    """How many songs the text makes (0: none as it stands), and a line of advice where `lint` wants it."""
    if not text.strip():
        return 0, ""
    try:
        prompts = prompts_of_text(text)
    except ExpansionError as error:
        return 0, problem_words(error, keymap)
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
