"""One song after another on this machine: the end of one is no news of the next."""

from __future__ import annotations

from pathlib import Path

from tests.support.stage import stage
from tests.workers.staging import script
from whisul_tui.listening.players import Player, PlayerKind
from whisul_tui.listening.steering import Steer
from whisul_tui.workers.steering import Steering


async def no_fetch(_: str) -> str:
    """It plays links."""
    raise AssertionError


async def test_a_song_begun_again_is_never_seen_as_ended(tmp_path: Path) -> None:
    """The end of the first time came while that was still taken for the song that plays, and so for its end."""
    script(tmp_path, "exec sleep 60")
    player = Player(PlayerKind.CUSTOM, "player.sh", (str(tmp_path / "player.sh"),))
    seen: list[Steer | None] = []
    with stage([{"title": "a", "song_url": "http://127.0.0.1/a.mp3"}]) as here:
        steering = Steering(here.session, lambda: seen.append(steering.seen(1)))
        try:
            for _ in range(3):
                await steering.play_here(player, 1, "http://127.0.0.1/a.mp3", "a", where="this machine", fetch=no_fetch)
        finally:
            steering.close()
    assert sum(state is not None and state.started for state in seen) >= 3
    assert not [state for state in seen if state is not None and state.is_over]
