"""The table of all settings: name, kind, default, what is allowed, and the sentence that explains it.

Loading, `config show`, `config init` and the README's table are all made from these rows.
"""

from __future__ import annotations

import math
import shlex
from collections.abc import Callable
from typing import Any, NamedTuple


class SettingsError(Exception):
    """A wrong setting; the message names file, key, what was found and what is allowed."""


class Row(NamedTuple):
    """One setting. `allowed` says in words what `accepts` lets pass; `in_profile`: may stand in `[profiles.NAME]`."""

    name: str
    default: Any
    allowed: str
    accepts: Callable[[Any], bool]
    help: str
    in_profile: bool = True
    environment: str | None = None
    secret: bool = False

    @property
    def choices(self) -> tuple[Any, ...]:
        """The values there are, where they are few."""
        if self.accepts is _flag:
            return (True, False)
        return self.accepts.words if isinstance(self.accepts, OneOf) else ()

    @property
    def is_number(self) -> bool:
        """Whether it is a number, whole or not."""
        return isinstance(self.accepts, Number | Whole)

    def parse(self, text: str) -> Any:
        """The value that a text stands for, not yet checked; the text itself where it is none of the kind."""
        text = text.strip()
        if self.choices:
            words = {str(choice).lower(): choice for choice in self.choices}
            return words.get(text.lower(), text)
        try:
            return (int(text) if isinstance(self.accepts, Whole) else float(text)) if self.is_number else text
        except ValueError:
            return text


class Number:
    """Accepts a number from `low` to `high`."""

    def __init__(self, low: float, high: float) -> None:
        self.low, self.high = low, high

    def __call__(self, value: Any) -> bool:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return is_number and math.isfinite(value) and self.low <= value <= self.high


class Whole:
    """Accepts a whole number from `low` to `high`."""

    def __init__(self, low: int, high: int) -> None:
        self.low, self.high = low, high

    def __call__(self, value: Any) -> bool:
        return isinstance(value, int) and not isinstance(value, bool) and self.low <= value <= self.high


class OneOf:
    """Accepts one of some words."""

    def __init__(self, words: tuple[str, ...]) -> None:
        self.words = words

    def __call__(self, value: Any) -> bool:
        return isinstance(value, str) and value in self.words


def _number(low: float, high: float) -> Number:
    return Number(low, high)


def _whole(low: int, high: int) -> Whole:
    return Whole(low, high)


def _flag(value: Any) -> bool:
    """Accepts true and false."""
    return isinstance(value, bool)


def _text(value: Any) -> bool:
    """Accepts a text of one line."""
    return isinstance(value, str) and 0 < len(value) <= 4096 and value.isprintable()


def _words(value: Any) -> bool:
    try:
        return _text(value) and bool(shlex.split(value))
    except ValueError:
        return False


def _path(value: Any) -> bool:
    return _text(value) and value.startswith(("/", "~/"))


def _one_of(*words: str) -> OneOf:
    return OneOf(words)


