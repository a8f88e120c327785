"""kill -9 at random moments of two to four whole programs on one store: TUIs, `generate`, `wait`.

    python -m tests.torture.program_kills --kills 1000 --parts 4

Each part has a store and a studio of its own; the studio's log is the judge. Nothing accepted is lost, nothing is sent
twice, no store is damaged, and no job is asked for twice within its floor. Ends with 1 on a breach.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from tests.e2e.acting import JOBS, WRITE, until
from tests.e2e.ledger import judge
from tests.e2e.partner import Partner, gaps
from tests.e2e.places import PROGRAM, Place
from tests.e2e.terminal import Terminal, pause

FLOOR, CEILING = 1.0, 4.0  # seconds; the same room between lease and floor, in proportion, as with 5 and 10
CONFIG = (
    f"poll_min_seconds = {FLOOR}\npoll_max_seconds = {CEILING}\nundo_seconds = 0.2\nsame_prompt_seconds = 0\n"
    "toasts = false\n"
)
STUDIO = ("--fault", "slow=0.1", "--fault", "lost202=0.03", "--fault", "500=0.02")
GENRES = ("lofi", "techno", "waltz", "blues", "polka", "march", "ambient", "reggae")
READ_SECONDS = 5.0  # an answer that was out so long before the kill was read, on a machine that does more than this


@dataclass
class Life:
    """A program and when it is to die; a TUI goes from `start` over `write` to `sent`, or stays as it is."""

    ends: float
    process: subprocess.Popen[str] | None = None
    terminal: Terminal | None = None
    prompt: str | None = None
    stage: str = "start"

    @property
    def pid(self) -> int:
        """Its process."""
        return self.terminal.pid if self.terminal else self.process.pid if self.process else 0

    @property
    def has_ended(self) -> bool:
        """Whether it came to its end by itself."""
        process = self.terminal.process if self.terminal else self.process
        return process is None or process.poll() is not None

    def kill(self) -> None:
        """kill -9."""
        if self.terminal:
            self.terminal.kill()
        elif self.process:
            self.process.kill()
            self.process.wait()

    def close(self) -> None:
        """Lets go of its terminal or pipes."""
        if self.terminal:
            self.terminal.close()
        elif self.process:
            for pipe in (self.process.stdout, self.process.stderr):
                if pipe is not None:
                    pipe.close()


@dataclass
class Sum:
    """What all parts saw."""

    killed: Counter[str] = field(default_factory=Counter)
    at_once: Counter[int] = field(default_factory=Counter)
    fates: Counter[str] = field(default_factory=Counter)
    prompts: int = 0
    polls: int = 0
    soonest: float = 1e9
    early: int = 0
    breaches: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        lines = [
            f"{self.killed.total()} programs killed: {dict(self.killed)}, beside so many others: {dict(self.at_once)}",
            f"{self.prompts} prompts: {dict(self.fates)}",
            f"{self.polls} polls, {self.early} within the floor of {FLOOR:g} s, the soonest after {self.soonest:.2f} s",
        ]
        return "\n".join(lines + (self.breaches or ["no breach"]))


class Part:
    """One store, its studio, and the programs that come and go."""

    def __init__(self, folder: Path, stack: ExitStack, dice: random.Random, pace: float) -> None:
        self.dice = dice
        self.studio = stack.enter_context(
            Partner(folder / "studio", *STUDIO, "--pace", str(pace), "--seed", str(dice.randrange(1 << 20)))
        )
        self.place = Place(folder / "place", dict(self.studio.variables))
        self.place.configure(CONFIG)
        self.lives: list[Life] = []
        self.entered: list[str] = []
        self.killed: dict[int, float] = {}

    def prompt(self) -> str:
        """A prompt that is sent never again."""
        return f"{self.dice.choice(GENRES)} number {len(self.entered)} in {self.dice.getrandbits(24):06x}"

    def launch(self) -> None:
        """One more program, with a moment to die at."""
        kind = self.dice.choices(["tui", "generate", "follow", "wait"], [40, 25, 20, 15])[0]
        ends = time.time() + self.dice.choices([self.dice.uniform(0.3, 3), self.dice.uniform(2, 8)], [50, 50])[0]
        if kind == "tui":
            prompt = self.prompt() if self.dice.random() < 0.6 else None
            terminal = Terminal([*PROGRAM], self.place.environment(), cwd=self.place.folder)
            self.lives.append(Life(ends, terminal=terminal, prompt=prompt))
            return
        running = [job["job_id"] for job in self.place.jobs() if job["state"] == "running"]
        if kind == "wait" and running:
            words = ["wait", *running[:20]]
        else:
            prompt = self.prompt()
            self.entered.append(prompt)
            words = ["generate", prompt, *(["--wait"] if kind == "follow" else [])]
        self.lives.append(Life(ends, process=self.place.start(*words), stage=words[0]))

    def act(self, life: Life) -> None:
        """What somebody at a TUI does next, if the screen is there for it; never waits."""
        if life.terminal is None or life.prompt is None or life.stage == "sent" or life.has_ended:
            return
        text = life.terminal.text()
        if life.stage == "start" and (WRITE.search(text) or JOBS in text):
            life.terminal.press(*(["1"] if JOBS in text else []))
            life.stage = "write"
        elif life.stage == "write" and WRITE.search(text):
            life.terminal.press("end", "ctrl+u")  # a draft of an earlier life
            life.terminal.write(life.prompt)
            life.stage = "written"
        elif life.stage == "written" and life.prompt in text:
            self.entered.append(life.prompt)
            life.terminal.press("enter")
            life.stage = "sent"

    def shoot(self, total: Sum) -> int:
        """Kills those whose time has come, and buries those that have ended by themselves."""
        count = 0
        for life in list(self.lives):
            if life.has_ended:
                life.close()
                self.lives.remove(life)
            elif time.time() >= life.ends:
                self.killed[life.pid] = time.time()
                life.kill()
                life.close()
                self.lives.remove(life)
                total.killed["TUI" if life.terminal else life.stage] += 1
                total.at_once[len(self.lives)] += 1
                count += 1
        return count

    def settle(self) -> None:
        """A last TUI that nobody kills: all that was held is sent, all that runs is followed to its end."""
        still = ("held", "sending", "running")
        with Terminal([*PROGRAM], self.place.environment(), cwd=self.place.folder) as terminal:
            until(lambda: not [j for j in self.place.jobs() if j["state"] in still], 300, "the end of all jobs")
            pause(9.0)  # the studio notes a slow request when it is over
            terminal.press("ctrl+q")
            if (code := terminal.wait(60)) != 0:
                raise AssertionError(f"the last TUI ended with {code}")

    def judge(self, total: Sum) -> None:
        """Compares the store with the studio's log."""
        verdict = judge(self.place, self.studio, self.entered, self.killed, read_seconds=READ_SECONDS)
        total.fates.update(verdict.fates)
        total.breaches += verdict.breaches
        total.prompts += len(self.entered)
        for job_id, asked in self.studio.polls().items():
            total.polls += len(asked)
            total.soonest = min([total.soonest, *gaps(asked)])
            early = [gap for gap in gaps(asked) if gap < FLOOR]
            total.early += len(early)
            total.breaches += [f"{job_id} was asked again after {gap:.3f} s" for gap in early]


