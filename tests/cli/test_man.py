"""The manual page: made from the tables, and good roff."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from tests.cli.conftest import Run
from whisul_tui.cli.arguments import VERBS
from whisul_tui.settings import ROWS


def test_the_page_has_every_verb_option_setting_and_exit_code(run: Run) -> None:
    ran = run("man")
    assert (ran.code, ran.err) == (0, "")
    page = ran.out.replace("\\-", "-")
    assert re.match(r'\.TH WHISUL-TUI 1 "\d{4}-\d\d-\d\d" "whisul-tui \d', page)
    assert all(f"\n.SS {verb}\n" in page for verb in VERBS)
    assert all(f"\n.B {row.name}\n" in page for row in ROWS)
    assert all(name in page for name in ("WHISUL_API_KEY", "NO_COLOR", "--patience SECONDS", ".SH EXIT STATUS"))
    assert "--beginning" not in page
    assert all(ord(char) < 128 for char in ran.out)
    assert run("man").out == ran.out


@pytest.mark.parametrize(
    "words",
    [["mandoc", "-T", "lint", "-W", "warning"], ["groff", "-man", "-ww", "-Tutf8", "-z"]],
    ids=["mandoc", "groff"],
)
def test_the_page_is_good_roff(run: Run, words: list[str]) -> None:
    if shutil.which(words[0]) is None:
        pytest.skip(f"{words[0]} is not installed")
    done = subprocess.run(words, input=run("man").out, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
