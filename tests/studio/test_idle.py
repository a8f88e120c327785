"""When the shared studio ends by itself."""

from __future__ import annotations

from whisul_tui.studio.idle import Idle


def test_it_is_over_after_ten_minutes_in_which_nobody_asked() -> None:
    now = [0.0]
    idle = Idle(600.0, lambda: now[0])
    now[0] = 599.9
    assert not idle.is_over(busy=False)
    idle.touch()
    now[0] = 1199.8
    assert not idle.is_over(busy=False)
    now[0] = 1199.9
    assert idle.is_over(busy=False)


def test_a_running_job_keeps_it_awake() -> None:
    now = [0.0]
    idle = Idle(600.0, lambda: now[0])
    now[0] = 5000.0
    assert not idle.is_over(busy=True)
    now[0] = 5599.0
    assert not idle.is_over(busy=False)
    now[0] = 5600.0
    assert idle.is_over(busy=False)


def test_zero_is_never() -> None:
    now = [0.0]
    idle = Idle(0.0, lambda: now[0])
    now[0] = 1e9
    assert not idle.is_over(busy=False)
