"""Wrong versions of cleaning, pacing, outbox and file names: how many of them the tests notice.

    python -m tests.torture.mutants [--rooms clean,pacing,outbox,names] [--every N] [--show]

One place of a module is changed at a time (a comparison, a figure, a condition, a step left out ...), and the module's
own tests are run on it in a forked process. Ends with 1 where fewer than nine in ten are noticed.

mutmut and cosmic-ray were looked at first. mutmut rewrites the package into a copy of itself with a switch in every
function, which the import walls, the annotations and the tests of sources do not survive; cosmic-ray starts the test
command anew for each mutant, three seconds here of which one tenth is the tests. A fork of a warm process has neither
trouble, and these rules are small enough to be read.
"""

from __future__ import annotations

import argparse
import ast
import importlib.abc
import importlib.machinery
import importlib.util
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from tests.torture.wrong_sql import wrong_statements

ROOT = Path(__file__).parents[2]
SECONDS = 60.0  # a mutant that takes longer is noticed: it hangs
_JOBS, _STORAGE = "tests/jobs/test_", "tests/storage/test_"
# A room: its modules, each with its tests; what passes the first ones meets the second ones, which take longer.
ROOMS: dict[str, dict[str, tuple[tuple[str, ...], ...]]] = {
    "clean": {"whisul_tui.domain.clean": (("tests/domain/test_clean.py",),)},
    "pacing": {
        "whisul_tui.jobs.pacing": ((f"{_JOBS}pacing_edges.py",), (f"{_JOBS}pacing.py",), (f"{_JOBS}promises.py",)),
        "whisul_tui.jobs.gate_rules": (
            (f"{_JOBS}pacing_edges.py",),
            (f"{_JOBS}gate_rules.py",),
            (f"{_JOBS}promises.py",),
        ),
        "whisul_tui.jobs.rhythm": ((f"{_JOBS}pacing_edges.py",), (f"{_JOBS}monitor.py",)),
    },
    "outbox": {
        "whisul_tui.jobs.outbox": ((f"{_JOBS}outbox_steps.py",), (f"{_JOBS}outbox.py", f"{_JOBS}recovery.py")),
        "whisul_tui.jobs.outbox_commands": ((f"{_JOBS}outbox_commands.py",), (f"{_JOBS}engine.py",)),
        "whisul_tui.storage.entering": ((f"{_STORAGE}entering.py",), (f"{_STORAGE}steps.py",)),
        "whisul_tui.storage.arranging": ((f"{_STORAGE}arranging.py",), (f"{_STORAGE}steps.py",)),
    },
    "names": {"whisul_tui.listening.names": (("tests/listening/test_names.py",),)},
}
_COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
_COMPUTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Mod: ast.Mult, ast.FloorDiv: ast.Mult,
}  # fmt: skip
_CALLED = {"min": "max", "max": "min", "any": "all", "all": "any", "lstrip": "rstrip", "rstrip": "lstrip"}


@dataclass
class Verdict:
    """How many were made, and those that nobody noticed."""

    made: int = 0
    survived: list[str] = field(default_factory=list)

    @property
    def share(self) -> float:
        """Of those that were noticed."""
        return 1 - len(self.survived) / max(1, self.made)


Change = tuple[str, Callable[[], None]]


def mutants(source: str) -> Iterator[tuple[str, ast.Module]]:
    """Every wrong version: where and what, and its tree."""
    count = sum(len(_changes(node, parents)) for node, parents in _nodes(ast.parse(source)))
    for wanted in range(count):
        tree, at = ast.parse(source), 0
        for node, parents in _nodes(tree):
            changes = _changes(node, parents)
            if at <= wanted < at + len(changes):
                what, change = changes[wanted - at]
                change()
                yield f"line {getattr(node, 'lineno', 0)}: {what}", ast.fix_missing_locations(tree)
                break
            at += len(changes)


