"""When the display layer steps back, and when it forgets what the terminal shows."""

from __future__ import annotations

import textual
from rich.color import ColorSystem
from textual import events
from textual.app import App

from tests.support.stage import ALL_STATES, stage
from tests.terminal.twin import Twin
from whisul_tui.terminal.display import is_known, wants_own
from whisul_tui.terminal.display_encoder import erases_in_colour
from whisul_tui.terminal.display_front import Front, Span
from whisul_tui.terminal.display_pens import PLAIN, Pen, blank_pen, change, pen_of


async def test_a_full_repaint_sends_nothing_until_the_terminal_may_show_something_else() -> None:
    """Focus that comes back, another size and a layout from the app itself each bring everything again."""
    with stage(ALL_STATES) as here:
        made = here.app("jobs")
        app = Twin(made.paths, made.settings, here.session, now=lambda: here.now)
        app.own_display = True
        app.draws_in(ColorSystem.TRUECOLOR)
        async with app.run_test(size=(100, 30)) as pilot:
            await pilot.pause(0.1)

            async def repainted() -> int:
                before = app.sent
                app.screen.refresh(layout=True)
                await pilot.pause(0.1)
                return app.sent - before

            assert await repainted() == 0
            app.post_message(events.AppFocus())
            await pilot.pause()
            assert await repainted() > 1_000
            assert await repainted() == 0
            before = app.sent
            app.refresh(layout=True)
            await pilot.pause(0.1)
            assert app.sent - before > 1_000
            before = app.sent
            await pilot.resize_terminal(101, 30)
            await pilot.pause(0.1)
            assert app.sent - before > 1_000


def test_another_release_of_textual_and_the_setting_keep_its_own_output() -> None:
    """Nothing is guessed about internals that were not compared."""
    assert is_known(textual.__version__), "compare the new release with tests.terminal.display_sessions, then name it"
    assert not is_known("8.3.0")
    assert not is_known(textual.__version__, object)
    assert wants_own("auto", {})
    assert not wants_own("stock", {})
    assert not wants_own("auto", {"WHISUL_DISPLAY": "stock"})
    assert wants_own("stock", {"WHISUL_DISPLAY": "auto"})
    assert callable(App._display)


async def test_where_the_layer_fails_textuals_own_output_takes_over() -> None:
    """An error in it costs one frame's thrift, not the screen."""
    with stage(ALL_STATES) as here:
        made = here.app("jobs")
        app = Twin(made.paths, made.settings, here.session, now=lambda: here.now)
        app.own_display = True
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.pause(0.1)
            app._front = object()  # type: ignore[assignment]  # as if its state were broken
            await pilot.press("j")
            await pilot.pause(0.1)
            assert not app.own_display
            await pilot.press("k", "2", "3")
            await pilot.pause(0.1)
            app.compare()


def test_lines_that_moved_are_moved_by_the_terminal() -> None:
    """A line feed in a region of the screen, and the one line that is new."""
    front = Front(20, 10)
    lines = [[(letter, PLAIN) for letter in f"line {n} ".ljust(20, chr(97 + n))] for n in range(12)]
    front.frame([Span(y, 0, lines[y]) for y in range(10)], (0, 0))
    text = front.frame([Span(y, 0, lines[y + 1]) for y in range(10)], (0, 0))
    assert text.startswith("\x1b[1;10r\x1b[10H\n\x1b[r")
    assert len(text) < 50
    back = front.frame([Span(y, 0, lines[y]) for y in range(10)], (0, 0))
    assert "\x1bM" in back


def test_half_a_frame_waits_for_its_other_half() -> None:
    """A screen's new layout lacks what the whole screen behind it has: the two are one frame."""

    def line(letter: str) -> list[tuple[str, Pen]]:
        return [(letter, PLAIN)] * 20

    front = Front(20, 2)
    front.frame([Span(0, 0, line("a")), Span(1, 0, line("b"))], (0, 0))
    assert front.frame([Span(0, 0, line("x")), Span(1, 0, line("y"))], None, is_half=True) == ""
    assert front.is_kept_back
    assert front.frame([Span(0, 0, line("a"))], None) == "\r\n" + "y" * 20
    assert not front.is_kept_back
    assert front.frame([Span(0, 0, line("x"))], None, is_half=True) == ""
    assert "x" * 20 in front.let_go(None)  # somebody types
    unsure = front.frame([Span(0, 0, None, "?"), Span(1, 0, line("z"))], None, is_half=True)
    assert "?" in unsure  # a line that is not known cannot wait
    assert "z" in unsure
    assert not front.is_kept_back


def test_pens_change_by_the_shortest_codes() -> None:
    """A blank needs a background alone; what is plain is one short reset."""
    red, bold = pen_of("38;2;255;0;0;48;5;17"), pen_of("1;31;48;5;17")
    assert change(red, bold)[0] == "\x1b[1;31m"
    assert change(bold, red)[0] == "\x1b[22;38;2;255;0;0m"
    assert change(red, blank_pen(bold)) == ("", red)
    assert change(bold, PLAIN)[0] == "\x1b[m"
    assert change(pen_of("4"), blank_pen(PLAIN))[0] != ""


def test_only_terminals_that_erase_in_colour_are_asked_to() -> None:
    """GNU screen does not by itself; tmux does, also under that name."""
    assert erases_in_colour({"TERM": "xterm-256color"})
    assert not erases_in_colour({"TERM": "screen-256color"})
    assert erases_in_colour({"TERM": "screen-256color", "TMUX": "/tmp/tmux-0/default,1,0"})
    assert not erases_in_colour({})
