"""Random sessions in which two terminals must show the same, with the display layer and without.

    python -m tests.terminal.display_sessions [--sessions 1000] [--seed 1] [--colours truecolor|eight_bit|standard|none]

Keys, resizes, toasts, the palette, all screens and sheets, themes, time, changing jobs, focus, and titles and prompts
with wide, combining and joined characters. After every frame both terminals are compared, cell by cell; with `none`,
which is NO_COLOR, not one colour may be sent. Each system of colours has a process of its own, as Textual keeps the
codes of a style for one of them.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.color import ColorSystem
from textual import events
from textual.pilot import Pilot

from tests.support.stage import ALL_STATES, Stage, Status, stage
from tests.terminal.twin import Twin
from whisul_tui.domain import JobState, Song

COLOURS = {
    "truecolor": ColorSystem.TRUECOLOR, "eight_bit": ColorSystem.EIGHT_BIT, "standard": ColorSystem.STANDARD,
    "none": ColorSystem.TRUECOLOR,
}  # fmt: skip
SIZES = ((120, 40), (120, 40), (80, 24), (100, 30), (160, 50), (60, 20), (40, 10), (119, 37), (200, 60))
THEMES = ("whisul-dark", "whisul-light", "ansi-dark", "ansi-light", "textual-dark", "nord")
_MOVES = ("j", "k", "down", "up", "pagedown", "pageup", "g", "G", "ctrl+d", "ctrl+u", "home", "end")
_KEYS = (
    *_MOVES, *_MOVES, *_MOVES, "1", "2", "2", "3", "enter", "escape", "escape", "w", "s", "f", "space", "V", "*",
    "x", "u", "v", "y", "Y", "question_mark", "f1", "colon", "ctrl+p", "slash", "n", "N", "h", "l", "ctrl+r", "ctrl+j",
    "tab", "a", "e", "c", "d", "r", "backspace", "left", "right", "comma", "less_than_sign", "plus",
)  # fmt: skip
_TEXTS = (
    "late night lofi", "夜の雨とネオン", "한밤의 재즈 piano", "café crème zoë a\u0301e\u0301", "🎹🎷 duo",
    "\U0001f469\u200d\U0001f469\u200d\U0001f467 family song", "\U0001f1eb\U0001f1f7 chanson", "ไทยเดิม", "हिन्दी गीत",
    "ｆｕｌｌｗｉｄｔｈ", "x\u0308y\u0302 marks", "emoji \u2764\ufe0f heart", "\U0001f44d\U0001f3fd thumbs",
    "\u1112\u1161\u11ab jamo", "עברית שיר", "─│┌ boxes ★", "a very long prompt that goes on and on " * 4,
    "'quotes' [bold]markup[/bold]",
)  # fmt: skip


@dataclass(slots=True)
class Told:
    """What one session came to."""

    frames: int
    used: int
    sent: int
    stock_sent: int
    steps: int


def jobs_for(pick: random.Random) -> list[dict[str, Any]]:
    """A few dozen jobs of every state, titles and prompts in many scripts."""
    jobs = list(ALL_STATES)
    for n in range(pick.choice((0, 5, 30, 90))):
        state = pick.choice(("completed", "completed", "completed", "failed", "running", "expired"))
        text = pick.choice(_TEXTS) if pick.random() < 0.3 else f"prompt {n} {pick.choice(_TEXTS[:2])}"
        jobs.append(
            {"prompt": text, "state": state, "title": pick.choice((*_TEXTS[:8], f"Song {n}")), "ago": 60.0 * n + 9}
        )
    return jobs


async def session(seed: int, colours: ColorSystem, steps: int) -> Told:
    """One session; raises DifferentError with what differed."""
    pick = random.Random(seed)
    with stage(jobs_for(pick)) as here:
        made = here.app(pick.choice(("jobs", "jobs", "write", "listen")), theme=pick.choice(THEMES))
        app = Twin(made.paths, made.settings, here.session, now=lambda: here.now)
        app.own_display = True
        app.draws_in(colours)
        async with app.run_test(size=pick.choice(SIZES), notifications=True) as pilot:
            await pilot.pause()
            for _ in range(steps):
                if not app.is_running:
                    break
                await _step(pick, app, here, pilot)
            while app.is_running and app.is_behind:  # the other half is on its way, or this never ends
                await pilot.pause(0.01)
        return Told(app.frames, app.used, app.sent, app.stock_sent, steps)


async def _step(pick: random.Random, app: Twin, here: Stage, pilot: Pilot[Any]) -> None:
    chance = pick.random()
    if chance < 0.72:
        for _ in range(pick.choice((1, 1, 1, 2, 5))):
            await pilot.press(pick.choice(_KEYS))
    elif chance < 0.77:
        await pilot.press(*pick.choice(("neon", "夜の", "á x")))
    elif chance < 0.81:
        await pilot.resize_terminal(*pick.choice(SIZES))
    elif chance < 0.85:
        app.notify(pick.choice(_TEXTS), title=pick.choice(("", "title")), timeout=pick.choice((0.05, 5)), markup=False)
    elif chance < 0.88:
        app.theme = pick.choice(THEMES)
    elif chance < 0.93:
        await _news(pick, here)
    elif chance < 0.96:
        app.post_message(events.AppFocus() if pick.random() < 0.5 else events.AppBlur())
    elif app.terminals:
        for terminal in app.terminals:
            terminal.lost()  # an editor, or a stop: the terminal is taken, and all is asked for anew
        app.refresh(layout=True)
    await pilot.pause()


async def _news(pick: random.Random, here: Stage) -> None:
    at = here.now.timestamp() + pick.random()
    here.engine.current = Status(pick.choice(("idle", "polling", "limited", "offline")), at + 20, at + 4)
    number = pick.choice(here.numbers)
    job = here.store.get(number)
    if job is not None and job.state is JobState.RUNNING:
        here.store.settled(number, JobState.COMPLETED, at, song=Song(pick.choice(_TEXTS)[:40], 90.0, 100.0))
    here.engine.tell(number)
    await asyncio.sleep(0)


def run(sessions: int, seed: int, colours: str, steps: int, *, told: bool = False) -> Sequence[Told]:
    """That many sessions, each in a home of its own; raises DifferentError, its session's seed noted."""
    results = []
    if colours == "none":
        os.environ["NO_COLOR"] = "1"
    for number in range(seed, seed + sessions):
        with tempfile.TemporaryDirectory() as folder:
            for name in ("CONFIG_HOME", "DATA_HOME", "STATE_HOME", "CACHE_HOME", "RUNTIME_DIR"):
                (Path(folder) / name).mkdir(mode=0o700)
                os.environ[f"XDG_{name}"] = str(Path(folder) / name)
            os.environ["TERM"] = ("xterm-256color", "xterm-256color", "screen-256color")[number % 3]  # erases, or not
            try:
                results.append(asyncio.run(session(number, COLOURS[colours], steps)))
            except BaseException as error:
                error.add_note(f"session {number} in {colours}")
                raise
        if told and len(results) % 10 == 0:
            print(f"{len(results)} sessions in {colours}: {sum(r.frames for r in results):,} frames", flush=True)
    return results