def torture(folder: Path, kills: int, total: Sum, *, seed: int, pace: float) -> None:
    """One part: so many kills on one store; adds what it saw to `total`."""
    dice = random.Random(seed)
    with ExitStack() as stack:
        part = Part(folder, stack, dice, pace)
        done, crew = 0, 3
        try:
            while done < kills:
                while len(part.lives) < crew:
                    part.launch()
                pause(0.03)
                for life in part.lives:
                    part.act(life)
                if shot := part.shoot(total):
                    done += shot
                    crew = dice.choice([2, 3, 4])
        finally:
            for life in part.lives:
                part.killed[life.pid] = time.time()
                life.kill()
                life.close()
        part.settle()
        part.judge(total)


def main() -> int:
    """Runs it and says what was seen; 1 when a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--parts", type=int, default=4, help="stores, one after the other (default: 4)")
    parser.add_argument("--pace", type=float, default=40.0, help="seconds that a job runs (default: 40)")
    parser.add_argument("--seed", type=int, default=None)
    args = parser.parse_args()
    seed = random.randrange(1 << 20) if args.seed is None else args.seed
    total = Sum()
    for number in range(args.parts):
        with tempfile.TemporaryDirectory(prefix="whisul-programs-") as name:
            share = args.kills * (number + 1) // args.parts - args.kills * number // args.parts
            torture(Path(name), share, total, seed=seed + number, pace=args.pace)
        print(f"seed {seed}, after part {number + 1} of {args.parts}:\n{total}", flush=True)
    return 1 if total.breaches else 0


if __name__ == "__main__":
    sys.exit(main())
