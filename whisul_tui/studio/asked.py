"""What the studio was asked: one line a request for the log, and JSON lines that tests judge a client by."""

from __future__ import annotations

import json
import logging
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import TextIO

from whisul_tui.domain.clean import clean_line

log = logging.getLogger("whisul.studio")


@dataclass(slots=True)
class Asked:
    """One request. `time` is its arrival in seconds since 1970; `status` is None when no answer was sent at all.

    `job_id` is the job that a submission made, whatever became of the answer; `fault` the one that was played on it.
    """

    time: float
    method: str
    path: str
    status: int | None = None
    seconds: float = 0.0
    job_id: str | None = None
    prompt: str | None = None
    fault: str | None = None


class RequestLog:
    """Writes every request to the log, and to a file of JSON lines where one is given."""

    def __init__(self, path: Path | None = None) -> None:
        """Appends to `path`, mode 0600; raises OSError."""
        self._file: TextIO | None = None
        if path is not None:
            self._file = os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "w", encoding="utf-8")

    def write(self, asked: Asked) -> None:
        """Records one request that has been dealt with. Headers, and so keys, are never part of it."""
        path = clean_line(asked.path)
        fault = f" ({asked.fault})" if asked.fault else ""
        log.info("%s %s %s %.0f ms%s", asked.method, path, asked.status or "-", asked.seconds * 1000, fault)
        if self._file is not None:
            self._file.write(json.dumps(asdict(asked)) + "\n")
            self._file.flush()

    def close(self) -> None:
        """Closes the file."""
        if self._file is not None:
            self._file.close()

    def __enter__(self) -> RequestLog:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()
