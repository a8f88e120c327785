"""A program in a real tmux: a private server with no config of anybody's; the same surface as `Terminal`."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
import time
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.e2e.terminal import KEYS, SECONDS, Condition, met, pause

TMUX = shutil.which("tmux")
_TELL = '"$@"; echo $? >"$0.new"; mv "$0.new" "$0"'  # tmux itself does not always know the exit code


class Tmux:
    """One window in a server of its own, ended by `close`."""

    def __init__(
        self, words: Sequence[str], environment: Mapping[str, str], *, columns: int = 80, rows: int = 24, cwd: Path
    ) -> None:
        self._name = f"whisul-{uuid.uuid4().hex[:12]}"
        self._sockets = Path(tempfile.mkdtemp(prefix="whisul-tmux-"))  # short: the path of a socket has 100 bytes
        self._environment = {**environment, "TMUX_TMPDIR": str(self._sockets)}
        self._code = cwd / f"{self._name}.exit"
        options = ["set", "-g", "remain-on-exit", "on", ";", "set", "-g", "default-terminal", "screen-256color"]
        size = ["-x", str(columns), "-y", str(rows)]
        # A first window keeps the server while the options are set, so that the program's own has them from the start.
        self._tmux("-f", "/dev/null", "new-session", "-d", *size, "sleep", "600")
        self._tmux(*options)
        self._tmux("respawn-pane", "-k", "-c", str(cwd), "--", "/bin/sh", "-c", _TELL, str(self._code), *words)

    def text(self) -> str:
        """The picture, line by line."""
        return "\n".join(line.rstrip() for line in self._tmux("capture-pane", "-p").splitlines())

    @property
    def title(self) -> str:
        """The pane's title."""
        return self._ask("#{pane_title}")

    def wait_for(self, condition: Condition, seconds: float = SECONDS, *, ended_too: bool = False) -> Any:
        """Waits until the picture holds a text or pattern, or a function says yes; returns what was found."""
        deadline = time.monotonic() + seconds
        while True:
            ended = self._has_ended()
            text = self.text()
            if found := met(condition, text):
                return found
            if (ended and not ended_too) or time.monotonic() >= deadline:
                wanted = condition.pattern if isinstance(condition, re.Pattern) else condition
                raise AssertionError(
                    f"{wanted!r} did not come; {'it ended' if ended else 'it runs'} and shows:\n{text}"
                )
            pause(0.1)

    def write(self, data: str) -> None:
        """Characters as the keyboard sends them."""
        self._tmux("send-keys", "-H", *(f"{byte:02x}" for byte in data.encode()))

    def press(self, *names: str) -> None:
        """Keys by name or as the one character they write."""
        self.write("".join(KEYS.get(name, name) for name in names))

    def paste(self, text: str) -> None:
        """A paste through tmux' own buffer, in brackets where the program asked for them."""
        self._tmux("set-buffer", "--", text)
        self._tmux("paste-buffer", "-p")

    def resize(self, columns: int, rows: int) -> None:
        """Another size of the window."""
        self._tmux("resize-window", "-x", str(columns), "-y", str(rows))

    def buffers(self) -> str:
        """What was copied into tmux."""
        return self._tmux("list-buffers")

    def wait(self, seconds: float = SECONDS) -> int:
        """The exit code once the program has ended, as a shell tells it."""
        self.wait_for(self._has_ended, seconds, ended_too=True)
        return int(self._code.read_text())

    def check_given_back(self) -> None:
        """Fails unless alternate screen and mouse were left; the rest is asked of a pty."""
        assert self._ask("#{alternate_on} #{mouse_any_flag}") == "0 0"

    def close(self) -> None:
        """Ends the server and all that runs in it."""
        subprocess.run([*self._command, "kill-server"], env=self._environment, capture_output=True, check=False)
        shutil.rmtree(self._sockets, ignore_errors=True)

    def __enter__(self) -> Tmux:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def _command(self) -> list[str]:
        return [TMUX or "tmux", "-L", self._name]

    def _tmux(self, *words: str) -> str:
        done = subprocess.run(
            [*self._command, *words], env=self._environment, capture_output=True, text=True, check=True, timeout=30
        )
        return done.stdout

    def _ask(self, what: str) -> str:
        return self._tmux("display-message", "-p", what).strip()

    def _has_ended(self) -> bool:
        return self._code.exists()
