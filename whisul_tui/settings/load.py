"""Bringing the settings together: flag, environment, profile, file, default, in this order."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from whisul_tui.domain.secret import Secret
from whisul_tui.paths import Paths
from whisul_tui.settings.file import check, doubts, flatten, read_file
from whisul_tui.settings.live import SESSION, START
from whisul_tui.settings.profile import LOCAL, Profile, check_base_url, check_rhythm
from whisul_tui.settings.table import ROWS, SettingsError

FLAG = "flag --"  # how the origin of what the command line said begins
_STUDIO = {"base_url": "http://127.0.0.1/api", "poll_min_seconds": 0.5, "poll_max_seconds": 1.0}


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings in force. `origins` tells by name where each came from; `keys` maps binding ids to keys.

    `doubts`: sentences for the user on what is allowed and yet unwise.
    """

    profile: Profile
    values: dict[str, Any]
    origins: dict[str, str]
    keys: dict[str, str] = field(default_factory=dict)
    profiles: tuple[str, ...] = ("default", LOCAL)
    key: Secret | None = None
    key_command: str | None = None
    doubts: tuple[str, ...] = ()

    def number(self, name: str) -> float:
        """A setting that is a number."""
        return float(self.values[name])

    def flag(self, name: str) -> bool:
        """A setting that is true or false."""
        return bool(self.values[name])

    def text(self, name: str) -> str | None:
        """A setting that is a text, None where it has no value."""
        value = self.values[name]
        return None if value is None else str(value)

    def adopt(self, newer: Settings) -> frozenset[str]:
        """Takes over, for all who hold these settings, what may change while they work; returns the changed names."""
        names = {row.name for row in ROWS if row.name in self.values} - SESSION - START
        changed = {name for name in names if self.values[name] != newer.values[name]}
        if self.keys != newer.keys:
            changed.add("keys")
        for name in names:
            self.values[name], self.origins[name] = newer.values[name], newer.origins[name]
        self.keys.clear()
        self.keys.update(newer.keys)
        return frozenset(changed)

    def with_flags_of(self, other: Settings) -> Settings:
        """These settings with what the command line said for the others, which counts as long as the program runs."""
        for name, origin in other.origins.items():
            if origin.startswith(FLAG) and name in self.values:
                self.values[name], self.origins[name] = other.values[name], origin
        return self

    @property
    def is_set_up(self) -> bool:
        """Whether there is something to work with: the studio, a key, or a command that prints one."""
        return self.profile.is_local or self.key is not None or self.key_command is not None

    @property
    def download_folder(self) -> Path:
        """Where kept songs go."""
        folder = self.text("downloads.folder")
        if folder:
            return Path(folder).expanduser()
        import platformdirs

        return platformdirs.user_music_path() / "whisul"


def load_settings(
    paths: Paths,
    *,
    profile: str | None = None,
    environ: Mapping[str, str] | None = None,
    content: dict[str, Any] | None = None,
) -> Settings:
    """The settings in force; `profile` is the command line's, `content` what the file would hold.

    Raises SettingsError with a sentence for the user.
    """
    environ = os.environ if environ is None else environ
    where = str(paths.config_file)
    content = read_file(paths.config_file) if content is None else content
    file_values = flatten(content, where, in_profile=False)
    tables = _profiles(content, where)
    name, origin = _profile_name(profile, environ, file_values)
    if name not in tables and name not in ("default", LOCAL):
        known = ", ".join(sorted({*tables, "default", LOCAL}))
        said_by = where if origin == "file" else origin
        raise SettingsError(f"{said_by}: there is no profile {name!r}; known are: {known}.")
    layers: list[tuple[str, dict[str, Any]]] = []
    if name == LOCAL:
        layers.append(("the local studio", _STUDIO))
    layers.append(("environment", {} if name == LOCAL else _from_environment(environ)))
    layers.append(
        (f"{where} [profiles.{name}]", flatten(tables.get(name, {}), f"{where} [profiles.{name}]", in_profile=True))
    )
    layers.append((where, {n: v for n, v in file_values.items() if name != LOCAL or not n.startswith("api_key")}))
    values, origins = _merge(layers)
    values["profile"], origins["profile"] = name, origin
    values["base_url"] = check_base_url(values["base_url"], origins["base_url"])
    low, high = float(values["poll_min_seconds"]), float(values["poll_max_seconds"])
    check_rhythm(
        low,
        high,
        values["base_url"],
        origins["poll_min_seconds" if origins["poll_min_seconds"] != "default" else "poll_max_seconds"],
    )
    key = values.pop("api_key")
    near = [origin for origin, layer in layers if "api_key" in layer or "api_key_command" in layer]
    if near and origins["api_key"] != near[0]:
        key = None  # the command stands nearer: the key is another profile's
    return Settings(
        profile=Profile(name, values["base_url"], low, high, int(values["max_in_flight"]) or None),
        values=values,
        origins=origins,
        keys=_keys(content, where),
        profiles=tuple(sorted({*tables, "default", LOCAL})),
        key=_secret(key, origins["api_key"]),
        key_command=None if key else values["api_key_command"],
        doubts=doubts(paths.config_file, content),
    )


def _merge(layers: list[tuple[str, dict[str, Any]]]) -> tuple[dict[str, Any], dict[str, str]]:
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for row in ROWS:
        origins[row.name], values[row.name] = next(
            ((origin, layer[row.name]) for origin, layer in layers if row.name in layer), ("default", row.default)
        )
    return values, origins


def _from_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for row in ROWS:
        value = environ.get(row.environment, "").strip() if row.environment else ""
        if value and row.environment:
            check(row.name, value, row.environment)
            found[row.name] = value
    return found


def _profile_name(flag: str | None, environ: Mapping[str, str], file_values: dict[str, Any]) -> tuple[str, str]:
    if flag is not None:
        return flag, "command line"
    if value := environ.get("WHISUL_PROFILE", "").strip():
        check("profile", value, "WHISUL_PROFILE")
        return value, "environment"
    return (file_values["profile"], "file") if "profile" in file_values else ("default", "default")


def _profiles(content: dict[str, Any], where: str) -> dict[str, dict[str, Any]]:
    tables = content.get("profiles", {})
    if not isinstance(tables, dict) or not all(isinstance(table, dict) for table in tables.values()):
        raise SettingsError(f"{where}: profiles is no table of tables; allowed is [profiles.NAME].")
    for name in tables:
        if not name.replace("-", "").replace("_", "").isalnum() or len(name) > 40:
            raise SettingsError(f"{where}: a profile is called {name[:60]!r}; allowed are letters, digits, - and _.")
        flatten(tables[name], f"{where} [profiles.{name}]", in_profile=True)
    return tables


def _keys(content: dict[str, Any], where: str) -> dict[str, str]:
    keys = content.get("keys", {})
    if not isinstance(keys, dict) or not all(isinstance(value, str) for value in keys.values()):
        raise SettingsError(f'{where}: keys is no table of texts; allowed is [keys] with lines such as again = "a".')
    return dict(keys)


def _secret(text: str | None, origin: str) -> Secret | None:
    if text is None:
        return None
    try:
        return Secret(text)
    except ValueError as error:
        raise SettingsError(f"{origin}: api_key is not usable. {error}") from None
