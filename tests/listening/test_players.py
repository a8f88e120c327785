from __future__ import annotations

import http.server
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ClassVar

import pytest

from tests.listening.songs import wav
from tests.listening.test_links import HOSTILE
from whisul_tui.listening.links import LinkError
from whisul_tui.listening.players import Player, PlayerError, PlayerKind, find_player, player_command

LINK = "https://cdn.example/a.mp3"
STUDIO = "http://127.0.0.1:8123/songs/a.mp3"


def only(*programs: str) -> Callable[[str], str | None]:
    return lambda name: f"/usr/bin/{name}" if name in programs else None


def player(kind: PlayerKind) -> Player:
    return Player(kind, kind.value, (f"/usr/bin/{kind.value}",))


@pytest.mark.parametrize("kind", PlayerKind)
@pytest.mark.parametrize("link", HOSTILE, ids=range(len(HOSTILE)))
def test_no_player_is_given_a_hostile_link(kind: PlayerKind, link: str) -> None:
    with pytest.raises(LinkError):
        player_command(player(kind), link)


def test_mpv_is_given_the_link_after_the_end_of_its_options() -> None:
    assert player_command(player(PlayerKind.MPV), LINK) == [
        "/usr/bin/mpv",
        "--no-video",
        "--no-terminal",
        "--ytdl=no",
        "--load-scripts=no",
        "--load-unsafe-playlists=no",
        "--access-references=no",
        "--autoload-files=no",
        "--sub-auto=no",
        "--demuxer=lavf",
        "--demuxer-lavf-o=protocol_whitelist=[data]",
        "--stream-lavf-o=protocol_whitelist=[https,tls,tcp]",
        "--",
        LINK,
    ]


def test_ffplay_is_given_its_whitelists() -> None:
    assert player_command(player(PlayerKind.FFPLAY), LINK) == [
        *["/usr/bin/ffplay", "-nodisp", "-autoexit", "-loglevel", "error"],
        *["-protocol_whitelist", "https,tls,tcp", "-format_whitelist", "mp3,wav,ogg,flac,mov,aac", "--", LINK],
    ]


@pytest.mark.parametrize(
    ("link", "protocols"),
    [(LINK, "https,tls,tcp"), (STUDIO, "http,tcp"), ("http://cdn.example/a.mp3", "http,https,tls,tcp")],
)
def test_a_player_may_speak_no_more_than_the_link_needs(link: str, protocols: str) -> None:
    assert player_command(player(PlayerKind.FFPLAY), link)[6] == protocols
    assert f"--stream-lavf-o=protocol_whitelist=[{protocols}]" in player_command(player(PlayerKind.MPV), link)


@pytest.mark.parametrize("kind", [PlayerKind.VLC, PlayerKind.MPG123])
def test_a_player_that_follows_what_it_reads_is_given_downloaded_songs_only(kind: PlayerKind) -> None:
    assert player(kind).needs_file
    with pytest.raises(PlayerError, match="download the song first"):
        player_command(player(kind), LINK)
    assert player_command(player(kind), "/music/-a.mp3", local_file=True)[-2:] == ["--", "/music/-a.mp3"]


@pytest.mark.parametrize("kind", PlayerKind)
@pytest.mark.parametrize("path", ["-a.mp3", "a.mp3", "", "/a\0b"])
def test_a_downloaded_song_needs_an_absolute_path(kind: PlayerKind, path: str) -> None:
    with pytest.raises(PlayerError, match="absolute path"):
        player_command(player(kind), path, local_file=True)


@pytest.mark.parametrize(
    ("ending", "reader"),
    [(".mp3", "es"), (".aac", "es"), (".wav", "wav"), (".ogg", "ogg"), (".flac", "flac"), (".m4a", "mp4")],
)
def test_vlc_reads_a_song_as_what_its_bytes_are_and_as_no_list(ending: str, reader: str) -> None:
    """It opened the files that a list behind an ID3 tag named, and subtitles beside the song."""
    argv = player_command(player(PlayerKind.VLC), f"/music/a{ending}", local_file=True)
    assert f"--demux={reader},none" in argv
    assert "--no-sub-autodetect-file" in argv
    assert argv[-2:] == ["--", f"/music/a{ending}"]


