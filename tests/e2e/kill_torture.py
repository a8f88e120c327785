"""kill -9 at random moments while prompts are being submitted: nothing accepted is lost, nothing is sent twice.

    python -m tests.e2e.kill_torture --kills 100

Kills the TUI so many times, and as often the headless `generate`, three at once. Each has one store from the first
kill to the last; at the end the store is compared with the studio's own log of requests. Ends with 1 on a breach.
"""

from __future__ import annotations

import argparse
import random
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from tests.e2e.acting import JOBS, WRITE, until
from tests.e2e.ledger import Verdict, judge
from tests.e2e.partner import Partner
from tests.e2e.places import PROGRAM, Place
from tests.e2e.terminal import Terminal, pause

# Three answers of ten take 2 to 8 s, one 202 in twenty is lost on its way.
STUDIO = ("--fault", "slow=0.3", "--fault", "lost202=0.05")
CONFIG = "poll_min_seconds = 0.5\npoll_max_seconds = 1.0\nundo_seconds = 0.3\nsame_prompt_seconds = 0\n"
GENRES = ("lofi", "techno", "waltz", "blues", "polka", "march", "ambient", "reggae")
AT_ONCE = 3


@dataclass
class Torture:
    """One store and what has been done to its processes."""

    place: Place
    dice: random.Random
    entered: list[str] = field(default_factory=list)
    killed: dict[int, float] = field(default_factory=dict)
    at_death: Counter[str] = field(default_factory=Counter)
    drafted: set[str] = field(default_factory=set)
    lost_drafts: list[str] = field(default_factory=list)

    def prompt(self) -> str:
        """A prompt that is sent never again."""
        text = f"{self.dice.choice(GENRES)} number {len(self.entered)} in {self.dice.getrandbits(24):06x}"
        self.entered.append(text)
        return text

    def drafts(self) -> set[str]:
        """What is kept as a draft now."""
        return {row["text"] for row in self.place.rows("SELECT text FROM drafts")}

    def note_death(self, pid: int, at: float, prompts: list[str]) -> None:
        """Remembers when a process was killed, and where its newest prompt stood."""
        self.killed[pid] = at
        states, drafts = self.place.states(), self.drafts()
        newest = prompts[-1]
        self.at_death[states.get(newest, "in the draft" if newest in drafts else "not on disk")] += 1
        self.lost_drafts += [text for text in prompts if text in self.drafted and text not in {*states, *drafts}]


def kill_a_tui(torture: Torture) -> None:
    """One life of the TUI: one to three prompts, and the end at a moment drawn over hold, send and answer."""
    place, dice = torture.place, torture.dice
    with Terminal([*PROGRAM], place.environment(), cwd=place.folder) as terminal:
        # One look decides: a toast that comes a moment later lies over that line.
        if terminal.wait_for(re.compile(f"{WRITE.pattern}|{JOBS}", re.MULTILINE), 40)[0] == JOBS:
            terminal.press("1")
            terminal.wait_for(WRITE, 40)
        terminal.press("end", "ctrl+u")  # a draft of the life before
        mine = [torture.prompt()]
        terminal.write(mine[0])
        terminal.wait_for(mine[0])
        if dice.random() < 0.5:  # somebody who thinks before Enter has a draft on disk
            until(lambda: mine[0] in torture.drafts(), 5.0, "the draft on disk")
            torture.drafted.add(mine[0])
        terminal.press("enter")
        end = (
            time.time() + dice.choices([dice.uniform(0, 0.8), dice.uniform(0, 3), dice.uniform(3, 9)], [60, 25, 15])[0]
        )
        while time.time() < end and len(mine) < 3:
            if mine[-1] in place.states():
                mine.append(torture.prompt())
                terminal.write(mine[-1])
                terminal.wait_for(lambda: time.time() >= end or mine[-1] in terminal.text())
                terminal.press("enter")
            pause(min(0.05, max(0.0, end - time.time())))
        pause(max(0.0, end - time.time()))
        at = time.time()
        terminal.kill()
    torture.note_death(terminal.pid, at, mine)


def kill_generates(torture: Torture, number: int) -> int:
    """So many `generate` at once, each killed at a moment of its own; gives how many were killed alive."""
    lives = []
    for _ in range(number):
        prompt = torture.prompt()
        process = torture.place.start("generate", prompt)
        lasts = torture.dice.choices([torture.dice.uniform(0.2, 1.2), torture.dice.uniform(1.2, 7)], [75, 25])[0]
        lives.append((time.time() + lasts, process, prompt))
    killed = 0
    for end, process, prompt in sorted(lives, key=lambda life: life[0]):
        pause(max(0.0, end - time.time()))
        if process.poll() is None:
            at = time.time()
            process.kill()
            process.wait()
            torture.note_death(process.pid, at, [prompt])
            killed += 1
        _close(process)
    return killed


