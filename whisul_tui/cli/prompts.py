"""What `generate` is to send: from the command line, standard input or a file, expanded where that is wanted."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

from whisul_tui.cli.exits import VerbError
from whisul_tui.domain import PromptError, check_prompt
from whisul_tui.domain.expansion import expand
from whisul_tui.domain.prompt_lines import LARGEST, PromptFileError, lines_of, text_of


@dataclass(frozen=True, slots=True)
class Wanted:
    """Prompts, checked before anything is sent; `template` where they are one family: the text, empty for a file's."""

    prompts: tuple[str, ...]
    template: str | None = None


def add(parser: argparse.ArgumentParser) -> None:
    """The options that say what is to be sent."""
    parser.add_argument("prompt", metavar="PROMPT", nargs="?", help="the prompt; - reads it from standard input")
    parser.add_argument("--file", metavar="F", help="a file with one prompt a line, blank lines skipped; - is allowed")
    parser.add_argument(
        "--expand", action="store_true", help="{lofi|jazz} in a prompt makes a song of each; without it braces are text"
    )


def wanted(args: SimpleNamespace) -> Wanted:
    """The checked prompts; raises VerbError with what is wrong and where."""
    if (args.prompt is None) == (args.file is None):
        raise VerbError("generate wants either a PROMPT (- for standard input) or --file F. See generate --help.")
    if args.file is None:
        text = _text("-") if args.prompt == "-" else args.prompt
        prompts = _checked(text, "", args.expand)
        return Wanted(prompts, text if len(prompts) > 1 else None)
    try:
        lines = lines_of(_content(args.file), args.file)
    except PromptFileError as error:
        raise VerbError(str(error)) from None
    found = tuple(prompt for number, line in lines for prompt in _checked(line, f" (line {number})", args.expand))
    return Wanted(found, "" if len(found) > 1 else None)


def changed(found: Wanted, change: Callable[[str], str]) -> Wanted:
    """The same with every prompt changed; raises VerbError where it is none then."""
    return Wanted(tuple(_checked(change(prompt), "", False)[0] for prompt in found.prompts), found.template)


def numbered(prompts: Sequence[str]) -> Iterator[str]:
    """Lines that show prompts with their numbers, further lines of a prompt set in."""
    width = len(str(len(prompts)))
    for place, prompt in enumerate(prompts, 1):
        yield f"{place:>{width}}  " + prompt.replace("\n", "\n" + " " * (width + 2))


def _checked(text: str, where: str, expanded: bool) -> tuple[str, ...]:
    try:
        return expand(text) if expanded else (check_prompt(text),)
    except PromptError as error:
        raise VerbError(f"{error}{where}") from None


def _text(name: str) -> str:
    try:
        return text_of(_content(name), "Standard input")
    except PromptFileError as error:
        raise VerbError(str(error)) from None


def _content(name: str) -> bytes:
    try:
        if name == "-":
            if sys.stdin is None or sys.stdin.closed:
                raise VerbError("Standard input is closed; there is no prompt to read.")
            return sys.stdin.buffer.read(LARGEST + 1)
        with Path(name).expanduser().open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        raise VerbError(f"{name} cannot be read: {error.strerror}.") from error
