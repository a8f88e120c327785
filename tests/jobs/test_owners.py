"""Living owners told from dead ones, with real processes."""

from __future__ import annotations

import ast
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from whisul_tui.jobs import owners
from whisul_tui.jobs.owners import FOREIGN_SECONDS, Owners, this_process
from whisul_tui.storage import Owner


@pytest.fixture
def other() -> Iterator[subprocess.Popen[str]]:
    """A process that tells its own owner and then waits."""
    code = "import sys; from whisul_tui.jobs.owners import this_process as me; o = me()\n"
    code += "print(repr((o.host, o.pid, o.started)), flush=True); sys.stdin.read()"
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root
    ) as process:
        yield process
        process.kill()


def owner_of(process: subprocess.Popen[str]) -> Owner:
    assert process.stdout is not None
    return Owner(*ast.literal_eval(process.stdout.readline()))


def test_this_process_is_alive() -> None:
    me = this_process()
    assert me == this_process()
    assert Owners(me).is_alive(me)


def test_a_process_is_alive_until_it_is_killed(other: subprocess.Popen[str]) -> None:
    """Also while it is stopped; as a zombie it is not."""
    owner, book = owner_of(other), Owners(this_process())
    assert book.is_alive(owner)
    other.send_signal(signal.SIGSTOP)
    assert book.is_alive(owner)
    other.kill()
    while other.poll() is None and book.is_alive(owner):
        pass
    assert not book.is_alive(owner)


def test_a_pid_used_again_is_another_process(other: subprocess.Popen[str]) -> None:
    owner = owner_of(other)
    assert not Owners(this_process()).is_alive(Owner(owner.host, owner.pid, owner.started - 5))


def test_before_a_reboot_and_on_another_host() -> None:
    """The same machine before it was started anew is dead; another host's is believed for two minutes."""
    now = [1000.0]
    me = Owner("desk#aaaa", 10, 5.0)
    book = Owners(me, lambda: now[0])
    assert not book.is_alive(Owner("desk#bbbb", 11, 5.0))
    far = Owner("laptop#cccc", 12, 5.0)
    assert book.is_alive(far)
    now[0] += FOREIGN_SECONDS - 1
    assert book.is_alive(far)
    now[0] += 1
    assert not book.is_alive(far)


def test_where_there_is_no_proc(other: subprocess.Popen[str]) -> None:
    """As on macOS: ps knows when a process started, and that one is gone."""
    owner = owner_of(other)
    started = owners._started_by_ps(owner.pid)
    assert started is not None
    assert started == owners._started_by_ps(owner.pid)
    other.kill()
    other.wait()
    assert owners._started_by_ps(owner.pid) is None