def test_vlc_is_given_no_file_of_unknown_kind() -> None:
    with pytest.raises(PlayerError, match="kind"):
        player_command(player(PlayerKind.VLC), "/music/list.m3u", local_file=True)


def test_players_are_looked_for_in_the_order_of_the_contract() -> None:
    found: list[str] = []
    programs = ["mpv", "cvlc", "vlc", "ffplay", "mpg123", "xdg-open", "open"]
    while programs:
        chosen = find_player(desktop=True, which=only(*programs))
        assert chosen is not None
        found.append(chosen.name)
        programs.remove(chosen.name)
    assert found == ["mpv", "cvlc", "vlc", "ffplay", "mpg123", "xdg-open", "open"]
    assert find_player(desktop=True, which=only()) is None


def test_without_a_desktop_nothing_is_handed_to_its_opener() -> None:
    assert find_player(desktop=False, which=only("xdg-open")) is None


def test_a_known_player_of_the_settings_keeps_the_safe_options_in_the_last_word() -> None:
    chosen = find_player("mpv --volume=50 --ytdl=yes", which=only("mpv"))
    assert chosen is not None
    assert chosen.kind is PlayerKind.MPV
    argv = player_command(chosen, LINK)
    assert argv[:3] == ["/usr/bin/mpv", "--volume=50", "--ytdl=yes"]
    assert argv.index("--ytdl=no") > argv.index("--ytdl=yes")
    assert argv[-2:] == ["--", LINK]


def test_a_whole_command_of_the_settings_is_taken_as_it_is() -> None:
    chosen = find_player("mpv {url} --loop", which=only("mpv"))
    assert chosen is not None
    assert chosen.kind is PlayerKind.CUSTOM
    assert player_command(chosen, LINK) == ["/usr/bin/mpv", LINK, "--loop"]
    other = find_player("mocp -l", which=only("mocp"))
    assert other is not None
    assert player_command(other, LINK) == ["/usr/bin/mocp", "-l", LINK]


def test_a_player_setting_that_cannot_be_used_is_not_replaced_in_silence() -> None:
    with pytest.raises(PlayerError, match="foobar, which is not on the PATH"):
        find_player("foobar", which=only("mpv"))
    with pytest.raises(PlayerError, match="quotation mark"):
        find_player("mpv 'x", which=only("mpv"))


CONCAT = b"ffconcat version 1.0\nfile bait.wav\n"  # a relative name: ffmpeg takes only those by itself


class Songs(http.server.BaseHTTPRequestHandler):
    """A song, things that only look like one, and a redirect; notes what was asked for."""

    bodies: ClassVar[dict[str, bytes]]
    asked: ClassVar[list[str]]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        if self.path == "/redirect.mp3":
            self.send_response(302)
            self.send_header("Location", "/bait.wav")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        body = self.bodies[self.path]
        self.send_response(200)
        self.send_header("Content-Type", "audio/mpeg")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            return  # the player has heard enough

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def songs(tmp_path: Path) -> Iterator[tuple[str, type[Songs]]]:
    (tmp_path / "bait.wav").write_bytes(wav(0.3))

    class Handler(Songs):
        bodies: ClassVar[dict[str, bytes]] = {}
        asked: ClassVar[list[str]] = []

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        address = f"http://127.0.0.1:{server.server_port}"
        bait = tmp_path / "bait.wav"
        Handler.bodies = {
            "/song.mp3": wav(0.3),
            "/bait.wav": wav(0.3),
            "/edl.mp3": f"# mpv EDL v0\n{bait}\n".encode(),
            "/m3u.mp3": f"#EXTM3U\n{bait}\n{address}/bait.wav\n".encode(),
            "/concat.mp3": CONCAT,
            "/tagged.mp3": b"ID3\x04\0\0\0\0\0\0" + CONCAT,
            "/hls.mp3": f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{address}/bait.wav\n#EXT-X-ENDLIST\n".encode(),
        }
        yield address, Handler
        server.shutdown()
        thread.join()


