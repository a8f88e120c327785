"""The program's own log: a rotating file of mode 0600 in the state directory, without keys and local variables."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from whisul_tui.domain.clean import clean_text
from whisul_tui.domain.secret import Secret

_RECORD = 32_000  # characters of one record, traceback included
_hidden: set[str] = set()
_log = logging.getLogger("whisul_tui")


def hide(secret: Secret | None) -> None:
    """From now on this key is blackened in every record, wherever a library's message may have put it."""
    if secret is not None:
        _hidden.add(secret.reveal())


def redacted(text: str) -> str:
    """The text with every key blackened: those that were told to `hide`, and the one of the environment."""
    for key in {*_hidden, os.environ.get("WHISUL_API_KEY", "").strip()} - {""}:
        text = text.replace(key, "••••")
    return text


def unexpected(error: BaseException) -> None:
    """Writes an exception that nobody foresaw, with its traceback."""
    _log.error("unexpected %s", type(error).__name__, exc_info=error)


def early(troubles: Sequence[str]) -> None:
    """Writes what went wrong before there was a log."""
    for trouble in troubles:
        _log.error("before the program was there: %s", trouble)


@contextmanager
def recording(log_file: Path, level: int = logging.WARNING) -> Iterator[None]:
    """Sends what the program and its libraries log from `level` on to the file, and nothing of it to the terminal.

    An exception that ends a thread goes there too. The file is made when there is something to write; a folder that
    cannot be written costs the log, never the program.
    """
    handler = _Waiting(log_file)
    handler.setFormatter(_Formatter("%(asctime)s %(levelname)s %(process)d %(name)s: %(message)s"))
    handler.setLevel(level)
    root = logging.getLogger()
    root.addHandler(handler)
    shown, logging.raiseExceptions = logging.raiseExceptions, False
    hook, threading.excepthook = threading.excepthook, _thread_ended
    try:
        yield
    finally:
        threading.excepthook = hook
        logging.raiseExceptions = shown
        root.removeHandler(handler)
        handler.close()


class _Formatter(logging.Formatter):
    """Records as cleaned text: foreign messages can neither steer a terminal that shows the log nor hold the key."""

    def format(self, record: logging.LogRecord) -> str:
        return clean_text(redacted(super().format(record)), _RECORD)


class _Waiting(logging.Handler):
    """Loads what writes files when there is something to write: most sessions log nothing, and it is .3 MiB."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._file: logging.Handler | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Writes the record; where that cannot be, it is lost."""
        try:
            if self._file is None:
                from whisul_tui.log_file import LogFile

                self._file = LogFile(self._path)
                self._file.setFormatter(self.formatter)
            self._file.emit(record)
        except Exception:  # noqa: BLE001 - no file handles left, say
            self.handleError(record)

    def close(self) -> None:
        """Closes the file, if there is one."""
        if self._file is not None:
            self._file.close()
        super().close()


def _thread_ended(told: threading.ExceptHookArgs) -> None:
    if told.exc_value is not None and not isinstance(told.exc_value, SystemExit):
        unexpected(told.exc_value)
    elif told.exc_value is None:
        _log.error("unexpected %s in a thread", getattr(told.exc_type, "__name__", "exception"))
