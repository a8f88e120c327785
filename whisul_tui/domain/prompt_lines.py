"""Prompts that stand in a file, one a line: checked whole before anything of it is sent."""

from __future__ import annotations

from whisul_tui.domain.prompt import PromptError, check_prompt

LARGEST = 20_000_000  # bytes of a file of prompts


class PromptFileError(Exception):
    """The file cannot be read, or holds something that is no prompt; the message says which line."""


def prompts_of(content: bytes, name: str) -> tuple[str, ...]:
    """The prompts of a file's content, each as it would be sent; raises PromptFileError."""
    return tuple(checked_line(line, number) for number, line in lines_of(content, name))


def lines_of(content: bytes, name: str) -> list[tuple[int, str]]:
    """The lines that hold something, with their numbers; raises PromptFileError where there is none."""
    text = text_of(content, name)
    lines = text.split("\n")  # splitlines would also split at U+2028 and its like
    found = [(number, line) for number, line in enumerate(lines, 1) if line.strip()]
    if not found:
        raise PromptFileError(f"{name} has no prompts: one a line is wanted.")
    return found


def text_of(content: bytes, name: str) -> str:
    """The content as text; raises PromptFileError."""
    if len(content) > LARGEST:
        raise PromptFileError(f"{name} is larger than 20 MB; that is no file of prompts.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise PromptFileError(f"{name} is not UTF-8 text.") from None


def checked_line(line: str, number: int) -> str:
    """A line's prompt; raises PromptFileError with its number."""
    try:
        return check_prompt(line)
    except PromptError as error:
        raise PromptFileError(f"{error} (line {number})") from None
