"""A player that runs: started apart from the terminal, watched to its end, stopped with its whole process group."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from whisul_tui.listening.players import Player, PlayerError, PlayerKind, player_command

SHORTEST_SONG = 2.0  # seconds; a player that ends sooner has not played, whatever it says (ffplay and VLC exit with 0)
STOP_SECONDS = 1.0


class PlayingState(StrEnum):
    """What is known of a started program."""

    RUNNING = "running"
    ENDED = "ended"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A state and, where there is something to tell, a sentence."""

    state: PlayingState
    reason: str = ""


class Playing:
    """One started program. `state` may be asked from any thread; `on_end` is called once, on the watching thread."""

    def __init__(
        self,
        argv: Sequence[str],
        name: str,
        *,
        kind: PlayerKind,
        on_end: Callable[[Playing], None] | None = None,
        environ: Mapping[str, str] | None = None,
        pass_fds: Sequence[int] = (),
    ) -> None:
        """Starts `argv` with no terminal, no standard streams and no setting of ours; `pass_fds` it inherits.

        Raises PlayerError.
        """
        self.name = name
        self._kind = kind
        self._on_end = on_end
        self._stopped = False
        self._ended = threading.Event()
        self._seconds = 0.0
        self._started = time.monotonic()
        try:
            self._process = subprocess.Popen(
                list(argv),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # mpv opens /dev/tty by itself and would take the user's keys
                env=clean_environment(os.environ if environ is None else environ),
                pass_fds=pass_fds,
            )
        except (OSError, ValueError) as error:
            why = error.strerror if isinstance(error, OSError) and error.strerror else "it cannot be given this link"
            raise PlayerError(f"{name} could not be started: {why}.") from error
        self._watcher = threading.Thread(target=self._watch, name=f"watch {name}", daemon=True)
        self._watcher.start()

    def state(self) -> Outcome:
        """Running, ended, or failed with a reason."""
        if not self._ended.is_set():
            return Outcome(PlayingState.RUNNING)
        return judged(self.name, self._process.returncode, self._seconds, self._stopped, self._kind)

    def wait(self, timeout: float | None = None) -> bool:
        """Waits for the end; False when `timeout` seconds passed first."""
        return self._ended.wait(timeout)

    def stop(self, grace: float = STOP_SECONDS) -> None:
        """Ends the process group: asks, and after `grace` seconds kills. Does nothing to one that has ended."""
        self.ask_to_stop()
        if not self._ended.wait(grace):
            self._signal(signal.SIGKILL)
            self._ended.wait(grace)

    def ask_to_stop(self) -> None:
        """Sends SIGTERM to the process group without waiting."""
        if not self._ended.is_set():
            self._stopped = True
            self._signal(signal.SIGTERM)
            self._signal(signal.SIGCONT)  # one that is held still must go on to hear of it

    def hold(self, on: bool) -> None:
        """Holds the process group still, or lets it go on: a pause for players that know none."""
        self._signal(signal.SIGSTOP if on else signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        # Only while the watcher has not reaped it: after that the number may belong to someone else.
        if self._process.returncode is None:
            try:
                os.killpg(self._process.pid, number)
            except (ProcessLookupError, PermissionError):  # gone meanwhile; macOS says EPERM of a zombie
                return

    def _watch(self) -> None:
        self._process.wait()
        self._seconds = time.monotonic() - self._started
        with _lock:
            _running.discard(self)
            self._ended.set()
        if self._on_end is not None:
            self._on_end(self)


_lock = threading.Lock()
_running: set[Playing] = set()


def launch(
    player: Player,
    url: str,
    *,
    local_file: bool = False,
    on_end: Callable[[Playing], None] | None = None,
    environ: Mapping[str, str] | None = None,
) -> Playing:
    """Starts a player on a link or a downloaded song. Raises PlayerError, LinkError.

    An opener has handed the link to another program: that one is the user's, and `stop_all` leaves it alone.
    """
    argv = player_command(player, url, local_file=local_file)
    playing = Playing(argv, player.name, kind=player.kind, on_end=on_end, environ=environ)
    return playing if player.is_opener else registered(playing)


def registered(playing: Playing) -> Playing:
    """The same; from now on `stop_all` ends it."""
    with _lock:
        if not playing.wait(0):
            _running.add(playing)
    return playing


def stop_all(grace: float = STOP_SECONDS) -> None:
    """Ends every player that `launch` started and that still runs, in `grace` seconds and a little."""
    with _lock:
        running = list(_running)
    for playing in running:
        playing.ask_to_stop()
    until = time.monotonic() + grace
    for playing in running:
        if not playing.wait(max(0.0, until - time.monotonic())):
            playing.stop(grace=0.0)
            playing.wait(grace)


def clean_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment for another program: nothing of ours, above all not the key."""
    return {name: value for name, value in environ.items() if not name.startswith("WHISUL_")}


def judged(name: str, code: int, seconds: float, stopped: bool, kind: PlayerKind) -> Outcome:
    """What an exit says: `code` as of Popen, negative for a signal; `seconds` is how long it ran."""
    if stopped:
        return Outcome(PlayingState.ENDED)
    if code < 0:
        return Outcome(PlayingState.FAILED, f"{name} was ended by signal {-code}.")
    doubt = "" if kind is PlayerKind.OPENER else " The link may be dead, or no sound can be made here."
    if code > 0:
        return Outcome(PlayingState.FAILED, f"{name} gave up after {seconds:.1f} s (exit code {code}).{doubt}")
    if seconds >= SHORTEST_SONG or kind is PlayerKind.OPENER:
        return Outcome(PlayingState.ENDED)
    if kind is PlayerKind.CUSTOM:  # it may have handed the song to a player that was open already
        return Outcome(PlayingState.ENDED, f"{name} ended after {seconds:.1f} s; listen whether the song sounds.")
    return Outcome(PlayingState.FAILED, f"{name} ended after {seconds:.1f} s without playing the song.{doubt}")