ROWS: tuple[Row, ...] = (
    Row("profile", "default", "the name of a profile", _text, "the profile in force", False, "WHISUL_PROFILE"),
    Row(
        "base_url",
        "https://whisul.com/api",
        "an https URL (http for loopback alone)",
        _text,
        "where the API is",
        environment="WHISUL_BASE_URL",
    ),
    Row(
        "api_key",
        None,
        "1 to 512 visible ASCII characters, in a file of mode 0600",
        _text,
        "the API key itself",
        environment="WHISUL_API_KEY",
        secret=True,
    ),
    Row("api_key_command", None, "a command line", _text, "a command that prints the API key, run without a shell"),
    Row(
        "poll_min_seconds",
        5.0,
        "a number from 5 to 600 (from 0.05 for loopback)",
        _number(0.05, 600),
        "one job is never asked for again sooner than this",
    ),
    Row(
        "poll_max_seconds",
        10.0,
        "a number from 5 to 600 (from 0.05 for loopback), not below poll_min_seconds",
        _number(0.05, 600),
        "one job is asked for again not later than this, unless Whisul limits",
    ),
    Row(
        "max_in_flight",
        0,
        "a whole number from 0 to 1000",
        _whole(0, 1000),
        "at most so many jobs with Whisul at once, the others are held; 0 is no limit",
    ),
    Row(
        "undo_seconds",
        3.0,
        "a number from 0 to 60",
        _number(0, 60),
        "a prompt is held so long before it is sent, so that u can take it back; 0 sends at once",
    ),
    Row(
        "same_prompt_seconds",
        60.0,
        "a number from 0 to 86400",
        _number(0, 86_400),
        "the same prompt again within this time asks first; 0 never asks",
    ),
    Row(
        "budget_day",
        0,
        "a whole number from 0 to 100000",
        _whole(0, 100_000),
        "so many submissions a calendar day, then the TUI asks and `generate` refuses; 0 is no limit",
    ),
    Row(
        "budget_month",
        0,
        "a whole number from 0 to 1000000",
        _whole(0, 1_000_000),
        "and so many a calendar month; 0 is no limit",
    ),
    Row(
        "lint",
        True,
        "true or false",
        _flag,
        "a line under the editor says what a prompt leaves open or contradicts; it only advises",
    ),
    Row("toasts", True, "true or false", _flag, "a note on the screen when a job ends"),
    Row("bell", True, "true or false", _flag, "the terminal bell when a job ends"),
    Row(
        "notify",
        "auto",
        "auto, bell, osc9, osc777, osc99 or off",
        _one_of("auto", "bell", "osc9", "osc777", "osc99", "off"),
        "how the terminal tells of jobs that end; auto: the notice that `doctor --terminal` has seen, else the bell",
    ),
    Row(
        "on_event",
        None,
        "a command line, its quotes in pairs",
        _words,
        "a command for each job that ends, run without a shell: the job as JSON on its standard input",
    ),
    Row("calm", False, "true or false", _flag, "nothing on the screen moves by itself, only when something happens"),
    Row("title", True, "true or false", _flag, "the terminal's title shows how many jobs run"),
    Row("mouse", True, "true or false", _flag, "the mouse works in the TUI"),
    Row(
        "theme",
        "auto",
        "auto or the name of a theme",
        _text,
        "colours; auto is whisul-dark, or ansi-dark under NO_COLOR and where there are 16 colours",
    ),
    Row("glyphs", "auto", "auto, unicode or ascii", _one_of("auto", "unicode", "ascii"), "which signs are drawn"),
    Row(
        "display",
        "auto",
        "auto or stock",
        _one_of("auto", "stock"),
        "auto sends only what changed on the screen; stock is Textual's own output",
        environment="WHISUL_DISPLAY",
    ),
    Row(
        "first_frame",
        "auto",
        "auto or off",
        _one_of("auto", "off"),
        "auto paints the jobs before the program is loaded, in the look of the last session",
    ),
    Row(
        "player",
        None,
        "a command, {url} where the link goes",
        _text,
        "the player for songs, before those that are found",
    ),
    Row(
        "open_command",
        None,
        "a command, {url} where the link goes",
        _text,
        "what `o` runs where the program has no sound or display of its own",
    ),
    Row(
        "listener_socket",
        None,
        "an absolute path",
        _path,
        "where ssh leads to `whisul-tui listen` on your own machine; the usual places unless set",
    ),
    Row(
        "covers",
        "auto",
        "auto, kitty, sixel, blocks or off",
        _one_of("auto", "kitty", "sixel", "blocks", "off"),
        "how covers are drawn; auto asks the terminal, and takes half blocks where it draws no pictures",
    ),
    Row("downloads.folder", None, "a folder", _text, "where `d` keeps songs; the Music folder's `whisul` unless set"),
    Row(
        "downloads.name",
        "{title} - {bpm} bpm [{short_id}]",
        "a name with {title} {bpm} {short_id} {job_id} {date}",
        _text,
        "how a kept song is called",
    ),
)
BY_NAME = {row.name: row for row in ROWS}
