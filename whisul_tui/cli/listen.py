"""`listen`: on the user's own machine, plays what a whisul-tui on a server asks for."""

from __future__ import annotations

import argparse
import asyncio
import signal
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

from whisul_tui.cli.call import Call
from whisul_tui.cli.exits import Exit, VerbError
from whisul_tui.domain.clean import clean_line
from whisul_tui.listening.allowed_hosts import DEFAULT_HOSTS, Guard, HostError, checked_host, read_hosts, write_hosts
from whisul_tui.listening.fetching import clear, fetched
from whisul_tui.listening.listener import Listener, MakePlayer
from whisul_tui.listening.listening_socket import bound
from whisul_tui.listening.mpv_player import MpvPlayer
from whisul_tui.listening.plain_player import PlainPlayer
from whisul_tui.listening.players import Player, PlayerError, PlayerKind, find_player
from whisul_tui.listening.private_places import PlaceError, socket_path
from whisul_tui.listening.ssh_lines import THERE, config_lines, ssh_command

_EPILOG = f"""\
Run it on the machine whose sound you hear. It prints the ssh line to connect with: the whisul-tui on that server then
plays its songs here, and steers them. It plays http and https links to hosts that you have confirmed (first of all
{", ".join(DEFAULT_HOSTS)}), and songs that the server streams through the connection; it can do nothing else here.
Player: `player` of the settings, else mpv, vlc, ffplay, mpg123; mpv alone can seek and change the volume."""


def add(parser: argparse.ArgumentParser) -> None:
    """The options of `listen`."""
    parser.epilog = _EPILOG
    parser.add_argument(
        "--allow", metavar="HOST", action="append", type=_host, default=[], help="play from this host too, from now on"
    )
    parser.add_argument(
        "--there", metavar="PATH", default=THERE, help="where the socket is to be on the server (listener_socket there)"
    )


def run(call: Call) -> int:
    """Listens until it is ended by ctrl+c."""
    settings = call.settings()
    try:
        player = find_player(settings.text("player"))
    except PlayerError as error:
        raise VerbError(str(error)) from error
    if player is None:
        raise VerbError("No player was found. Install mpv (or vlc, ffplay, mpg123), or set player.", Exit.UNEXPECTED)
    guard = Guard(_confirmed_hosts(call))
    try:
        path = socket_path(call.paths.runtime_dir / "listen.sock")
        with bound(path) as listening:
            asyncio.run(_listen(call, player, guard, listening, path))
    except PlaceError as error:
        raise VerbError(str(error), Exit.UNEXPECTED) from error
    return Exit.DONE


async def _listen(call: Call, player: Player, guard: Guard, listening: socket.socket, path: Path) -> None:
    folder = path.parent
    end = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, end.set)
    from whisul_tui.listening.downloads import Downloader

    downloader = Downloader()
    _tell_how(call, player, path)

    async def fetch(url: str) -> str:
        return str(await fetched(downloader.stream, url, folder))

    name = _name()
    make: MakePlayer
    if player.kind is PlayerKind.MPV:
        make = lambda told: MpvPlayer(player, folder / "mpv.sock", where=name, stays=True, on_change=told)  # noqa: E731
    else:
        make = lambda told: PlainPlayer(player, where=name, fetch=fetch, on_change=told)  # noqa: E731
    listener = Listener(make, guard, name=name, player_name=player.name, tell=call.out.note)
    try:
        await listener.serve(listening, end)
    finally:
        await downloader.aclose()
        clear(folder)


def _tell_how(call: Call, player: Player, path: Path) -> None:
    note, data = call.out.note, call.out.data
    note(f"Listening as {_name()}, with {player.name}; ctrl+c ends it. Connect to the server with this line:")
    data(ssh_command(path, call.args.there))
    note("Or with plain ssh, once this is in ~/.ssh/config:")
    for line in config_lines(path, call.args.there):
        data(line)
    note("If ssh warns that forwarding failed, an older connection has left its socket on the server. Run there:")
    note("whisul-tui doctor. It clears that away; connect anew. With `StreamLocalBindUnlink yes` in the server's")
    note("sshd_config, ssh does it by itself.")
    if player.kind is not PlayerKind.MPV:
        note(f"{player.name} can be started and stopped from there, no more. With mpv: pause, seek, volume, position.")


def _confirmed_hosts(call: Call) -> Sequence[str]:
    """The hosts to play from; asks once. Raises VerbError."""
    path = call.paths.config_file.parent / "listener-hosts"
    try:
        hosts = read_hosts(path)
    except HostError as error:
        raise VerbError(str(error)) from error
    allowed = [*(hosts if hosts is not None else DEFAULT_HOSTS), *call.args.allow]
    if hosts is not None and not set(call.args.allow) - set(hosts):
        return hosts
    if not call.args.allow and not _agrees(allowed):
        raise VerbError("Nothing was confirmed. Name the hosts yourself: whisul-tui listen --allow HOST", Exit.USAGE)
    try:
        write_hosts(path, allowed)
    except OSError as error:
        raise VerbError(f"{path} cannot be written: {error.strerror}.", Exit.UNEXPECTED) from error
    call.out.note(f"Plays from: {', '.join(sorted(set(allowed)))} (kept in {path}).")
    return allowed


def _agrees(hosts: Sequence[str]) -> bool:
    if sys.stdin is None or not sys.stdin.isatty():
        raise VerbError("The first time, confirm the hosts on a terminal, or name one: whisul-tui listen --allow HOST")
    sys.stderr.write(
        f"A whisul-tui that you connect to may play here: songs from {', '.join(hosts)}, and songs that it streams\n"
        "through the connection; nothing else. Is that right? [Y/n] "
    )
    sys.stderr.flush()
    answer = sys.stdin.readline()
    return bool(answer) and answer.strip().lower() in ("", "y", "yes")


def _name() -> str:
    return clean_line(socket.gethostname(), 60) or "this machine"


def _host(text: str) -> str:
    try:
        return checked_host(text)
    except HostError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
