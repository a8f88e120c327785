from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from whisul_tui.listening.facts import Surroundings, ask_tmux, gather, has_sound
from whisul_tui.listening.players import Player, PlayerKind, Which
from whisul_tui.listening.rungs import RungKind, choose_host_rung, choose_rung

MPV = Player(PlayerKind.MPV, "mpv", ("/usr/bin/mpv",))
OPENER = Player(PlayerKind.OPENER, "xdg-open", ("/usr/bin/xdg-open",))
DESK = Surroundings(ssh=False, display=True, sound=True, player=MPV)
FAR = Surroundings(ssh=True, display=False, sound=False)


def only(*programs: str) -> Callable[[str], str | None]:
    return lambda name: f"/usr/bin/{name}" if name in programs else None


@pytest.mark.parametrize(
    ("facts", "kind", "words"),
    [
        (DESK, RungKind.PLAYER, "Starting mpv on this machine."),
        (replace(DESK, display=False), RungKind.PLAYER, "Starting mpv"),
        (replace(DESK, sound=False), RungKind.PLAYER, "Starting mpv"),
        (replace(DESK, player=OPENER), RungKind.PLAYER, "desktop's own program"),
        (replace(DESK, player=None), RungKind.LINK_SHEET, "No player was found"),
        (replace(DESK, player=None, player_trouble="The setting player is wrong."), RungKind.LINK_SHEET, "is wrong."),
        (replace(DESK, player=None, open_command="x"), RungKind.OPEN_COMMAND, "open_command"),
        (replace(DESK, display=False, sound=False), RungKind.LINK_SHEET, "No display and no sound"),
        (replace(DESK, ssh=True), RungKind.LINK_SHEET, "over SSH"),
        (replace(FAR, player=MPV, open_command="x"), RungKind.OPEN_COMMAND, "open_command"),
        (replace(FAR, listener="laptop", open_command="x"), RungKind.LISTENER, "Starting on laptop."),
        (replace(DESK, listener="laptop"), RungKind.PLAYER, "Starting mpv"),
        (FAR, RungKind.LINK_SHEET, "Open the link where you sit."),
    ],
)
def test_the_first_rung_that_can_work_is_taken(facts: Surroundings, kind: RungKind, words: str) -> None:
    rung = choose_rung(facts)
    assert rung.kind is kind
    assert words in rung.sentence
    assert (rung.player is not None) == (kind is RungKind.PLAYER)


@pytest.mark.parametrize(
    ("facts", "kind", "words"),
    [
        (replace(FAR, player=MPV, sound=True), RungKind.PLAYER, "Starting mpv on this host."),
        (
            replace(FAR, player=MPV),
            RungKind.NONE,
            "No sound device was found on this host (you are connected over SSH)",
        ),
        (replace(DESK, sound=False), RungKind.NONE, "No sound device was found on this host."),
        (replace(DESK, player=None), RungKind.NONE, "Install mpv"),
        (replace(DESK, player=None, player_trouble="The setting player is wrong."), RungKind.NONE, "is wrong."),
    ],
)
def test_playing_on_the_host_says_what_is_missing(facts: Surroundings, kind: RungKind, words: str) -> None:
    rung = choose_host_rung(facts)
    assert rung.kind is kind
    assert words in rung.sentence


def look(
    environ: dict[str, str],
    tmp_path: Path,
    *,
    platform: str = "linux",
    which: Which | None = None,
    player: str | None = None,
    tmux_environment: Callable[[Mapping[str, str]], Mapping[str, str | None]] | None = None,
) -> Surroundings:
    return gather(
        environ=environ,
        devices=tmp_path / "snd",
        platform=platform,
        which=which or only("mpv", "xdg-open"),
        player=player,
        tmux_environment=tmux_environment,
    )


def test_ssh_is_seen_by_either_variable(tmp_path: Path) -> None:
    assert look({"SSH_CONNECTION": "a 1 b 22"}, tmp_path).ssh
    assert look({"SSH_TTY": "/dev/pts/1"}, tmp_path).ssh
    assert not look({}, tmp_path).ssh