def main() -> int:
    """Runs sessions in one system of colours, or in each, and tells what they came to."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--sessions", type=int, default=1000)
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--colours", choices=COLOURS)
    options = parser.parse_args()
    if options.colours is None:
        return max(each_by_itself(options.sessions, options.seed, options.steps))
    began = time.monotonic()
    done = run(options.sessions, options.seed, options.colours, options.steps, told=True)
    frames, used = sum(told.frames for told in done), sum(told.used for told in done)
    sent, stock = sum(told.sent for told in done), sum(told.stock_sent for told in done)
    print(
        f"{len(done)} sessions in {options.colours}, {frames:,} frames ({used:,} of the layer's own), all alike: "
        f"{sent:,} B for {stock:,} B, {stock / max(1, sent):.1f} times fewer, in {time.monotonic() - began:.0f} s"
    )
    return 0


def each_by_itself(sessions: int, seed: int, steps: int) -> list[int]:
    """The sessions shared out over all systems of colours, at the same time; the exit codes."""
    words = [sys.executable, "-m", "tests.terminal.display_sessions", "--steps", str(steps)]
    running = []
    for n, colours in enumerate(COLOURS):
        share = sessions * (n + 1) // len(COLOURS) - sessions * n // len(COLOURS)
        of_it = ["--colours", colours, "--sessions", str(share), "--seed", str(seed + 100_000 * n)]
        running.append(subprocess.Popen([*words, *of_it]))
    return [process.wait() for process in running]


if __name__ == "__main__":
    sys.exit(main())
