"""Which program makes the sound, and the argument list that it is started with: decisions only, nothing runs here.

The option lists are those that stood against links and files that want more than to be played: playlists that name
other files and links, `edl://`, `concat:`, scripts beside the song.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePath

from whisul_tui.domain.clean import clean_line
from whisul_tui.listening.command_template import URL, TemplateError, fill_command, parse_command
from whisul_tui.listening.links import checked_link, is_loopback

Which = Callable[[str], str | None]


class PlayerKind(StrEnum):
    """The programs whose options are known, the desktop's own opener, and a command of the user's."""

    MPV = "mpv"
    VLC = "vlc"
    FFPLAY = "ffplay"
    MPG123 = "mpg123"
    OPENER = "opener"
    CUSTOM = "custom"


@dataclass(frozen=True, slots=True)
class Player:
    """A program that can play: `words` are its path and what the user gave along.

    `needs_file`: it follows whatever a link's content names, or speaks no https; give it only a downloaded song, whose
    kind was told from its bytes. An opener hands over to another program and ends at once.
    """

    kind: PlayerKind
    name: str
    words: tuple[str, ...]

    @property
    def needs_file(self) -> bool:
        """Whether the song must be downloaded first."""
        return self.kind in (PlayerKind.VLC, PlayerKind.MPG123)

    @property
    def is_opener(self) -> bool:
        """Whether it hands the link over to another program."""
        return self.kind is PlayerKind.OPENER


class PlayerError(Exception):
    """A player that cannot be started; the message says why and what to do."""


_KNOWN = {
    "mpv": PlayerKind.MPV,
    "cvlc": PlayerKind.VLC,
    "vlc": PlayerKind.VLC,
    "ffplay": PlayerKind.FFPLAY,
    "mpg123": PlayerKind.MPG123,
    "xdg-open": PlayerKind.OPENER,
    "open": PlayerKind.OPENER,
}
_SEARCHED = ("mpv", "cvlc", "vlc", "ffplay", "mpg123")
_MPV = (
    "--no-video",
    "--no-terminal",
    "--ytdl=no",
    "--load-scripts=no",
    "--load-unsafe-playlists=no",
    "--access-references=no",
    "--autoload-files=no",
    "--sub-auto=no",
    "--demuxer=lavf",
)
_FFPLAY = ("-nodisp", "-autoexit", "-loglevel", "error")
_FORMATS = "mp3,wav,ogg,flac,mov,aac"
_VLC = ("--intf", "dummy", "--play-and-exit", "--no-video", "--no-sub-autodetect-file")
# What reads a song of this ending, and nothing else: left to itself VLC takes an ID3 tag with a list of files behind it
# for that list, and opens them.
_VLC_READERS = {".mp3": "es", ".aac": "es", ".wav": "wav", ".ogg": "ogg", ".flac": "flac", ".m4a": "mp4"}


def find_player(setting: str | None = None, *, desktop: bool = False, which: Which = shutil.which) -> Player | None:
    """The setting's player, else mpv, vlc, ffplay, mpg123, and with a desktop its opener; None when there is none.

    A `player` setting that cannot be used raises PlayerError: the user's choice is never replaced in silence.
    """
    if setting:
        return _chosen(setting, which)
    for program in _SEARCHED:
        if path := which(program):
            return Player(_KNOWN[program], program, (path,))
    for program in ("xdg-open", "open") if desktop else ():
        if path := which(program):
            return Player(PlayerKind.OPENER, program, (path,))
    return None


def player_command(player: Player, url: str, *, local_file: bool = False) -> list[str]:
    """The argument list that plays a link, or with `local_file` the absolute path of a downloaded song.

    The link is checked and written anew, so nothing in it can pass for an option. Raises PlayerError for a relative
    path and for a link given to a player that needs a file, LinkError for a link that must not be opened.
    """
    if local_file:
        if not url.startswith("/") or "\0" in url:
            raise PlayerError("A downloaded song is played by its absolute path.")
        target = url
    else:
        target = checked_link(url)
        if player.needs_file:
            raise PlayerError(f"{player.name} is given downloaded songs only: download the song first.")
    if URL in player.words:
        return fill_command(player.words, target)
    match player.kind:
        case PlayerKind.MPV:
            return [*player.words, *_MPV, *_mpv_protocols(target, local_file), "--", target]
        case PlayerKind.FFPLAY:
            whitelists = ("-protocol_whitelist", _protocols(target, local_file), "-format_whitelist", _FORMATS)
            return [*player.words, *_FFPLAY, *whitelists, "--", target]
        case PlayerKind.VLC:
            return [*player.words, *_VLC, *_vlc_reader(target), "--", target]
        case PlayerKind.MPG123:
            return [*player.words, "-q", "--", target]
        case PlayerKind.OPENER | PlayerKind.CUSTOM:
            return fill_command(player.words, target)


def steered_mpv_command(player: Player, socket_path: str, lifeline: int) -> list[str]:
    """The argument list of an mpv that waits for links on two ways of its IPC; needs mpv 0.33.

    `lifeline` is an inherited socket: mpv ends when its other end is closed, however our program has ended. Whoever
    speaks IPC can have mpv do anything at all, so `socket_path` must be in a folder that only the user can enter.
    """
    ways = (f"--input-ipc-client=fd://{lifeline}", f"--input-ipc-server={socket_path}")
    protocols = (
        "--demuxer-lavf-o=protocol_whitelist=[data]",
        "--stream-lavf-o=protocol_whitelist=[http,https,tls,tcp]",
    )
    return [*player.words, "--no-config", *_MPV, *protocols, "--volume-max=100", "--idle=yes", *ways]


def _chosen(setting: str, which: Which) -> Player:
    try:
        words = parse_command(setting, "player")
    except TemplateError as error:
        raise PlayerError(str(error)) from None
    program = str(Path(words[0]).expanduser()) if words[0].startswith("~") else words[0]
    path = which(program)
    if path is None:
        shown = clean_line(program)
        raise PlayerError(f"The setting player names {shown}, which is not on the PATH. Install it or change it.")
    kind = _KNOWN.get(PurePath(program).name, PlayerKind.CUSTOM)
    if URL in words and kind is not PlayerKind.OPENER:
        kind = PlayerKind.CUSTOM  # the whole command is the user's: no options of ours, and their word for the rest
    return Player(kind, clean_line(PurePath(program).name, 40), (path, *words[1:]))


def _protocols(target: str, local_file: bool) -> str:
    """What the player may speak: no more than the link itself needs.

    ffmpeg's https follows a redirect to http all the same; that one cannot be turned off in the players.
    """
    if local_file:
        return "file"
    if target.startswith("https:"):
        return "https,tls,tcp"
    return "http,tcp" if is_loopback(target) else "http,https,tls,tcp"


def _vlc_reader(target: str) -> tuple[str, ...]:
    reader = _VLC_READERS.get(PurePath(target).suffix)
    if reader is None:
        raise PlayerError("VLC is given only songs whose kind was told from their bytes.")
    return (f"--demux={reader},none",)


def _mpv_protocols(target: str, local_file: bool) -> tuple[str, ...]:
    # Two lists: mpv opens the song itself, as a stream. The demuxer reads from that, and whatever it would open
    # beside it (a playlist's entries) is not wanted at all, so it may speak nothing but "data".
    demuxer = "--demuxer-lavf-o=protocol_whitelist=[data]"
    if local_file:
        return (demuxer,)
    return (demuxer, f"--stream-lavf-o=protocol_whitelist=[{_protocols(target, local_file)}]")
