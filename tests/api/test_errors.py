"""The tree is as drawn, and every sentence can be shown to a user."""

from __future__ import annotations

import subprocess
import sys

import pytest

from whisul_tui.api import errors
from whisul_tui.api.errors import (
    BadReply,
    ConfigurationProblem,
    KeyMissing,
    KeyRefused,
    Limited,
    NotFound,
    Rejected,
    Unavailable,
    WhisulError,
)

ONE_OF_EACH = [
    ConfigurationProblem("The base URL cannot be used. Correct it."),
    Rejected(),
    Rejected("No cowbell."),
    KeyRefused(),
    KeyMissing(),
    NotFound(),
    Limited(),
    Limited(17.0),
    Unavailable(sent=False, reason="the connection was refused"),
    Unavailable(sent=True, reason="it took too long"),
    Unavailable(sent=True, status=503),
    BadReply("it is no JSON object"),
]


def test_the_tree_is_as_drawn() -> None:
    drawn = errors.__doc__ or ""
    for name, kind in vars(errors).items():
        if isinstance(kind, type) and issubclass(kind, Exception):
            assert issubclass(kind, WhisulError)
            assert name in drawn
    assert issubclass(KeyMissing, KeyRefused)


@pytest.mark.parametrize("error", ONE_OF_EACH, ids=lambda error: type(error).__name__)
def test_every_error_is_a_sentence(error: WhisulError) -> None:
    assert str(error) == error.sentence
    assert error.sentence[0].isupper()
    assert error.sentence.endswith(".")
    assert "None" not in error.sentence


def test_what_callers_decide_by_is_there() -> None:
    assert (Unavailable(sent=False, reason="x").sent, Unavailable(sent=True, status=500).status) == (False, 500)
    assert (Limited(17.0).retry_after, Limited().retry_after, Limited().status) == (17.0, None, 429)
    assert (BadReply("x").sent, Rejected("No.").message, KeyMissing().status) == (True, "No.", None)


def test_errors_and_shapes_are_had_without_the_http_library() -> None:
    script = (
        "import sys, whisul_tui.api.errors, whisul_tui.api.wire, whisul_tui.api.address\n"
        "print([name for name in ('httpx', 'httpcore', 'ssl', 'asyncio', 'socket') if name in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"
