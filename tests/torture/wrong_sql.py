"""Wrong versions of SQL: one comparison, connective, order or bound of a statement changed at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator

_STATEMENT = re.compile(r"\b(?:SELECT|UPDATE|INSERT|DELETE|WHERE|AND|ORDER BY)\b|state = '")
_WRONG = {
    "<=": "<", ">=": ">", "<": "<=", ">": ">=", "=": "IS NOT", "AND": "OR", "OR": "AND", "NOT": "",
    "IS NULL": "IS NOT NULL",
    "IS NOT NULL": "IS NULL", "max(": "min(", "min(": "max(", "DESC": "", "coalesce(": "max(", "abs(": "(",
    "DISTINCT": "",
}  # fmt: skip
_TOKEN = re.compile(
    r"<=|>=|<>|<|>|=|\bIS NOT NULL\b|\bIS NULL\b|\bAND\b|\bOR\b|\bNOT\b|\bDESC\b|\bDISTINCT\b"
    r"|\b(?:max|min|coalesce|abs)\(|'\w+'|\b\d+(?:\.\d+)?\b"
)


def wrong_statements(text: str) -> Iterator[str]:
    """Each wrong version of a piece of SQL; none of a text that is none."""
    if not _STATEMENT.search(text):
        return
    for found in _TOKEN.finditer(text):
        token = found[0]
        if token == "=" and re.search(r"\bSET\b(?!.*\bWHERE\b)", text[: found.start()], re.DOTALL):
            continue  # it assigns
        other = _WRONG.get(token) or (f"'{token[1:-1]}x'" if token[0] == "'" else None)
        if token.isdigit():
            other = str(int(token) + 1)
        if other is not None or token in _WRONG:
            yield text[: found.start()] + (other or "") + text[found.end() :]
