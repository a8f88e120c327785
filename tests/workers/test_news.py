"""News of the engine: at once while they are few, gathered when they come in crowds, and none is lost."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import App

from whisul_tui.workers.news import A_SECOND, AT_ONCE, News, NewsCame


class Listener(App[int]):
    """Takes the news as the program does; time stands still unless it is moved."""

    def __init__(self) -> None:
        super().__init__()
        self.time = 0.0
        self.told: list[frozenset[int]] = []
        self.later: list[tuple[float, Callable[[], None]]] = []
        self.news = News(
            self, self.told.append, clock=lambda: self.time, later=lambda *waiting: self.later.append(waiting)
        )

    def on_news_came(self, _: NewsCame) -> None:
        self.news.take()


async def test_a_few_are_told_at_once_and_a_crowd_together() -> None:
    app = Listener()
    async with app.run_test() as pilot:
        for number in range(AT_ONCE):
            app.news.came(frozenset({number}))
            await pilot.pause()
        assert app.told == [frozenset({number}) for number in range(AT_ONCE)]
        for number in range(100, 200):
            app.news.came(frozenset({number}))
            await pilot.pause()
        assert len(app.told) == AT_ONCE
        assert [seconds for seconds, _ in app.later] == [1 / A_SECOND]
        app.time += 1 / A_SECOND
        app.later.pop()[1]()
        assert app.told[AT_ONCE:] == [frozenset(range(100, 200))]
        app.news.came(frozenset({7}))
        await pilot.pause()
        assert len(app.later) == 1
        app.time += 60.0
        app.later.pop()[1]()
        for number in range(AT_ONCE):
            app.news.came(frozenset({number}))
            await pilot.pause()
        assert not app.later
        assert len(app.told) == 2 * AT_ONCE + 2


async def test_what_comes_between_two_turns_of_the_loop_is_told_once() -> None:
    app = Listener()
    async with app.run_test() as pilot:
        for number in range(50):
            app.news.came(frozenset({number}))
        await pilot.pause()
        assert app.told == [frozenset(range(50))]


async def test_the_shortest_wait_ends_too() -> None:
    app = Listener()
    app.news = News(app, app.told.append, clock=lambda: app.time)
    async with app.run_test() as pilot:
        for number in range(AT_ONCE):
            app.news.came(frozenset({number}))
            await pilot.pause()
        app.time += (1 - 1e-12) / A_SECOND
        app.news.came(frozenset({77}))
        for _ in range(5):
            await pilot.pause()
        assert app.told[AT_ONCE:] == [frozenset({77})]


async def test_nothing_is_told_after_the_end() -> None:
    app = Listener()
    async with app.run_test() as pilot:
        app.news.came(frozenset({1}))
        app.news.stop()
        await pilot.pause()
        assert app.told == []
