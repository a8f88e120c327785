"""What single actions may cost over the line: exact bytes on 120 x 40 in true colour, so these are hard gates."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_MEASURE = """
import json, sys
from rich.color import ColorSystem
from tests.benchmarks.bytes_frames import run
print(json.dumps(run(ColorSystem[sys.argv[1]], running=int(sys.argv[2]))))
"""


@pytest.fixture(scope="module")
def measured() -> dict[str, dict[str, int]]:
    """Figures by case, each from a process of its own: Textual keeps the codes of a style for one system of colours."""
    cases = {
        "rest": ("TRUECOLOR", "0"),
        "one": ("TRUECOLOR", "1"),
        "twenty": ("TRUECOLOR", "20"),
        "256": ("EIGHT_BIT", "0"),
    }
    kept = {name: os.environ[name] for name in ("PATH", "TMPDIR", "VIRTUAL_ENV") if name in os.environ}
    environment = kept | {"PYTHONPATH": str(ROOT), "TERM": "xterm-256color", "TZ": "UTC", "LANG": "C.UTF-8"}
    figures = {}
    for name, words in cases.items():
        run = subprocess.run(
            [sys.executable, "-c", _MEASURE, *words],
            cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip
        assert run.returncode == 0, run.stderr
        figures[name] = json.loads(run.stdout)
    return figures


@pytest.mark.parametrize(
    ("case", "action", "most"),
    [
        ("rest", "start", 9_000),
        ("rest", "Down, page beside", 350),
        ("rest", "the page follows", 400),
        ("rest", "Down that scrolls, page beside", 300),
        ("rest", "Down", 350),
        ("rest", "Down that scrolls", 330),  # prompts behind titles, and the scroll bar moves; htop sends 342
        ("rest", "PageDown", 5_600),
        ("rest", "End", 5_600),
        ("rest", "Home", 5_600),
        ("rest", "to Listen", 6_000),
        ("rest", "to Jobs", 6_000),
        ("rest", "back to Jobs", 6_000),
        ("rest", "to Write", 6_000),
        ("256", "Down that scrolls", 300),
        ("256", "to Listen", 4_500),
        ("256", "to Jobs", 4_500),
        ("256", "back to Jobs", 4_500),
        ("256", "to Write", 4_500),
        ("one", "one job's second", 80),
        ("twenty", "a second passes", 600),
        ("rest", "a second passes", 0),
        ("twenty", "a second in which nothing changes", 0),
    ],
)
def test_an_action_costs_no_more(measured: dict[str, dict[str, int]], case: str, action: str, most: int) -> None:
    """Ceilings of what is sent; a frame in which nothing differs sends not a byte."""
    assert measured[case][action] <= most


@pytest.mark.parametrize(("case", "action"), [("one", "one job's second"), ("twenty", "a second passes")])
def test_time_that_passes_is_sent(measured: dict[str, dict[str, int]], case: str, action: str) -> None:
    """So that its ceiling bounds something."""
    assert measured[case][action] > 20
