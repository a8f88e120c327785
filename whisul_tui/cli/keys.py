"""`keys`: what the terminal sends for a key and what the key does, or the list of all keys."""

from __future__ import annotations

import argparse
import sys
from textwrap import wrap

from whisul_tui.cli.call import Call
from whisul_tui.cli.exits import Exit, VerbError
from whisul_tui.cli.output import columns

_LEAVING = ("ctrl+c", "q")  # one of them twice
_MORE = """\
Without --list it shows for each key you press its name, the bytes that came, and its action in each room; ctrl+c twice
or q twice ends it. The names are what [keys] in the settings takes: again = "ctrl+y,A". An empty text takes a key away.

--json prints a list of objects with id, keys, default, room and help."""


def add(parser: argparse.ArgumentParser) -> None:
    """`--list` and `--json`."""
    parser.epilog = _MORE
    parser.add_argument("--list", action="store_true", help="print id, keys, room and help of every action")
    parser.add_argument("--json", action="store_true", help="with --list: print JSON")


def run(call: Call) -> int:
    """Lists the keys, or shows what is pressed until it is ended. Raises VerbError where there is no terminal."""
    if call.args.json and not call.args.list:
        raise VerbError("--json goes with --list.")
    from whisul_tui.remapping import remap

    remapped = remap(call.settings().keys, call.paths.config_file.name)
    for problem in remapped.problems:
        call.out.note(problem)
    if call.args.list:
        _list(call, remapped.keymap)
    else:
        _watch(call, remapped.keymap)
    return Exit.DONE


def _list(call: Call, keymap: dict[str, str]) -> None:
    from whisul_tui.keymap import KEYS, NO_KEY, ROOMS, keys_in_force

    rows = [
        (key, [name for name in keys_in_force(key, keymap) if name != NO_KEY], keys_in_force(key, {}))
        for key in KEYS.values()
    ]
    if call.args.json:
        call.out.document(
            [
                {"id": key.id, "keys": names, "default": default, "room": ROOMS[key.room], "help": key.help}
                for key, names, default in rows
            ]
        )
        return
    for line in columns([(key.id, ",".join(names) or "-", ROOMS[key.room], key.help) for key, names, _ in rows]):
        call.out.data(line)


def _watch(call: Call, keymap: dict[str, str]) -> None:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise VerbError("The keys can be watched in a terminal alone; --list prints them all.")
    from whisul_tui.terminal.keyboard import presses, raw_keys

    handle = sys.stdin.fileno()
    call.out.note("Press keys; ctrl+c twice or q twice ends it.")
    before = ""
    with raw_keys(handle):
        for press in presses(handle):
            for line in told(press.name, press.raw, keymap):
                call.out.data(line)
            if press.name == before and before in _LEAVING:
                return
            before = press.name


def told(name: str, raw: str, keymap: dict[str, str]) -> list[str]:
    """What is told of a key: its name, the bytes, escaped, and below what it does, each action with its rooms."""
    from whisul_tui.key_names import EATEN, is_text
    from whisul_tui.keymap import KEYS, ROOMS, keys_in_force
    from whisul_tui.remapping import places, text_rooms

    rooms: dict[str, list[str]] = {}
    for place, keys in places().items():
        for key in keys:
            text = place in text_rooms() and is_text(name)
            if name in keys_in_force(key, keymap) and not text:
                rooms.setdefault(key.id, []).append(ROOMS[place])
    alike: dict[str, list[str]] = {}  # most of what esc does is to close something
    for action, where in rooms.items():
        alike.setdefault(KEYS[action].help, []).append(f"{action} ({', '.join(where)})")
    lines = [f"{name:<18} {escaped(raw)}"]
    for words, actions in alike.items():
        lines += wrap(f"{words}: {', '.join(actions)}", 100, initial_indent="    ", subsequent_indent=" " * 8)
    if not rooms:
        lines.append("    no action" + (", text in a text field" if is_text(name) else ""))
    if name in EATEN:
        lines.append(f"    elsewhere it may not arrive: {EATEN[name]}")
    return lines


def escaped(raw: str) -> str:
    """The bytes of a text, those that cannot be seen as \\x1b."""
    return "".join(chr(byte) if 0x20 < byte < 0x7F else f"\\x{byte:02x}" for byte in raw.encode())
