"""The ladder of listening: where a song can sound, decided from facts alone."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from whisul_tui.listening.facts import Surroundings
from whisul_tui.listening.players import Player


class RungKind(StrEnum):
    """What is done to let a song be heard; NONE: nothing can be done, and the sentence says why."""

    PLAYER = "player"
    LISTENER = "listener"
    OPEN_COMMAND = "open_command"
    LINK_SHEET = "link_sheet"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the ladder. `sentence` tells the user where the sound will be, or what is missing.

    `where` names the machine that a player of ours would play on.
    """

    kind: RungKind
    sentence: str
    player: Player | None = None
    where: str = "this machine"


def choose_rung(facts: Surroundings) -> Rung:
    """For listening where the user sits: player here, listener, open command, else the link itself."""
    at_the_machine = not facts.ssh and (facts.display or facts.sound)
    if at_the_machine and facts.player is not None:
        return Rung(RungKind.PLAYER, _starting(facts.player), facts.player)
    if facts.listener is not None:
        return Rung(RungKind.LISTENER, f"Starting on {facts.listener}.", where=facts.listener)
    if facts.open_command:
        return Rung(RungKind.OPEN_COMMAND, "Handing the link to your open_command.")
    or_else = "Or open" if facts.no_listener and not at_the_machine else "Open"
    return Rung(RungKind.LINK_SHEET, f"{_why_no_player(facts, at_the_machine)} {or_else} the link where you sit.")


def choose_host_rung(facts: Surroundings) -> Rung:
    """For playing on this host, whoever hears it: a player and a sound device, or a sentence on what is missing."""
    if facts.player_trouble:
        return Rung(RungKind.NONE, facts.player_trouble)
    if facts.player is None:
        return Rung(RungKind.NONE, "This host has no player. Install mpv, vlc, ffplay or mpg123, or set player.")
    if not facts.sound:
        where = "this host (you are connected over SSH)" if facts.ssh else "this host"
        return Rung(
            RungKind.NONE, f"No sound device was found on {where}. Copy the link with y, or download the song with d."
        )
    return Rung(RungKind.PLAYER, _starting(facts.player, host=True), facts.player, "this host")


def _starting(player: Player, *, host: bool = False) -> str:
    if player.is_opener:
        return f"Handing the link to {player.name}, the desktop's own program."
    return f"Starting {player.name} on {'this host' if host else 'this machine'}."


def _why_no_player(facts: Surroundings, at_the_machine: bool) -> str:
    if at_the_machine:
        return facts.player_trouble or "No player was found (mpv, vlc, ffplay, mpg123)."
    if facts.no_listener:
        return facts.no_listener
    if facts.ssh:
        return "You are connected over SSH, and no listener was found."
    return "No display and no sound device were found here."
