"""The user's `[keys]` over the table of keys: what is in force, and a sentence for all that could not be as written.

A key that the user gives an action is taken from the actions of the same places that have it by default. Where two of
the user's own lines want one key, the line above has it.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple

from whisul_tui.domain.clean import clean_line
from whisul_tui.key_names import EATEN, is_text, key_name, nearest_key
from whisul_tui.keymap import KEYS, NO_KEY, ROOMS, Key, keys_in_force, show_key

_MAIN = {
    "write": ("write", "everywhere"),
    "jobs": ("jobs", "job", "list", "everywhere"),
    "listen": ("listen", "job", "everywhere"),
    "setup": ("setup", "everywhere"),
    "profiles": ("profiles", "choice"),
}  # what lies over these screens has its own keys alone, and those that act before anything else
_WAY_OUT = {"back", "quit.anywhere", "confirm.no"}


class Remapped(NamedTuple):
    """`keymap`: by id the keys of each action that has others than the table's; `problems`: sentences for the user."""

    keymap: dict[str, str]
    problems: tuple[str, ...]


def places() -> dict[str, tuple[Key, ...]]:
    """The keys that act together, by the room that the place is called after."""
    before_all = [key for key in KEYS.values() if key.room == "everywhere" and key.priority]
    found = {}
    for room in ROOMS:
        if room in _MAIN:
            parts = tuple(key for part in _MAIN[room] for key in KEYS.values() if key.room == part)
            found[room] = parts if "everywhere" in _MAIN[room] else (*before_all, *parts)
        elif not any(room in parts for parts in _MAIN.values()):
            found[room] = (*before_all, *(key for key in KEYS.values() if key.room == room))
    return found


@cache
def text_rooms() -> frozenset[str]:
    """The rooms in which letters are text: those that have no letter for a key of their own."""
    own = {
        room: [name for key in KEYS.values() if key.room == room for name in keys_in_force(key, {})] for room in ROOMS
    }
    return frozenset(room for room, names in own.items() if not any(is_text(name) for name in names))


def remap(wanted: Mapping[str, str], where: str = "") -> Remapped:
    """What is in force with these `[keys]`, from the file called `where`."""
    if not wanted:
        return Remapped({}, ())
    start = f"{where} [keys]".strip()
    problems: list[str] = []
    asked: dict[str, list[str]] = {}
    for name, text in wanted.items():
        if name in KEYS:
            keys, told = _read(KEYS[name], text)
            problems += [f"{start} {name}: {sentence}" for sentence in told]
            if keys is not None:
                asked[name] = keys
        else:
            problems.append(f"{start} {clean_line(name, 60)}: there is no such action{_nearest_id(name)}")
    meeting = _meeting()
    given, told = _give(asked, meeting)
    problems += [f"{start} {sentence}" for sentence in told]
    lost, told = _take(given, meeting)
    problems += [f"{start} {sentence}" for sentence in told]
    keymap = {name: ",".join(keys) or NO_KEY for name, keys in (given | lost).items()}
    return Remapped(keymap, tuple(problems))


def _meeting() -> dict[str, list[str]]:
    """By id the other actions that act at some place together with it, in the table's order."""
    together: dict[str, set[str]] = {name: set() for name in KEYS}
    for keys in places().values():
        ids = {key.id for key in keys}
        for name in ids:
            together[name] |= ids - {name}
    return {name: [other for other in KEYS if other in others] for name, others in together.items()}


def _read(key: Key, text: str) -> tuple[list[str] | None, list[str]]:
    """The names of an action's new keys, none for an empty text, None where the line is of no use; what is wrong."""
    if not text.strip():
        if key.id in _WAY_OUT or key.id.endswith((".close", ".back")):
            return None, [f"it is a way out and stays {_shown(keys_in_force(key, {}))}."]
        return [], []
    found: list[str] = []
    told: list[str] = []
    for part in text.split(","):
        name = key_name(part)
        if name is None:
            near = nearest_key(part)
            hint = f"; did you mean {near}?" if near else "; `whisul-tui keys` shows the names."
            told.append(f"there is no key {clean_line(part.strip(), 40)!r}{hint}")
        elif is_text(name) and (key.room in text_rooms() or key.priority):
            told.append(f"{show_key(name)} is text in a text field; allowed is a key with ctrl, or F1 to F12.")
        elif name not in found:
            found.append(name)
            if name in EATEN:
                told.append(f"{show_key(name)} may never arrive: {EATEN[name]}.")
    if not found:
        told.append(f"it stays {_shown(keys_in_force(key, {}))}.")
    return (found or None), told


def _give(asked: dict[str, list[str]], meeting: dict[str, list[str]]) -> tuple[dict[str, list[str]], list[str]]:
    """The user's keys without those that a line above has; sentences on these."""
    given: dict[str, list[str]] = {}
    told: list[str] = []
    for name, keys in asked.items():
        taken = {key: other for other in meeting[name] for key in given.get(other, ())}
        both = [(show_key(key), taken[key]) for key in keys if key in taken]
        told += [f"{key}: {other} and {name} both want it. {other} has it." for key, other in both]
        given[name] = [key for key in keys if key not in taken]
    return given, told


def _take(given: dict[str, list[str]], meeting: dict[str, list[str]]) -> tuple[dict[str, list[str]], list[str]]:
    """What is left of their own keys to the actions that a given key was taken from; sentences on these."""
    lost: dict[str, list[str]] = {}
    told: list[str] = []
    for name, key in KEYS.items():
        if name in given:
            continue
        own = keys_in_force(key, {})
        takers = {taken: other for other in meeting[name] for taken in given.get(other, ()) if taken in own}
        if takers:
            lost[name] = [left for left in own if left not in takers]
            rest = f"stays on {_shown(lost[name])}" if lost[name] else "has no key now, the palette finds it"
            told += [
                f"{show_key(taken)}: {other} and {name} both want it. {other} has it, {name} {rest}."
                for taken, other in takers.items()
            ]
    return lost, told


def _shown(names: Iterable[str]) -> str:
    return " ".join(show_key(name) for name in names)


def _nearest_id(name: str) -> str:
    near = difflib.get_close_matches(name, KEYS, 1)
    return f"; did you mean {near[0]}?" if near else "; `whisul-tui keys --list` has them all."