def real(kind: PlayerKind) -> tuple[Player, dict[str, str]]:
    path = shutil.which(kind.value)
    if path is None:
        pytest.skip(f"{kind.value} is not installed")
    # no sound device is needed: the null output of mpv, the dummy driver of SDL
    words = (path, "--ao=null", "--untimed") if kind is PlayerKind.MPV else (path,)
    return Player(kind, kind.value, words), {
        "SDL_AUDIODRIVER": "dummy",
        "PATH": "/usr/bin:/bin",
        "HOME": "/nonexistent",
    }


def heard(argv: list[str], environ: dict[str, str]) -> tuple[int, list[str]]:
    """The exit code, and the files beside the song that the player opened (seen by strace where it is there)."""
    strace = shutil.which("strace")
    traced = [strace, "-f", "--seccomp-bpf", "-qq", "-e", "trace=openat,open", "-o", "/dev/stderr"] if strace else []
    done = subprocess.run(
        [*traced, *argv], stdin=subprocess.DEVNULL, capture_output=True, timeout=30, check=False, env=environ
    )
    opened = [
        line for line in done.stderr.decode("utf-8", "replace").splitlines() if "bait.wav" in line and "openat(" in line
    ]
    return done.returncode, opened


@pytest.mark.parametrize("kind", [PlayerKind.MPV, PlayerKind.FFPLAY])
def test_a_real_player_plays_a_song_of_the_studio(kind: PlayerKind, songs: tuple[str, type[Songs]]) -> None:
    address, handler = songs
    found, environ = real(kind)
    code, opened = heard(player_command(found, f"{address}/song.mp3"), environ)
    assert (code, opened) == (0, [])
    assert "/song.mp3" in handler.asked


BAITS = [
    *[(PlayerKind.MPV, name) for name in ("edl", "m3u", "concat", "tagged", "hls")],
    *[(PlayerKind.FFPLAY, name) for name in ("concat", "tagged", "hls")],
]


@pytest.mark.parametrize(("kind", "name"), BAITS)
def test_a_real_player_opens_nothing_that_a_link_or_file_names(
    kind: PlayerKind, name: str, songs: tuple[str, type[Songs]], tmp_path: Path
) -> None:
    address, handler = songs
    found, environ = real(kind)
    _, from_link = heard(player_command(found, f"{address}/{name}.mp3"), environ)
    local = tmp_path / "song.mp3"
    local.write_bytes(handler.bodies[f"/{name}.mp3"])
    _, from_file = heard(player_command(found, str(local), local_file=True), environ)
    assert (from_link, from_file) == ([], [])
    assert "/bait.wav" not in handler.asked


@pytest.mark.parametrize("kind", [PlayerKind.MPV, PlayerKind.FFPLAY])
def test_a_real_player_plays_a_downloaded_song(kind: PlayerKind, tmp_path: Path) -> None:
    found, environ = real(kind)
    (tmp_path / "song.mp3").write_bytes(wav(0.3))
    assert heard(player_command(found, str(tmp_path / "song.mp3"), local_file=True), environ)[0] == 0


def test_the_baits_work_on_a_player_without_our_options(songs: tuple[str, type[Songs]], tmp_path: Path) -> None:
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed")
    found, environ = real(PlayerKind.MPV)
    local = tmp_path / "song.mp3"
    local.write_bytes(songs[1].bodies["/tagged.mp3"])
    assert heard([*found.words, "--no-terminal", str(local)], environ)[1] != []
