"""The program with a crash built in: `python -m tests.torture.crasher PLACE ERROR ARGUMENTS`.

PLACE is a dotted name of the package; what stands there raises instead, with the key in its locals and its message.
"""

from __future__ import annotations

import builtins
import importlib
import os
import sys
from collections.abc import Callable
from typing import Any


def crashing(error: type[BaseException]) -> Callable[..., Any]:
    """A function that holds the key in every way a mistake could, and then raises."""

    def crash(*_args: object, **_kwargs: object) -> object:
        key = os.environ.get("WHISUL_API_KEY", "") or str([vars(arg) for arg in _args if hasattr(arg, "__dict__")])
        headers = {"Authorization": f"Bearer {key}"}
        if error is RecursionError:
            return crash(key, headers)
        if error is UnicodeDecodeError:
            return key.encode().join([b"\xff", b"\xff"]).decode("utf-8")
        raise error(f"it broke with {headers}")

    return crash


def main() -> int:
    """Builds the crash in and runs the program."""
    place, name = sys.argv[1:3]
    module, owner, attribute = _found(place)
    setattr(getattr(module, owner) if owner else module, attribute, crashing(getattr(builtins, name)))
    from whisul_tui.__main__ import main as run

    del sys.argv[1:3]  # what a first frame is kept for
    return run(sys.argv[1:])


def nothing() -> None:
    """A place where a crash hurts nobody."""


def _found(place: str) -> tuple[Any, str, str]:
    path, _, attribute = place.rpartition(".")
    try:
        return importlib.import_module(path), "", attribute
    except ModuleNotFoundError:
        path, _, owner = path.rpartition(".")
        return importlib.import_module(path), owner, attribute


if __name__ == "__main__":
    sys.exit(main())
