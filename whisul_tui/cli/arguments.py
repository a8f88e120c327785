"""The command line: global options before or after the verb, and a verb's own options from its own module."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Collection, Sequence
from importlib import import_module
from types import SimpleNamespace
from typing import NamedTuple, NoReturn

from whisul_tui.cli.call import WITHOUT_OPTIONS, Call
from whisul_tui.cli.options import add_globals
from whisul_tui.domain.clean import clean_line

_DESCRIPTION = "Write prompts, watch generations and listen to the songs of Whisul. Without a verb: the TUI."
_EXAMPLES = """\
examples:
  whisul-tui                                            the TUI
  whisul-tui --local                                    the TUI on the local studio: no account, no network
  whisul-tui generate "late night lofi, soft rain"      sends a prompt, prints the job id
  whisul-tui generate --wait --download . "sea shanty"  follows it to the end and keeps song and cover
  whisul-tui wait 7f3a91c2                              follows a job; the beginning of its id is enough
  whisul-tui jobs --state failed --json                 what failed, for scripts
  whisul-tui doctor                                     what is broken, and how to mend it

The API key comes from WHISUL_API_KEY, or from api_key_command or api_key in the settings (whisul-tui config init).
"""


class Verb(NamedTuple):
    """A verb and the module that has its `add(parser)` and `run(call)`; the module is imported for this verb alone."""

    name: str
    module: str
    help: str

    def add(self, parser: argparse.ArgumentParser) -> None:
        """Adds the verb's own options."""
        adds: Callable[[argparse.ArgumentParser], None] = import_module(self.module).add
        adds(parser)

    def run(self, call: Call) -> int:
        """Runs the verb and returns the exit code."""
        runs: Callable[[Call], int] = import_module(self.module).run
        return runs(call)


VERBS = {
    verb.name: verb
    for verb in (
        Verb("generate", "whisul_tui.cli.generate", "submit a prompt, or a file of prompts"),
        Verb("wait", "whisul_tui.cli.wait", "follow jobs to their end"),
        Verb("show", "whisul_tui.cli.show", "show what is known of a job"),
        Verb("jobs", "whisul_tui.cli.jobs", "list the jobs"),
        Verb("tag", "whisul_tui.cli.tag", "give jobs tags and notes of your own"),
        Verb("export", "whisul_tui.cli.export", "write the jobs as json, csv or m3u8"),
        Verb("import", "whisul_tui.cli.import_", "merge another host's export"),
        Verb("backup", "whisul_tui.cli.backup", "copy the store into one file, also while it is used"),
        Verb("restore", "whisul_tui.cli.restore", "put a backup back, also while the store is used"),
        Verb("download", "whisul_tui.cli.download", "keep songs and covers as files"),
        Verb("play", "whisul_tui.cli.play", "play a song on this machine"),
        Verb("listen", "whisul_tui.cli.listen", "on your own machine: play what a whisul-tui elsewhere asks for"),
        Verb("studio", "whisul_tui.cli.studio", "run the local studio as a server of its own"),
        Verb("doctor", "whisul_tui.cli.doctor", "check layer by layer what works, and how to mend what does not"),
        Verb("config", "whisul_tui.cli.config", "show where things are and the settings in force"),
        Verb("completions", "whisul_tui.cli.completions", "print what bash, zsh or fish need to complete this command"),
        Verb("man", "whisul_tui.cli.man", "print the manual page, for man -l -"),
        Verb("keys", "whisul_tui.cli.keys", "show what the terminal sends for each key, and what the key does"),
    )
}


class _Parser(argparse.ArgumentParser):
    """Tells errors as one cleaned line with the way to help."""

    def error(self, message: str) -> NoReturn:
        """Tells the mistake and ends with 2."""
        hint = ""
        if "unrecognized arguments" in message or "expected one argument" in message:
            hint = " A text that begins with - goes after --."
        sys.stderr.write(f"{self.prog}: {clean_line(message, 500)}.{hint} See {self.prog} --help.\n")
        raise SystemExit(2)


def parse(words: Sequence[str]) -> SimpleNamespace:
    """The parsed command line: verb (None: the TUI), profile, data_dir and the verb's own. Raises SystemExit."""
    return _parser(words).parse_args(words, SimpleNamespace())


def whole_parser() -> argparse.ArgumentParser:
    """All verbs with all their options, for what is made from them: completions and the manual page."""
    return _parser(VERBS)


def _parser(wanted: Collection[str]) -> argparse.ArgumentParser:
    """The parser of the command line, with the options of the verbs that are wanted."""
    parser = _Parser(
        prog="whisul-tui",
        description=_DESCRIPTION,
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.set_defaults(**WITHOUT_OPTIONS)
    add_globals(parser)
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", title="verbs", required=False)
    for verb in VERBS.values():
        below = verbs.add_parser(
            verb.name,
            help=verb.help,
            description=verb.help[0].upper() + verb.help[1:] + ".",
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        add_globals(below)
        if verb.name in wanted:
            verb.add(below)
    return parser
