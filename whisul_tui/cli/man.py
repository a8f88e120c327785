"""`man`: the manual page whisul-tui(1), made from the same tables as the help and the settings."""

from __future__ import annotations

import argparse
import re
import textwrap
from collections.abc import Iterable, Iterator

from whisul_tui import __version__
from whisul_tui.cli.call import Call
from whisul_tui.cli.exits import Exit
from whisul_tui.settings import ROWS

_DATE = "2026-11-22"  # of the page, not of its printing: the same program prints the same page
_EPILOG = "whisul-tui man | man -l -  shows it; whisul-tui man > ~/.local/share/man/man1/whisul-tui.1 keeps it."
_ABOUT = (
    "whisul-tui makes songs with the Whisul API from a terminal. Without a verb it opens the TUI: a screen to write "
    "prompts, one of all jobs and one to listen; ? there lists every key. With a verb it does one thing and ends: data "
    "goes to standard output, all else to standard error."
)
_EXITS = (
    ("0", "done"),
    ("1", "unexpected"),
    ("2", "wrong usage or configuration"),
    ("3", "no key, or it was refused"),
    ("4", "no such job, or Whisul no longer knows it"),
    ("5", "the job failed"),
    ("6", "the request was rejected"),
    ("7", "Whisul was unreachable or limiting until patience ended"),
    ("8", "the submission is unconfirmed"),
    ("130", "interrupted"),
)
_FILES = (
    ("$XDG_CONFIG_HOME/whisul-tui/config.toml", "the settings; whisul-tui config init writes a commented one"),
    ("$XDG_CONFIG_HOME/whisul-tui/themes/", "the user's own themes"),
    ("$XDG_DATA_HOME/whisul-tui/jobs.db", "the store of all jobs"),
    ("$XDG_STATE_HOME/whisul-tui/whisul-tui.log", "the log; crashes/ beside it has reports"),
)


def add(parser: argparse.ArgumentParser) -> None:
    """Nothing but where to put it."""
    parser.epilog = _EPILOG


def run(call: Call) -> int:
    """Prints the page."""
    call.out.data("\n".join(page()))
    return Exit.DONE


def page() -> Iterator[str]:
    """The page in lines of roff."""
    from whisul_tui.cli.arguments import whole_parser

    parser = whole_parser()
    (verbs,) = (action for action in parser._actions if isinstance(action, argparse._SubParsersAction))
    yield f'.TH WHISUL\\-TUI 1 "{_DATE}" "whisul\\-tui {_text(__version__)}"'
    yield from (".SH NAME", "whisul\\-tui \\- songs from prompts, in the terminal")
    yield from (".SH SYNOPSIS", *_usage(parser))
    yield from (".SH DESCRIPTION", *_lines(_ABOUT))
    yield from (".SH OPTIONS", *_options(parser))
    yield ".SH VERBS"
    for name, below in verbs.choices.items():
        yield from _verb(name, below)
    yield from (".SH EXIT STATUS", *_pairs(_EXITS))
    named = [(row.environment, row.help) for row in ROWS if row.environment]
    yield from (".SH ENVIRONMENT", *_pairs((*named, ("NO_COLOR", "if set, no colour is sent"))))
    yield from (".SH FILES", *_pairs(_FILES))
    told = [(row.name, f"{row.help}. Allowed: {row.allowed}.") for row in ROWS]
    yield from (".SH SETTINGS", *_pairs(told))
    yield from (".SH SEE ALSO", ".BR mpv (1),", ".BR ssh (1)")


def _verb(name: str, parser: argparse.ArgumentParser) -> Iterator[str]:
    yield from (f".SS {_text(name)}", *_usage(parser), ".PP", *_lines(parser.description or ""))
    yield from _options(parser, of_verb=True)
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            told = {choice.dest: choice.help or "" for choice in action._choices_actions}
            yield from _pairs([(f"{name} {below}", told[below]) for below in action.choices])
    if parser.epilog:
        yield from (".PP", ".nf", *(_text(line) for line in parser.epilog.strip().splitlines()), ".fi")


def _usage(parser: argparse.ArgumentParser) -> Iterator[str]:
    usage = re.sub(r"\s+", " ", parser.format_usage().removeprefix("usage: ")).strip()
    yield from (f".B {_text(parser.prog)}", *_lines(usage.removeprefix(parser.prog).strip()))


def _options(parser: argparse.ArgumentParser, *, of_verb: bool = False) -> Iterator[str]:
    """The options and arguments; of a verb without those that all have."""
    everywhere = {"help", "profile", "data_dir", "version"} if of_verb else set()
    for action in parser._actions:
        hidden = action.help in (None, argparse.SUPPRESS) or isinstance(action, argparse._SubParsersAction)
        if not hidden and action.dest not in everywhere:
            takes = f" {action.metavar or action.dest.upper()}" if action.nargs != 0 and action.option_strings else ""
            names = ", ".join(action.option_strings) or str(action.metavar or action.dest)
            yield from _pairs([(f"{names}{takes}", (action.help or "").replace("%%", "%"))])


def _pairs(rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    for name, told in rows:
        yield from (".TP", f".B {_text(name)}", *_lines(told))


def _lines(text: str) -> list[str]:
    """A text in lines as short as manual pages have them; roff fills them again."""
    return [_text(line) for line in textwrap.wrap(text, 72, break_long_words=False, break_on_hyphens=False)]


def _text(text: str) -> str:
    """A text as roff takes it for text, whatever stands in it."""
    safe = text.replace("\\", "\\e").replace("-", "\\-").replace('"', "\\(dq").replace("`", "\\(ga")
    safe = safe.replace("'", "\\(aq").replace("^", "\\(ha").replace("~", "\\(ti")
    safe = "".join(char if ord(char) < 128 else f"\\[u{ord(char):04X}]" for char in safe)
    return f"\\&{safe}" if safe.startswith((".", "'")) else safe