def _nodes(tree: ast.AST, parents: tuple[ast.AST, ...] = ()) -> Iterator[tuple[ast.AST, tuple[ast.AST, ...]]]:
    """All nodes that do something: no annotations, imports, docstrings, decorators, nor what is written to the log."""
    for name, value in ast.iter_fields(tree):
        if name in ("annotation", "returns", "decorator_list", "bases", "type_comment"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST) or isinstance(child, ast.Import | ast.ImportFrom):
                continue
            if isinstance(child, ast.Expr) and (isinstance(child.value, ast.Constant) or _is_log(child.value)):
                continue
            yield child, (*parents, tree)
            yield from _nodes(child, (*parents, tree))


def _is_log(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func).startswith("_log.")


def _changes(node: ast.AST, parents: tuple[ast.AST, ...]) -> list[Change]:
    """What can be changed at one node."""
    match node:
        case ast.Compare(ops=[op]) if type(op) in _COMPARED:
            return [
                (f"{ast.unparse(node)} with {_COMPARED[type(op)].__name__}", _put(node, ops=[_COMPARED[type(op)]()]))
            ]
        case ast.BinOp(op=op) if type(op) in _COMPUTED:
            return [(f"{ast.unparse(node)} with {_COMPUTED[type(op)].__name__}", _put(node, op=_COMPUTED[type(op)]()))]
        case ast.BoolOp(op=op):
            other = ast.Or() if isinstance(op, ast.And) else ast.And()
            return [(f"{ast.unparse(node)} with {type(other).__name__}", _put(node, op=other))]
        case ast.Constant(value=value) if not isinstance(value, bytes | type(None) | type(Ellipsis)):
            return [(_difference(value, other), _put(node, value=other)) for other in _other_values(value)]
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return [
                (f"{ast.unparse(node)} without not", _put(node, op=ast.Not(), operand=ast.UnaryOp(ast.Not(), operand)))
            ]
        case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test):
            never = ast.Constant(value=False)
            return [(f"if {ast.unparse(test)}: never", _put(node, test=never))]
        case ast.Call(func=ast.Name(id=name) as func) if name in _CALLED:
            return [(f"{_CALLED[name]} for {ast.unparse(node)}", _put(func, id=_CALLED[name]))]
        case ast.Call(func=ast.Attribute(attr=name) as method) if name in _CALLED:
            return [(f"{_CALLED[name]} for {ast.unparse(node)}", _put(method, attr=_CALLED[name]))]
        case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Constant):
            return [(f"return None for {ast.unparse(value)[:60]}", _put(node, value=ast.Constant(value=None)))]
        case ast.Expr() | ast.AugAssign() | ast.Raise():
            return [(f"without {ast.unparse(node)[:60]}", _left_out(node, parents[-1]))]
        case ast.Break() | ast.Continue():
            return [(f"without {ast.unparse(node)}", _left_out(node, parents[-1]))]
        case ast.Call(keywords=[_, *_]) if parents:
            return [
                (
                    f"{ast.unparse(node.func)} without {key.arg}",
                    _put(node, keywords=[k for k in node.keywords if k is not key]),
                )
                for key in node.keywords
                if key.arg
            ]
        case _:
            return []


def _other_values(value: object) -> list[object]:
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int | float):
        return [value + 1]
    return [*wrong_statements(value)] or [f"X{value}X"] if isinstance(value, str) else []


def _difference(value: object, other: object) -> str:
    """What is another; of a long text the place alone."""
    if not (isinstance(value, str) and isinstance(other, str)) or len(value) < 60:
        return f"{value!r} as {other!r}"
    same = next((at for at, (one, two) in enumerate(zip(value, other, strict=False)) if one != two), len(value))
    at, ends = max(0, same - 40), (same + 25, same + 25 + len(other) - len(value))
    return f"{value[at : ends[0]]!r} as {other[at : ends[1]]!r}"


def _put(node: ast.AST, **fields: Any) -> Callable[[], None]:
    def change() -> None:
        for name, value in fields.items():
            setattr(node, name, value)

    return change