def test_a_display_is_seen_on_x11_wayland_and_a_mac_at_hand(tmp_path: Path) -> None:
    assert look({"DISPLAY": ":0"}, tmp_path).display
    assert look({"WAYLAND_DISPLAY": "wayland-0"}, tmp_path).display
    assert look({}, tmp_path, platform="darwin").display
    assert look({}, tmp_path, platform="darwin").sound
    assert not look({"SSH_CONNECTION": "x"}, tmp_path, platform="darwin").display
    assert not look({}, tmp_path).display


def test_a_desktop_opener_is_never_taken_over_ssh(tmp_path: Path) -> None:
    at_hand = look({"DISPLAY": ":0"}, tmp_path, which=only("xdg-open"))
    assert at_hand.player is not None
    assert at_hand.player.is_opener
    assert look({"DISPLAY": ":10", "SSH_TTY": "x"}, tmp_path, which=only("xdg-open")).player is None


def test_sound_is_found_by_server_socket_and_device(tmp_path: Path) -> None:
    devices = tmp_path / "snd"
    devices.mkdir()
    assert not has_sound({}, devices)
    assert has_sound({"PULSE_SERVER": "tcp:laptop"}, devices)
    runtime = tmp_path / "run"
    (runtime / "pulse").mkdir(parents=True)
    assert not has_sound({"XDG_RUNTIME_DIR": str(runtime)}, devices)
    (runtime / "pulse/native").touch()
    assert has_sound({"XDG_RUNTIME_DIR": str(runtime)}, devices)
    (devices / "pcmC0D0c").touch()
    assert not has_sound({}, devices), "a microphone makes no sound"
    (devices / "pcmC0D0p").touch()
    assert has_sound({}, devices)


def test_pipewire_is_found_too(tmp_path: Path) -> None:
    (tmp_path / "pipewire-0").touch()
    assert has_sound({"XDG_RUNTIME_DIR": str(tmp_path)}, tmp_path / "snd")


def test_a_wrong_player_setting_is_kept_as_trouble(tmp_path: Path) -> None:
    facts = look({}, tmp_path, player="foobar")
    assert facts.player is None
    assert "foobar" in facts.player_trouble


def test_tmux_knows_better_than_the_pane_where_the_user_sits_now(tmp_path: Path) -> None:
    at_the_desk = {"TMUX": "/tmp/t,1,0", "DISPLAY": ":0"}
    joined = look(at_the_desk, tmp_path, tmux_environment=lambda _: {"SSH_CONNECTION": "x", "DISPLAY": None})
    assert (joined.ssh, joined.display) == (True, False)
    far = {"TMUX": "/tmp/t,1,0", "SSH_CONNECTION": "x", "SSH_TTY": "/dev/pts/1"}
    back = look(far, tmp_path, tmux_environment=lambda _: {"SSH_CONNECTION": None, "DISPLAY": ":0"})
    assert (back.ssh, back.display) == (False, True)
    assert look(far, tmp_path, tmux_environment=lambda _: {}).ssh, "a tmux that does not answer changes nothing"


def test_a_real_tmux_is_asked(tmp_path: Path) -> None:
    tmux = shutil.which("tmux")
    if tmux is None:
        pytest.skip("tmux is not installed")
    environ = {
        "PATH": os.environ["PATH"],
        "TMUX_TMPDIR": str(tmp_path),
        "TERM": "xterm",
        "DISPLAY": ":7",
        "LANG": "C.UTF-8",
    }
    server = [tmux, "-f", "/dev/null"]
    subprocess.run([*server, "new-session", "-d", "-x", "80", "-y", "24", "sleep 60"], env=environ, check=True)
    try:
        shown = subprocess.run(
            [*server, "display-message", "-p", "#{socket_path},#{pid},0"], env=environ, check=True, capture_output=True
        )
        inside = {**environ, "TMUX": shown.stdout.decode().strip()}
        subprocess.run([*server, "set-environment", "SSH_CONNECTION", "1.2.3.4 5 6.7.8.9 22"], env=environ, check=True)
        subprocess.run([*server, "set-environment", "-r", "DISPLAY"], env=environ, check=True)
        assert ask_tmux(inside) == {"SSH_CONNECTION": "1.2.3.4 5 6.7.8.9 22", "DISPLAY": None}
    finally:
        subprocess.run([*server, "kill-server"], env=environ, check=True)
    assert ask_tmux(inside) == {}
