from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from whisul_tui.listening.progress import Pace


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_minute_without_bytes_is_the_end() -> None:
    clock = Clock()
    pace = Pace(clock=clock)
    assert pace.seconds_left() == 60
    clock.now += 59
    assert pace.seconds_left() == 1
    clock.now += 1
    assert pace.seconds_left() == 0


def test_enough_bytes_buy_another_minute_and_too_few_none() -> None:
    clock = Clock()
    pace = Pace(clock=clock)
    clock.now += 50
    pace.came(59_999)
    assert pace.seconds_left() == 10
    clock.now += 5
    pace.came(1)
    assert pace.seconds_left() == 55, "the first of the 60,000 bytes leaves the window in 55 s"
    pace.came(60_000)
    assert pace.seconds_left() == 60


def test_a_stall_ends_after_one_minute_however_much_came_before() -> None:
    clock = Clock()
    pace = Pace(clock=clock)
    for _ in range(100):
        clock.now += 1
        pace.came(1_000_000)
    assert pace.seconds_left() == 60
    clock.now += 60
    assert pace.seconds_left() == 0


@given(st.lists(st.tuples(st.floats(0.01, 30), st.integers(0, 100_000)), max_size=80))
def test_the_deadline_is_that_of_the_window_counted_by_hand(steps: list[tuple[float, int]]) -> None:
    clock = Clock()
    pace = Pace(clock=clock)
    began = clock.now
    came: list[tuple[float, int]] = []
    for wait, count in steps:
        clock.now += wait
        pace.came(count)
        came.append((clock.now, count))
        for ahead in (0.0, 10.0, 70.0):
            at = clock.now + ahead
            in_window = sum(n for when, n in came if when > at - 60)
            alive = at - began < 60 or in_window >= 60_000
            # bytes are noted by the second, so the deadline may be up to a second early, and never late
            if not alive:
                assert pace.seconds_left() <= ahead
            elif sum(n for when, n in came if when > at - 59) >= 60_000 or at - began < 60:
                assert pace.seconds_left() >= ahead
