"""Prompts: what the user wrote, checked before it may cost money."""

from __future__ import annotations

from whisul_tui.domain.clean import clean_text

PROMPT_LIMIT = 10_000


class PromptError(ValueError):
    """A prompt that must not be sent; the message says what is wrong and what to do."""


def check_prompt(text: str) -> str:
    """The prompt as it will be sent: cleaned, trimmed, line breaks kept.

    Raises PromptError for an empty prompt and for one over `PROMPT_LIMIT` characters, which is never cut by itself.
    """
    if len(text) > PROMPT_LIMIT:
        raise PromptError(f"The prompt has {len(text):,} characters; at most {PROMPT_LIMIT:,} can be sent. Shorten it.")
    prompt = clean_text(text, PROMPT_LIMIT).strip()
    if not prompt:
        raise PromptError("The prompt is empty. Describe the song you want, for example: late night lofi, soft rain.")
    return prompt
