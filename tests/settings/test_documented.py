"""The README's tables, as the code has them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.contrast_walk import names
from whisul_tui.contrast import LEAST
from whisul_tui.settings import ROWS
from whisul_tui.settings.documented import renewed, table

README = Path(__file__).parents[2] / "README.md"


def test_the_readme_has_every_setting_as_the_code_has_it() -> None:
    """If this fails: python -m whisul_tui.settings.documented README.md"""
    text = README.read_text()
    assert renewed(text) == text


def test_the_table_has_a_line_for_each_setting() -> None:
    lines = table().splitlines()[2:]
    assert sorted(re.findall(r"^\| `([a-z_.]+)` \|", "\n".join(lines), re.MULTILINE)) == sorted(r.name for r in ROWS)
    assert all(line.count("|") == 5 for line in lines)


def test_a_text_without_the_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="missing"):
        renewed("# no table")


def test_the_readme_has_the_lowest_contrast_of_every_theme() -> None:
    """If this fails: python -m tests.support.contrast_walk"""
    found = dict(re.findall(r"^\| ([a-z-]+) \| ([0-9.]+):1 \|$", README.read_text(), re.MULTILINE))
    assert list(found) == names()
    assert all(float(ratio) >= LEAST for ratio in found.values())
