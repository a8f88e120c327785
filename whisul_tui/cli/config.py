"""`config path`, `config show` and `config init`."""

from __future__ import annotations

import argparse
import os
from typing import Any

from whisul_tui.cli.call import Call
from whisul_tui.cli.exits import Exit, VerbError
from whisul_tui.cli.options import add_globals
from whisul_tui.cli.output import columns
from whisul_tui.settings import ROWS
from whisul_tui.settings.shown import shown

_HEAD = """\
# The settings of whisul-tui. A line that begins with # is not in force: take the # away to set it.
# What stands behind the = is the default, or an example where there is none.
# Order: command line, environment, [profiles.NAME], this file, default. What is in force: whisul-tui config show
"""
_TAIL = """
# A profile has its own account and settings; `--profile NAME` or `profile` above chooses it.
# [profiles.work]
# base_url = "https://whisul.com/api"
# api_key_command = "pass show work/whisul"

# Other keys for an action, by the id that the help (?) shows.
# [keys]
# again = "ctrl+y"
"""
_EXAMPLES: dict[str, Any] = {
    "on_event": "~/bin/song-ended",
    "api_key": "your-key",
    "api_key_command": "pass show whisul",
    "player": "mpv {url}",
    "open_command": "my-opener {url}",
    "listener_socket": "~/listener.sock",
    "downloads.folder": "~/Music/whisul",
}


def add(parser: argparse.ArgumentParser) -> None:
    """`config` has three verbs of its own."""
    below = parser.add_subparsers(dest="what", metavar="path|show|init", required=True)
    for name, told in (
        ("path", "where things are"),
        ("show", "the settings in force and where each came from; the key is masked"),
        ("init", "write a commented file, unless there is one"),
    ):
        inner = below.add_parser(name, help=told, description=told[0].upper() + told[1:] + ".", allow_abbrev=False)
        add_globals(inner)
        if name != "init":
            inner.add_argument("--json", action="store_true", help="print one JSON object")


def run(call: Call) -> int:
    """Runs the chosen one."""
    {"path": _path, "show": _show, "init": _init}[call.args.what](call)
    return Exit.DONE


def _path(call: Call) -> None:
    paths = call.paths
    found = {
        "config": paths.config_file,
        "themes": paths.themes_dir,
        "data": paths.data_dir,
        "store": paths.database,
        "log": paths.log_file,
        "state": paths.state_dir,
        "cache": paths.cache_dir,
    }
    if call.args.json:
        call.out.document({name: str(path) for name, path in found.items()})
        return
    for line in columns([(name, str(path)) for name, path in found.items()]):
        call.out.data(line)


def _show(call: Call) -> None:
    settings = call.settings()
    told = {row.name: shown(settings, row.name) for row in ROWS}
    if call.args.json:
        call.out.document(
            {name: {"value": value, "origin": settings.origins[name]} for name, value in told.items()}
            | {f"keys.{name}": {"value": key, "origin": "[keys]"} for name, key in settings.keys.items()}
        )
        return
    table = [(name, _text(value), settings.origins[name]) for name, value in told.items()]
    table += [(f"keys.{name}", _text(key), "[keys]") for name, key in settings.keys.items()]
    for line in columns(table):
        call.out.data(line)


def _init(call: Call) -> None:
    from whisul_tui.paths import private_dir

    path = call.paths.config_file
    try:
        private_dir(path.parent)
        # a file that is there, by whatever name or link, is the user's: O_EXCL never touches it
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise VerbError(
            f"{path} exists and was left as it is. `whisul-tui config show` tells what is in force."
        ) from None
    except OSError as error:
        raise VerbError(f"{path} cannot be written: {error.strerror}.") from error
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(template())
        file.flush()
        os.fsync(file.fileno())
    call.out.data(str(path))


def template() -> str:
    """The commented file, made from the table of settings: what each does, what is allowed, a value."""
    parts = [_HEAD]
    table = ""
    for row in sorted(ROWS, key=lambda row: "." in row.name):  # TOML: tables after the plain settings
        group, _, name = row.name.rpartition(".")
        if group != table:
            parts.append(f"\n# [{group}]")
            table = group
        value = _EXAMPLES.get(row.name, row.default)
        also = f" Also {row.environment}." if row.environment else ""
        parts.append(f"\n# {row.help}.\n# Allowed: {row.allowed}.{also}")
        parts.append(f"# {name} = {_text(value)}")
    return "\n".join(parts) + "\n" + _TAIL


def _text(value: Any) -> str:
    """A value as TOML writes it; `-` for none."""
    import tomli_w

    return "-" if value is None else tomli_w.dumps({"v": value}).removeprefix("v = ").strip()
