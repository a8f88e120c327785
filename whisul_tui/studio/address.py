"""Where a studio is found: its file in the state directory, and the proof that the one who answers wrote it."""

from __future__ import annotations

import hmac
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from whisul_tui.domain.secret import Secret

HOST = "127.0.0.1"
HEALTH_PATH = "/studio/health"
_LARGEST = 4096  # bytes of a record that are read at most


@dataclass(frozen=True, slots=True)
class StudioAddress:
    """A studio that answers: the base URL of its API, the key it takes, its port and process."""

    base_url: str
    key: Secret
    port: int
    pid: int


@dataclass(frozen=True, slots=True)
class Record:
    """What a studio leaves in the state directory: key and last port outlive it; `pid` is None while none runs."""

    key: Secret
    port: int | None = None
    pid: int | None = None


def api_url(port: int) -> str:
    """The base URL of the API at a port of loopback."""
    return f"http://{HOST}:{port}/api"


def record_path(state_dir: Path, name: str = "studio") -> Path:
    """The file in which the studio of this name says where it is."""
    return state_dir / f"{name}.json"


def new_key() -> Secret:
    """A random key of 256 bits."""
    return Secret("studio-" + secrets.token_urlsafe(32))


def prove(key: Secret, nonce: str, port: int, pid: int) -> str:
    """The answer to a health request that only the holder of the key can give; the key itself never travels."""
    return hmac.new(key.reveal().encode(), f"{nonce}:{port}:{pid}".encode(), "sha256").hexdigest()


def read_record(path: Path) -> Record | None:
    """The record in a file, or None where there is none that can be used; raises OSError when it may not be read."""
    try:
        with path.open("rb") as file:
            found = json.loads(file.read(_LARGEST))
        if not isinstance(found, dict):
            return None
        return Record(Secret(found["key"]), _number(found.get("port"), 65_535), _number(found.get("pid"), 2**31 - 1))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, AttributeError, RecursionError):  # half a file, or somebody else's
        return None


def write_record(path: Path, record: Record) -> None:
    """Writes the record with mode 0600, whole or not at all; raises OSError."""
    fields = {"key": record.key.reveal(), "port": record.port, "pid": record.pid}
    write_private(path, json.dumps(fields) + "\n")


def write_private(path: Path, text: str) -> None:
    """Writes a file of mode 0600 through a temporary one beside it; raises OSError."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _number(value: object, largest: int) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= largest else None
