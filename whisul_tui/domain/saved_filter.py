"""Filters under names of their own, `@name` where one is used, and the text that they are kept as."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import NamedTuple

from whisul_tui.domain.clean import clean_line

LONGEST_FILTER = 1_000
_NAME = re.compile(r"[\w.-]{1,40}\Z")
_USED = re.compile(r'"[^"]*"?|(?<!\S)@([\w.-]{1,40})(?!\S)')


class SavedFilter(NamedTuple):
    """What is looked for, in which order, and whether among failed jobs alone."""

    search: str
    order: str = "newest"
    failed_only: bool = False


def is_filter_name(text: str) -> bool:
    """Whether a text can be a filter's name: letters, figures, `.`, `_` and `-`, so that `@name` is one word."""
    return _NAME.match(text) is not None


def write_filter(saved: SavedFilter) -> str:
    """The text that it is kept as."""
    return json.dumps({"search": saved.search, "order": saved.order, "failed_only": saved.failed_only})


def read_filter_text(text: str) -> SavedFilter | None:
    """The filter of a kept text; None where it is none."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(content, dict):
        return None
    order = content.get("order")
    return SavedFilter(
        clean_line(content.get("search"), LONGEST_FILTER),
        order if isinstance(order, str) else "newest",
        content.get("failed_only") is True,
    )


def expanded(text: str, saved: Mapping[str, SavedFilter]) -> str:
    """The filter with each `@name` outside quotes replaced by what it stands for; an unknown one stays a word."""

    def replaced(found: re.Match[str]) -> str:
        filter_ = saved.get(found[1] or "")
        return found[0] if filter_ is None else filter_.search

    return _USED.sub(replaced, text) if "@" in text else text
