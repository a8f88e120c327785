"""A real sshd on loopback, and the user's machine with a home of its own: what tests of listening over SSH stand on."""

from __future__ import annotations

import getpass
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from time import monotonic

import pytest

from tests.listening.fake_player import short_folder
from whisul_tui.listening.mpv_ipc import MpvIpc
from whisul_tui.listening.remote_line import socket_places

SSHD = shutil.which("sshd") or shutil.which("sshd", path="/usr/sbin:/usr/local/sbin")
NEEDED = {name: shutil.which(name) for name in ("ssh", "ssh-keygen", "mpv")}
needs_ssh = pytest.mark.skipif(
    SSHD is None or None in NEEDED.values(), reason="sshd, ssh, ssh-keygen and mpv are needed for this"
)
WHISUL = [sys.executable, "-m", "whisul_tui"]


@dataclass
class Sshd:
    """A server's sshd, for this user alone."""

    folder: Path
    port: int

    @contextmanager
    def connected(self, line: str) -> Iterator[subprocess.Popen[str]]:
        """The ssh line as the listener printed it, with what reaches this sshd in the place of SERVER."""
        words = line.split()
        assert words[:2] == ["ssh", "-R"]
        assert words[-1] == "SERVER"
        options = ["-N", "-p", str(self.port), "-i", str(self.folder / "user"), "-F", "none"]
        for option in (
            "StrictHostKeyChecking=no",
            f"UserKnownHostsFile={self.folder}/known",
            "IdentitiesOnly=yes",
            "ExitOnForwardFailure=yes",
        ):
            options += ["-o", option]
        command = ["ssh", *options, *words[1:-1], "127.0.0.1"]
        with subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
            try:
                yield process
            finally:
                process.kill()


@contextmanager
def serving_ssh() -> Iterator[Sshd]:
    """A server's sshd that runs; skips the test where it cannot."""
    with short_folder() as name:
        folder = Path(name)
        for key in ("host", "user"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / key)], check=True)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        (folder / "config").write_text(
            f"Port {port}\nListenAddress 127.0.0.1\nHostKey {folder}/host\nPidFile none\nUsePAM no\nStrictModes no\n"
            f"AuthorizedKeysFile {folder}/user.pub\nPasswordAuthentication no\n"
        )
        command = [str(SSHD), "-D", "-e", "-f", str(folder / "config")]
        with subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
            assert process.stderr is not None
            said = process.stderr.readline()
            if "listening" not in said.lower():
                process.kill()
                pytest.skip(f"sshd does not start here: {said.strip()}")
            yield Sshd(folder, port)
            process.terminate()


@dataclass
class Laptop:
    """The user's machine: its listener's ssh line, and the folder with mpv's own socket."""

    process: subprocess.Popen[str]
    line: str
    folder: Path

    async def look(self, name: str) -> object:
        """A property as mpv itself tells it."""
        ipc = await MpvIpc.at(str(self.folder / "mpv.sock"), lambda _: None)
        try:
            return await ipc.command("get_property", name)
        finally:
            await ipc.close()


@contextmanager
def laptop(there: str, *words: str) -> Iterator[Laptop]:
    """`whisul-tui listen` with a home of its own and an mpv without sound."""
    with short_folder() as name, ExitStack() as stack:
        home = Path(name)
        (home / ".config/whisul-tui").mkdir(parents=True)
        (home / ".config/whisul-tui/config.toml").write_text('player = "mpv --ao=null"\n')
        (home / "run").mkdir(mode=0o700)
        environ = {"HOME": name, "PATH": os.environ["PATH"], "XDG_RUNTIME_DIR": f"{name}/run", "LANG": "C.UTF-8"}
        command = [*WHISUL, "listen", "--there", there, *(words or ("--allow", "songs.example"))]
        process = stack.enter_context(
            subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                env=environ,
            )
        )
        assert process.stdout is not None
        try:
            yield Laptop(process, process.stdout.readline().strip(), home / "run/whisul-tui")
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=20)


def places(there: str) -> list[Path]:
    """Where the server's side looks for the socket."""
    return socket_places(there.replace("%r", getpass.getuser()), Path("/nowhere"))


def wait_for_socket(path: Path, process: subprocess.Popen[str]) -> None:
    """Until ssh, while it runs, has the socket in its place."""
    end = monotonic() + 15
    while not path.is_socket():
        assert process.poll() is None, process.stderr and process.stderr.read()
        assert monotonic() < end
        Event().wait(0.02)


def own_address() -> str | None:
    """An address of this machine that is not loopback; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return None
        address = str(probe.getsockname()[0])
    return None if address.startswith("127.") else address
