"""Changing one setting in `config.toml`: checked with all the others first, then written whole, the rest kept."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from whisul_tui.domain.clean import clean_line
from whisul_tui.paths import Paths, write_private
from whisul_tui.settings.file import check, read_file
from whisul_tui.settings.load import load_settings
from whisul_tui.settings.table import BY_NAME, SettingsError

UNSET = object()


def change(
    paths: Paths, name: str, value: Any, *, profile: str, environ: Mapping[str, str] | None = None
) -> Path | None:
    """Writes a setting (UNSET: takes it out of the file), and returns where a file with comments was kept, if any.

    It goes into `[profiles.NAME]` where it stands there for the profile in force, else to the top. Raises
    SettingsError, with nothing written, where the file is wrong or would become so, or cannot be written.
    """
    content = read_file(paths.config_file)
    load_settings(paths, profile=profile, environ=environ, content=content)  # its shape is known to be good from here
    changed = with_value(content, name, value, profile)
    where = str(paths.config_file)
    if value is not UNSET:
        check(name, value, where)
    load_settings(paths, profile=None if name == "profile" else profile, environ=environ, content=changed)
    try:
        return write_keeping(paths.config_file, changed)
    except OSError as error:
        raise SettingsError(f"{where}: cannot be written ({clean_line(error.strerror or '')}).") from error


def with_value(content: Mapping[str, Any], name: str, value: Any, profile: str) -> dict[str, Any]:
    """The file's tables with a setting changed, everything else as it is."""
    changed = copy.deepcopy(dict(content))
    own = changed.get("profiles", {}).get(profile, {})
    group, _, last = name.rpartition(".")
    table = own if BY_NAME[name].in_profile and last in (own.get(group, {}) if group else own) else changed
    if group:
        table = table.setdefault(group, {}) if value is not UNSET else table.get(group, {})
    if value is UNSET:
        table.pop(last, None)
    else:
        table[last] = value
    if group and not changed.get(group, True):
        del changed[group]
    return changed


def write_keeping(path: Path, content: dict[str, Any]) -> Path | None:
    """Writes the tables; a file with comments or an order of its own is kept beside it as `.bak`, which is returned.

    Both files are readable by the user alone. Raises OSError.
    """
    import tomllib

    import tomli_w

    kept = None
    try:
        before = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        before = ""
    if before and tomli_w.dumps(tomllib.loads(before)) != before:
        kept = path.with_name(path.name + ".bak")
        write_private(kept, before)
    write_private(path, tomli_w.dumps(content))
    return kept
