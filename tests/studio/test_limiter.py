"""The rate limit: a fixed window, and blocks that retries prolong."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.studio.support import serving
from whisul_tui.studio.limiter import Limit, Limiter


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def test_a_window_lets_its_number_through_and_opens_anew() -> None:
    clock = Clock()
    limiter = Limiter(Limit(3, 60.0), clock)
    assert [limiter.refuse() for _ in range(3)] == [None] * 3
    clock.now += 50
    assert limiter.refuse() == 10
    clock.now += 10
    assert [limiter.refuse() for _ in range(4)] == [None, None, None, 60]


def test_a_retry_while_blocked_prolongs_the_block() -> None:
    clock = Clock()
    limiter = Limiter(Limit(1, 60.0), clock)
    assert [limiter.refuse(), limiter.refuse()] == [None, 60]
    clock.now += 55
    assert limiter.refuse() == 10  # 5 s were left
    clock.now += 9.5
    assert limiter.refuse() == 10
    clock.now += 10
    assert limiter.refuse() is None


def test_without_a_limit_all_may_pass() -> None:
    limiter = Limiter(None, Clock())
    assert {limiter.refuse() for _ in range(1000)} == {None}


@pytest.mark.parametrize("text", ["", "20", "0/60", "20/0", "-1/60", "20/60/1", "1e3/5", "20/x", "20/ 60"])
def test_what_is_no_limit_is_told(text: str) -> None:
    with pytest.raises(ValueError, match="a limit is N/SECONDS"):
        Limit.parse(text)


def test_a_limit_is_read() -> None:
    assert Limit.parse("20/60") == Limit(20, 60.0)
    assert Limit.parse("5/0.5") == Limit(5, 0.5)


def test_every_request_of_the_api_counts_but_songs_and_strangers_do_not(tmp_path: Path) -> None:
    clock = Clock()
    with serving(tmp_path, clock=clock, limit=Limit(3, 60.0)) as studio:
        for _ in range(5):
            assert studio.http.get("/api/jobs/x", headers={"Authorization": "Bearer wrong"}).status_code == 401
        assert studio.http.get("/api/jobs/x").status_code == 404
        assert studio.http.post("/api/generate", json={}).status_code == 400
        assert studio.http.post("/api/generate", json={"prompt": "x"}).status_code == 202
        clock.now += 15
        refused = studio.http.post("/api/compose", json={"prompt": "y"})
        assert refused.status_code == 429
        assert refused.headers["retry-after"] == "45"
        assert refused.json()["error"] == "Rate limit exceeded"
        assert studio.http.get("/songs/x.mp3").status_code == 404
        clock.now += 45
        assert studio.http.get("/api/jobs/x").status_code == 404
    prompts = [line["prompt"] for line in studio.asked() if line["job_id"]]
    assert prompts == ["x"]


def test_retry_after_can_be_left_out(tmp_path: Path) -> None:
    with serving(tmp_path, limit=Limit(1, 60.0), retry_after=False) as studio:
        studio.http.get("/api/jobs/x")
        refused = studio.http.get("/api/jobs/x")
        assert refused.status_code == 429
        assert "retry-after" not in refused.headers
