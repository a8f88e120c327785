"""A home of its own for the program under test: environment, settings, store, and the verbs run in it."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from whisul_tui.studio.running import stop_studio

ROOT = Path(__file__).parents[2]
PROGRAM = (sys.executable, "-m", "whisul_tui")
_KEPT = ("PATH", "TMPDIR", "VIRTUAL_ENV")
_XDG = {"CONFIG": ".config", "DATA": ".local/share", "STATE": ".local/state", "CACHE": ".cache", "RUNTIME": "run"}


@dataclass
class Place:
    """A home in `folder`. `variables` come on top of the hermetic environment, for every process started here."""

    folder: Path
    variables: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for below in _XDG.values():
            (self.folder / below).mkdir(parents=True, mode=0o700, exist_ok=True)

    def environment(self, **more: str) -> dict[str, str]:
        """All that a process started here inherits: nothing of the developer's but the way to the programs."""
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        folders = {
            f"XDG_{name}_{'DIR' if name == 'RUNTIME' else 'HOME'}": str(self.folder / below)
            for name, below in _XDG.items()
        }
        fixed = {
            "HOME": str(self.folder),
            "PYTHONPATH": str(ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
            "LANG": "C.UTF-8",
            "TZ": "UTC",
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
        }
        return kept | folders | fixed | self.variables | more

    @property
    def config_file(self) -> Path:
        """The settings."""
        return self.folder / ".config/whisul-tui/config.toml"

    @property
    def data_dir(self) -> Path:
        """Where the store is."""
        return self.folder / ".local/share/whisul-tui"

    @property
    def database(self) -> Path:
        """The store."""
        return self.data_dir / "jobs.db"

    @property
    def state_dir(self) -> Path:
        """Logs, and the file by which the shared studio is found."""
        return self.folder / ".local/state/whisul-tui"

    @property
    def log(self) -> str:
        """The program's own log."""
        path = self.state_dir / "whisul-tui.log"
        return path.read_text() if path.exists() else ""

    def configure(self, text: str) -> None:
        """Writes the config file."""
        self.config_file.parent.mkdir(parents=True, exist_ok=True)
        self.config_file.write_text(text)
        self.config_file.chmod(0o600)

    def rows(self, sql: str, *values: object) -> list[dict[str, Any]]:
        """Reads the store beside whoever has it open; no rows where there is no store yet."""
        if not self.database.exists():
            return []
        with closing(sqlite3.connect(f"{self.database.as_uri()}?mode=ro", uri=True, timeout=10)) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(sql, values)]

    def jobs(self) -> list[dict[str, Any]]:
        """All rows of the store with their prompts, oldest first."""
        return self.rows(
            "SELECT jobs.*, prompts.text FROM jobs JOIN prompts ON prompts.id = jobs.prompt ORDER BY number"
        )

    def states(self) -> dict[str, str]:
        """The state of each prompt."""
        return {job["text"]: job["state"] for job in self.jobs()}

    def run(
        self, *words: str, seconds: float = 60.0, typed: str | None = None, prefix: Sequence[str] = ()
    ) -> subprocess.CompletedProcess[str]:
        """A verb without a screen, to its end; `typed` on its standard input, `prefix` before its command line."""
        return subprocess.run(
            [*prefix, *PROGRAM, *words],
            env=self.environment(),
            cwd=self.folder,
            input=typed or "",
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
            start_new_session=True,
        )

    def start(self, *words: str, **variables: str) -> subprocess.Popen[str]:
        """A verb that is left running; whoever starts it ends it."""
        return subprocess.Popen(
            [*PROGRAM, *words],
            env=self.environment(**variables),
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def leave(self) -> None:
        """Ends the shared studio, if one was started here."""
        stop_studio(self.state_dir)
