"""Reading and writing `config.toml`, and checking what stands in it."""

from __future__ import annotations

import difflib
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from whisul_tui.domain.clean import clean_line
from whisul_tui.settings.table import BY_NAME, SettingsError

TABLES = ("profiles", "keys")


def read_file(path: Path) -> dict[str, Any]:
    """The file's tables as they stand, an empty dict where there is none; raises SettingsError."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read ({error.strerror}).") from error
    if len(raw) > 1_000_000:
        raise SettingsError(f"{path}: is larger than 1 MB; that is no config file.")
    import tomllib  # 3 ms and .2 MiB, which whoever has no file is spared

    try:
        content = tomllib.loads(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}: is not UTF-8 text.") from error
    except (RecursionError, ValueError) as error:
        raise SettingsError(f"{path}: is not valid TOML: {clean_line(str(error))}.") from error
    if holds_key(content):
        _check_private(path)
    return content


def holds_key(content: dict[str, Any]) -> bool:
    """Whether an API key stands in the file itself."""
    return any("api_key" in table for table in (content, *_profile_tables(content)))


def doubts(path: Path, content: dict[str, Any]) -> tuple[str, ...]:
    """Sentences on what is allowed and yet unwise about a file with a key in it."""
    if not holds_key(content) or not path.is_symlink():
        return ()
    target = clean_line(str(path.resolve()), 200)
    return (
        f"{path}: holds an api_key and is a symbolic link to {target}: the key is wherever that file is copied to. "
        f"Keep it in a file of its own (chmod 600), or use api_key_command.",
    )


def write_file(path: Path, content: dict[str, Any]) -> None:
    """Writes the tables back, whole or not at all, mode 0600; raises OSError."""
    import tomli_w

    from whisul_tui.paths import write_private

    write_private(path, tomli_w.dumps(content))


def flatten(table: dict[str, Any], where: str, *, in_profile: bool) -> dict[str, Any]:
    """The settings of one table by their dotted names, each checked; raises SettingsError naming `where`."""
    found: dict[str, Any] = {}
    for name, value in _dotted(table, top=not in_profile):
        row = BY_NAME.get(name)
        if row is None or (in_profile and not row.in_profile):
            known = [n for n, r in BY_NAME.items() if r.in_profile or not in_profile]
            near = difflib.get_close_matches(name, known, 1)
            hint = f"did you mean {near[0]}?" if near else f"known are: {', '.join(known)}."
            raise SettingsError(f"{where}: unknown setting {clean_line(name, 60)!r}; {hint}")
        check(name, value, where)
        found[name] = value
    return found


def check(name: str, value: Any, where: str) -> None:
    """Raises SettingsError naming `where`, the key, what was found and what is allowed, unless the value is allowed."""
    row = BY_NAME[name]
    if not row.accepts(value):
        shown = "a text that is not shown" if row.secret else clean_line(repr(value), 60)
        raise SettingsError(f"{where}: {name} is {shown}; allowed is {row.allowed}.")


def _dotted(table: dict[str, Any], *, top: bool) -> Iterator[tuple[str, Any]]:
    groups = {name.split(".")[0] for name in BY_NAME if "." in name}
    for name, value in table.items():
        if top and name in TABLES:
            continue
        if name in groups and isinstance(value, dict):
            yield from ((f"{name}.{inner}", inner_value) for inner, inner_value in value.items())
        else:
            yield name, value


def _profile_tables(content: dict[str, Any]) -> list[dict[str, Any]]:
    profiles = content.get("profiles")
    return [table for table in profiles.values() if isinstance(table, dict)] if isinstance(profiles, dict) else []


def _check_private(path: Path) -> None:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        raise SettingsError(f"{path}: holds an api_key but has mode {mode:04o}; allowed is 0600. Run: chmod 600 {path}")