def settle(torture: Torture, seconds: float = 180.0) -> None:
    """A last life that nobody kills: all that was held is sent, all that runs is followed to its end."""
    place = torture.place
    with Terminal([*PROGRAM], place.environment(), cwd=place.folder) as terminal:
        still = ("held", "sending", "running")
        until(lambda: not [job for job in place.jobs() if job["state"] in still], seconds, "the end of all jobs")
        pause(9.0)  # the studio notes a slow request when it is over
        terminal.press("ctrl+q")
        code = terminal.wait()
        if code != 0:
            raise AssertionError(f"the last TUI ended with {code}")


def torture_tui(folder: Path, kills: int, seed: int) -> tuple[Verdict, Torture]:
    """Kills the TUI so many times."""
    with ExitStack() as stack:
        torture, studio = _begin(stack, folder, seed)
        for _ in range(kills):
            kill_a_tui(torture)
        settle(torture)
        verdict = judge(torture.place, studio, torture.entered, torture.killed)
        verdict.breaches += [f"it was a draft, and gone after Enter: {text!r}" for text in torture.lost_drafts]
        return verdict, torture


def torture_generate(folder: Path, kills: int, seed: int) -> tuple[Verdict, Torture]:
    """Kills `generate` so many times."""
    with ExitStack() as stack:
        torture, studio = _begin(stack, folder, seed)
        done = 0
        while done < kills:
            done += kill_generates(torture, min(AT_ONCE, kills - done))
        settle(torture)
        return judge(torture.place, studio, torture.entered, torture.killed), torture


def _begin(stack: ExitStack, folder: Path, seed: int) -> tuple[Torture, Partner]:
    studio = stack.enter_context(Partner(folder / "studio", *STUDIO, "--seed", str(seed)))
    place = Place(folder / "place", dict(studio.variables))
    place.configure(CONFIG)
    return Torture(place, random.Random(seed)), studio


def _close(process: subprocess.Popen[str]) -> None:
    for pipe in (process.stdout, process.stderr):
        if pipe is not None:
            pipe.close()


def table(results: dict[str, tuple[Verdict, Torture]]) -> str:
    """All figures, a column a kind of process."""
    names = list(results)
    fates = sorted({fate for verdict, _ in results.values() for fate in verdict.fates})
    states = sorted({state for _, torture in results.values() for state in torture.at_death})
    lines = [["", *names], ["killed", *(str(len(torture.killed)) for _, torture in results.values())]]
    lines += [["prompts entered", *(str(len(torture.entered)) for _, torture in results.values())]]
    lines += [
        [
            f"where its newest prompt stood at the kill: {state}",
            *(str(torture.at_death[state]) for _, torture in results.values()),
        ]
        for state in states
    ]
    lines += [[fate, *(str(verdict.fates[fate]) for verdict, _ in results.values())] for fate in fates]
    lines += [["breaches", *(str(len(verdict.breaches)) for verdict, _ in results.values())]]
    widths = [max(len(line[column]) for line in lines) for column in range(len(names) + 1)]
    return "\n".join(
        line[0].ljust(widths[0])
        + "".join("  " + cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True))
        for line in lines
    )


def main() -> int:
    parser = argparse.ArgumentParser("python -m tests.e2e.kill_torture", description=__doc__.split("\n", 1)[0])
    parser.add_argument("--kills", type=int, default=100, help="of each kind of process (default: 100)")
    parser.add_argument("--seed", type=int, default=None, help="of the moments (default: random, and printed)")
    found = parser.parse_args()
    seed = random.randrange(1 << 20) if found.seed is None else found.seed
    print(f"seed {seed}", flush=True)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="whisul-torture-") as name:
        folder = Path(name)
        results = {
            "TUI": torture_tui(folder / "tui", found.kills, seed),
            "generate": torture_generate(folder / "generate", found.kills, seed + 1),
        }
    print(table(results))
    breaches = [f"{name}: {breach}" for name, (verdict, _) in results.items() for breach in verdict.breaches]
    print("\n".join(breaches) or f"no breach in {time.monotonic() - began:.0f} s")
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
