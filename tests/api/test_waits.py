"""Retry-After and RateLimit: what counts, what is ignored, and the bound of an hour."""

from __future__ import annotations

import pytest

from whisul_tui.api.waits import pause, retry_after

NOW = 1_771_342_774.0  # Tue, 17 Feb 2026 15:39:34 GMT


@pytest.mark.parametrize(
    ("text", "wait"),
    [
        ("0", 0.0),
        ("17", 17.0),
        (" 17 ", 17.0),
        ("3600", 3600.0),
        ("999999999", 3600.0),
        ("Tue, 17 Feb 2026 15:40:04 GMT", 30.0),
        ("Tue, 17 Feb 2026 15:39:04 GMT", 0.0),
        ("Fri, 17 Feb 2096 15:39:34 GMT", 3600.0),
        ("Tuesday, 17-Feb-26 15:40:04 GMT", 30.0),
        ("", None),
        ("-5", None),
        ("5s", None),
        ("1e3", None),
        ("5, 10", None),
        ("soon", None),
        ("Tue, 17 Feb 2026", None),
        ("9" * 400, None),
    ],
)
def test_retry_after(text: str, wait: float | None) -> None:
    assert retry_after({"retry-after": text}, NOW) == wait


def test_a_date_is_measured_by_the_servers_date_however_wrong_our_clock_is() -> None:
    headers = {"retry-after": "Tue, 17 Feb 2026 15:40:04 GMT", "date": "Tue, 17 Feb 2026 15:39:34 GMT"}
    assert retry_after(headers, NOW + 86_400) == 30.0


@pytest.mark.parametrize(
    ("text", "wait"),
    [
        ('"default";r=0;t=30', 30.0),
        ('"default"; r=0; t=30', 30.0),
        ('"default";t=30;r=0', 30.0),
        ('"a";r=5;t=90, "b";r=0;t=12, "c";r=0;t=40', 40.0),
        ('"a";r=0;t=99999', 3600.0),
        ('"default";r=1;t=30', None),
        ('"default";r=00;t=30', None),
        ('"default";r=0', None),
        ('"default";r=0;t=-3', None),
        ('"x;r=0;t=30";r=9;t=5', None),
        ('"x, y;r=0;t=30";r=9;t=5', None),
        ("limit=100, remaining=0, reset=30", None),
        ('"', None),
        ("", None),
    ],
)
def test_rate_limit(text: str, wait: float | None) -> None:
    assert pause({"ratelimit": text}) == wait


def test_retry_after_wins_over_rate_limit_unless_malformed() -> None:
    limit = '"default";r=0;t=30'
    assert retry_after({"retry-after": "5", "ratelimit": limit}, NOW) == 5.0
    assert retry_after({"retry-after": "x", "ratelimit": limit}, NOW) == 30.0
    assert retry_after({}, NOW) is None