def _left_out(node: ast.AST, parent: ast.AST) -> Callable[[], None]:
    def change() -> None:
        for name in ("body", "orelse", "finalbody"):
            block = getattr(parent, name, None)
            if isinstance(block, list) and node in block:
                block[block.index(node)] = ast.Pass()

    return change


class _Wrong(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports one module in its wrong version."""

    def __init__(self, module: str, path: Path, tree: ast.Module) -> None:
        self._module, self._path, self._code = module, path, compile(tree, str(path), "exec")

    def find_spec(self, name: str, *_: object) -> importlib.machinery.ModuleSpec | None:
        if name != self._module:
            return None
        return importlib.util.spec_from_file_location(name, self._path, loader=self)  # type: ignore[arg-type]

    def create_module(self, _spec: object) -> ModuleType | None:
        return None

    def get_code(self, _name: str) -> CodeType:
        return self._code

    def exec_module(self, module: ModuleType) -> None:
        exec(self._code, module.__dict__)


def passes(module: str, path: Path, tree: ast.Module, tests: Sequence[str]) -> bool:
    """Whether the tests find nothing wrong with it."""
    try:
        wrong = _Wrong(module, path, tree)
    except (SyntaxError, ValueError):
        return False
    pid = os.fork()
    if pid == 0:
        _run(wrong, tests)
    end = time.monotonic() + SECONDS
    while not (found := os.waitpid(pid, os.WNOHANG))[0]:
        if time.monotonic() > end:
            os.killpg(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            return False
        time.sleep(0.005)
    code = os.waitstatus_to_exitcode(found[1])
    if code == 5:
        raise RuntimeError(f"no tests in {tests}")
    return code == 0


def _run(wrong: _Wrong, tests: Sequence[str]) -> None:
    code = 1
    try:
        os.setsid()
        null = os.open(os.devnull, os.O_RDWR)
        for handle in (0, 1, 2):
            os.dup2(null, handle)
        sys.meta_path.insert(0, wrong)
        import pytest

        warm = "ignore::pytest.PytestAssertRewriteWarning"  # what was imported before keeps its own assertions
        code = int(pytest.main(["-x", "-q", "-n0", "-W", warm, "-p", "no:cacheprovider", *tests]))
    finally:
        os._exit(code)


def judge(module: str, tiers: Sequence[Sequence[str]], every: int = 1, *, show: bool = False) -> Verdict:
    """Every so-many-th wrong version of a module, against its tests; `show` prints those that were not noticed."""
    path = ROOT / (module.replace(".", "/") + ".py")
    source = path.read_text()
    if not all(passes(module, path, ast.parse(source), tests) for tests in tiers):
        raise RuntimeError(f"the right version of {module} does not pass")
    verdict = Verdict()
    for number, (where, tree) in enumerate(mutants(source)):
        if number % every:
            continue
        verdict.made += 1
        if all(passes(module, path, tree, tests) for tests in tiers):
            verdict.survived.append(f"{path.name}, {where}")
            if show:
                print(verdict.survived[-1], flush=True)
    return verdict


def _warm_up() -> None:
    """What all tests import and none of them changes: a fork has it already."""
    for name in (
        "pytest",
        "hypothesis",
        "hypothesis.strategies",
        "httpx",
        "pyte",
        "asyncio",
        "sqlite3",
        "platformdirs",
    ):
        importlib.import_module(name)


def main() -> int:
    """Runs it and says what was seen; 1 when a room notices too little."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--rooms", default=",".join(ROOMS))
    parser.add_argument("--every", type=int, default=1, help="only every N-th mutant")
    parser.add_argument("--show", action="store_true", help="tell those that were not noticed")
    args = parser.parse_args()
    os.chdir(ROOT)
    _warm_up()
    good = True
    for room in args.rooms.split(","):
        total = Verdict()
        for module, tiers in ROOMS[room].items():
            verdict = judge(module, tiers, args.every, show=args.show)
            total.made += verdict.made
            total.survived += verdict.survived
        print(f"{room}: {total.made} mutants, {len(total.survived)} not noticed, {total.share:.1%} noticed", flush=True)
        good = good and total.share >= 0.9
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
