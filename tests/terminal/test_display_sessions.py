"""With the display layer a terminal shows exactly what it shows without, whatever is done to the program."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("colours", ["truecolor", "eight_bit", "standard", "none"])
def test_random_sessions_show_the_same_with_the_layer_and_without(colours: str) -> None:
    """Two a system of colours here; `python -m tests.terminal.display_sessions` does a thousand.

    In a process of its own, since Textual keeps the codes of a style for one system of colours.
    """
    words = [sys.executable, "-m", "tests.terminal.display_sessions", "--sessions", "2", "--steps", "5"]
    run = subprocess.run(
        [*words, "--colours", colours, "--seed", "7"],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
    assert "2 sessions" in run.stdout
    assert "all alike" in run.stdout
