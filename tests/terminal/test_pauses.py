"""The garbage collector leaves the first screen alone, and other threads give way."""

from __future__ import annotations

import subprocess
import sys

_CHECK = """
import gc, sys
from whisul_tui.terminal.pauses import fewer_pauses
keep = [[n] for n in range(1000)]
fewer_pauses()
print(gc.get_freeze_count() > 1000, sys.getswitchinterval(), gc.get_threshold())
"""


def test_what_stands_is_frozen_and_collections_are_rare() -> None:
    """In a process of its own: a frozen object stays so for all tests after."""
    run = subprocess.run([sys.executable, "-c", _CHECK], capture_output=True, text=True, check=True)
    assert run.stdout.split(maxsplit=2) == ["True", "0.0005", "(50000, 20, 100)\n"]
