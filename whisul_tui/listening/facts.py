"""What is known of the place the program runs in: whether somebody sits here, and whether it can make a sound."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from whisul_tui.listening.players import Player, PlayerError, Which, find_player
from whisul_tui.listening.playing import clean_environment

_TMUX_SECONDS = 1.0
_FROM_TMUX = ("SSH_CONNECTION", "DISPLAY", "WAYLAND_DISPLAY")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The facts that `rungs` decides by.

    `player_trouble` says why the player of the settings cannot be used. `listener` is the name of a listener on the
    user's own machine, None while there is none; `no_listener` then says what was found instead, if anything was.
    """

    ssh: bool
    display: bool
    sound: bool
    player: Player | None = None
    player_trouble: str = ""
    listener: str | None = None
    open_command: str | None = None
    no_listener: str = ""


def gather(
    *,
    player: str | None = None,
    open_command: str | None = None,
    listener: str | None = None,
    environ: Mapping[str, str] | None = None,
    devices: Path = Path("/dev/snd"),
    platform: str = sys.platform,
    which: Which = shutil.which,
    tmux_environment: Callable[[Mapping[str, str]], Mapping[str, str | None]] | None = None,
) -> Surroundings:
    """Looks around, in a few milliseconds (inside tmux up to a second): call it when the user asks, on a thread.

    `player` and `open_command` are the settings; the rest is there to be replaced in tests.
    """
    environ = os.environ if environ is None else environ
    here: dict[str, str] = dict(environ)
    if environ.get("TMUX"):
        here = _overlaid(here, (tmux_environment or ask_tmux)(environ))
    ssh = bool(here.get("SSH_CONNECTION") or here.get("SSH_TTY"))
    macos = platform == "darwin"
    display = bool(here.get("DISPLAY") or here.get("WAYLAND_DISPLAY")) or (macos and not ssh)
    found: Player | None = None
    trouble = ""
    try:
        found = find_player(player, desktop=display and not ssh, which=which)
    except PlayerError as error:
        trouble = str(error)
    return Surroundings(
        ssh=ssh,
        display=display,
        sound=macos or has_sound(here, devices),
        player=found,
        player_trouble=trouble,
        listener=listener,
        open_command=open_command,
    )


def has_sound(environ: Mapping[str, str], devices: Path = Path("/dev/snd")) -> bool:
    """Whether a sound server or a playback device is within reach; a guess that a player may still disprove."""
    if environ.get("PULSE_SERVER"):
        return True
    runtime = environ.get("XDG_RUNTIME_DIR")
    if runtime and any((Path(runtime) / socket).exists() for socket in ("pulse/native", "pipewire-0")):
        return True
    return any(os.access(device, os.R_OK | os.W_OK) for device in devices.glob("pcm*p"))


def ask_tmux(environ: Mapping[str, str]) -> dict[str, str | None]:
    """What tmux knows of the terminal that is attached now; None for a variable that it does not have.

    A pane keeps the environment that it was opened with: a session begun at the desk and joined over SSH would
    otherwise still be taken for the desk.
    """
    command = ["tmux", "show-environment"]
    try:
        shown = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_TMUX_SECONDS,
            check=True,
            env=clean_environment(environ),
        )
    except (OSError, subprocess.SubprocessError):
        return {}
    known: dict[str, str | None] = {}
    for line in shown.stdout.decode("utf-8", "replace").splitlines():
        name, _, value = line.partition("=")
        if line.startswith("-"):
            known[line[1:]] = None
        elif name in _FROM_TMUX:
            known[name] = value
    return {name: known[name] for name in _FROM_TMUX if name in known}


def _overlaid(environ: dict[str, str], newer: Mapping[str, str | None]) -> dict[str, str]:
    if "SSH_CONNECTION" in newer:
        environ.pop("SSH_TTY", None)  # tmux does not follow it; SSH_CONNECTION says the same
    for name, value in newer.items():
        if value is None:
            environ.pop(name, None)
        else:
            environ[name] = value
    return environ
