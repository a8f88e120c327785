"""When a part of a file may be continued: rules on what the server says, without any input or output.

A server that ignores the range, starts elsewhere, has another file by now or sends an error page must never get its
bytes appended to what came before; whenever one sign is off, the file is fetched anew.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass

_CONTENT_RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18})\Z")
_SENDABLE = re.compile(r"[ -~]+\Z")
_LENGTH = re.compile(r"\d{1,18}\Z")


@dataclass(frozen=True, slots=True)
class Remote:
    """What the server said of a file: its length in bytes, ETag, date of change, content type; "" or None: not said."""

    total: int | None = None
    etag: str = ""
    changed: str = ""
    kind: str = ""

    @property
    def validator(self) -> str:
        """What If-Range may hold: a strong ETag, else the date of change; a weak ETag promises too little."""
        said = self.etag or self.changed
        return said if _SENDABLE.match(said) and not said.startswith("W/") else ""

    @classmethod
    def of(cls, headers: Mapping[str, str]) -> Remote:
        """From the headers of a whole answer (200)."""
        length = headers.get("content-length", "")
        return cls(
            total=int(length) if _LENGTH.match(length) else None,
            etag=headers.get("etag", "")[:256],
            changed=headers.get("last-modified", "")[:64],
            kind=headers.get("content-type", "")[:128],
        )

    def may_continue(self, size: int) -> bool:
        """Whether `size` bytes of it can be continued at all."""
        return bool(self.total and self.validator) and 0 < size <= (self.total or 0)

    def is_continued_by(self, headers: Mapping[str, str], start: int) -> bool:
        """Whether a partial answer (206) with these headers is the rest of this very file from `start` on."""
        match = _CONTENT_RANGE.match(headers.get("content-range", ""))
        if match is None:
            return False
        first, last, total = (int(number) for number in match.groups())
        length = headers.get("content-length")
        return (
            (first, total, last) == (start, self.total, total - 1)
            and (length is None or length == str(total - start))
            and headers.get("etag", "") == self.etag
            and (bool(self.etag) or headers.get("last-modified", "") == self.changed)
            and headers.get("content-type", "") == self.kind
        )

    def written(self) -> str:
        """As it is kept beside the part."""
        return json.dumps({"version": 1, **asdict(self)})

    @classmethod
    def read(cls, text: str) -> Remote | None:
        """From what was kept beside the part; None for anything that `written` did not write."""
        try:
            kept = json.loads(text)
        except (ValueError, RecursionError):
            return None
        if not isinstance(kept, dict) or kept.pop("version", None) != 1 or set(kept) != set(cls.__dataclass_fields__):
            return None
        total = kept.pop("total")
        if type(total) is not int or not all(isinstance(value, str) for value in kept.values()):
            return None
        return cls(total=total, **kept)
