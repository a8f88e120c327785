"""Where things are kept, by the XDG rules."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import NamedTuple

import platformdirs

APP = "whisul-tui"


class Paths(NamedTuple):
    """The program's files and folders; nothing is created by asking."""

    config_file: Path
    themes_dir: Path
    data_dir: Path
    state_dir: Path
    cache_dir: Path
    runtime_dir: Path

    @property
    def database(self) -> Path:
        """The store of all jobs."""
        return self.data_dir / "jobs.db"

    @property
    def log_file(self) -> Path:
        """The program's own log."""
        return self.state_dir / "whisul-tui.log"

    @property
    def crash_dir(self) -> Path:
        """Where the reports of crashes go."""
        return self.state_dir / "crashes"


def find_paths(data_dir: Path | None = None) -> Paths:
    """The paths in force; `data_dir` (from the command line) moves the store and all that belongs to it."""
    config = platformdirs.user_config_path(APP, appauthor=False)
    return Paths(
        config_file=config / "config.toml",
        themes_dir=config / "themes",
        data_dir=(data_dir.expanduser().absolute() if data_dir else platformdirs.user_data_path(APP, appauthor=False)),
        state_dir=platformdirs.user_state_path(APP, appauthor=False),
        cache_dir=platformdirs.user_cache_path(APP, appauthor=False),
        runtime_dir=platformdirs.user_runtime_path(APP, appauthor=False),
    )


def private_dir(folder: Path) -> Path:
    """Makes a folder that only the user can enter, if it is missing, and returns it; raises OSError."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def write_private(path: Path, text: str) -> None:
    """Writes a file whole or not at all (temporary file, fsync, rename), mode 0600; raises OSError."""
    private_dir(path.parent)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o600)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
