"""The user's own way to open a link elsewhere: the setting `open_command`."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path, PurePath

from whisul_tui.domain.clean import clean_line
from whisul_tui.listening.command_template import fill_command, parse_command
from whisul_tui.listening.links import checked_link
from whisul_tui.listening.players import PlayerKind
from whisul_tui.listening.playing import Playing


def run_open_command(
    setting: str,
    url: str,
    *,
    on_end: Callable[[Playing], None] | None = None,
    environ: Mapping[str, str] | None = None,
) -> Playing:
    """Runs the command on a checked link, apart from the terminal; `on_end` hears of its failure.

    What it opened is the user's, so `stop_all` leaves it alone. Raises TemplateError, LinkError, PlayerError.
    """
    words = parse_command(setting, "open_command")
    argv = fill_command(words, checked_link(url))
    if argv[0].startswith("~"):
        argv[0] = str(Path(argv[0]).expanduser())
    name = clean_line(PurePath(words[0]).name, 40)
    return Playing(
        argv, name, kind=PlayerKind.OPENER, on_end=on_end, environ=os.environ if environ is None else environ
    )
