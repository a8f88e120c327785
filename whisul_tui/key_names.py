"""Names of keys: from what people write to what Textual calls them, and which of them a terminal keeps for itself."""

from __future__ import annotations

import difflib
from functools import cache

from textual.keys import KEY_NAME_REPLACEMENTS, REPLACED_KEYS, Keys, _character_to_key, key_to_character

EATEN = {
    "ctrl+a": "screen keeps it for itself",
    "ctrl+b": "tmux keeps it for itself",
    "ctrl+s": "it stops the output of many terminals",
    "ctrl+h": "many terminals send it for backspace",
    "ctrl+i": "terminals send it for tab",
    "ctrl+m": "terminals send it for enter",
    "alt+enter": "many terminals make their window full with it",
}
_ALSO = {
    "esc": "escape", "return": "enter", "del": "delete", "ins": "insert", "pgdn": "pagedown", "pgup": "pageup",
    "pgdown": "pagedown", "page_down": "pagedown", "page_up": "pageup", "bs": "backspace", "spacebar": "space",
    "hyphen": "minus",
}  # fmt: skip
_MODIFIERS = {"c": "ctrl", "control": "ctrl", "option": "alt", "m": "alt", "s": "shift"} | {
    name: name for name in ("ctrl", "alt", "shift", "super", "hyper", "meta")
}


def key_name(text: str) -> str | None:
    """What Textual calls a key that is written as people write it (`?`, `^r`, `Ctrl+R`, `esc`); None: there is none."""
    text = text.strip()
    if text.startswith("^") and len(text) == 2:
        text = f"ctrl+{text[1].lower()}"
    *modifiers, last = text.split("+") if len(text) > 1 else [text]
    if text.endswith("++"):
        modifiers, last = [part for part in modifiers if part], "+"
    known = [_MODIFIERS.get(modifier.strip().lower()) for modifier in modifiers]
    found = _plain(last.strip(), bool(known))
    if found is None or None in known:
        return None
    names = sorted({name for name in known if name})
    if names == ["shift"] and len(found) == len(found.upper()) == 1:
        return found.upper()  # as every terminal sends it
    return "+".join([*names, found])


def is_text(name: str) -> bool:
    """Whether a key writes something in a text field."""
    return name == "space" or ("+" not in name and name not in _names())


def nearest_key(text: str) -> str | None:
    """The key whose name looks most like a wrong one."""
    *modifiers, last = text.strip().lower().split("+")
    nearest = [difflib.get_close_matches(modifier.strip(), _MODIFIERS, 1) for modifier in modifiers]
    ends = [last] if _plain(last, bool(modifiers)) else difflib.get_close_matches(last, _names(), 1)
    return key_name("+".join([*(near[0] for near in nearest), *ends])) if ends and all(nearest) else None


def _is_character(name: str) -> bool:
    character = key_to_character(REPLACED_KEYS.get(name, name))
    return character is not None and character.isprintable()


def _plain(name: str, modified: bool) -> str | None:
    """The name of a key without its modifiers, None for none."""
    if len(name) == 1:
        if not name.isprintable():
            return None
        low = name.lower()  # which of a letter or two makes more than one
        return _character_to_key(low if modified and len(low) == 1 else name)
    name = name.lower().replace(" ", "_")
    name = _ALSO.get(name, KEY_NAME_REPLACEMENTS.get(name, name))
    return name if name in _names() or _is_character(name) else None


@cache
def _names() -> frozenset[str]:
    """Every name that stands for no character, without modifiers."""
    plain = {key.value.rsplit("+", 1)[-1] for key in Keys if not key.value.startswith("<")}
    return frozenset({name for name in plain if len(name) > 1} - {"ignore"})
