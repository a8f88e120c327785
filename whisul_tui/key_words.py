"""Sentences that name keys: written with the ids of actions in braces, shown with the keys in force."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from whisul_tui.keymap import KEYS, first_key, keys_in_force, show_key

_NAMED = re.compile(r"\{([a-z_]+(?:\.[a-z_]+)?)\}")


def with_keys(words: str, keymap: Mapping[str, str]) -> str:
    """The words with the first key of each action that stands in them; the palette, where one has no key.

    For the program's own words: what is foreign is added afterwards.
    """
    return _NAMED.sub(lambda found: first_key(found[1], keymap) or "the palette", words)


def named(node: Any, words: str) -> str:
    """The same for a widget, a screen or the app, with the keys that are in force there."""
    return with_keys(words, getattr(node.app, "_keymap", {}))


def key_like(name: str, wanted: str, keymap: Mapping[str, str]) -> str:
    """The `wanted` key of an action as long as it has it, else its first one, as a person reads it."""
    keys = keys_in_force(KEYS[name], keymap)
    return show_key(wanted if wanted in keys else keys[0])
