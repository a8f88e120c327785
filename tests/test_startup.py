"""What the first screen loads: even once it has answered a key, no HTTP, image, QR, tag or studio library."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HEAVY = {
    "httpx", "httpcore", "h11", "certifi", "PIL", "numpy", "segno", "starlette", "uvicorn", "mutagen", "lameenc",
    "markdown_it", "tree_sitter", "textual.widgets._markdown", "whisul_tui.studio.engine", "whisul_tui.studio.server",
    "whisul_tui.api.client", "whisul_tui.listening.qr", "whisul_tui.listening.downloads", "tomli_w", "webbrowser",
    "importlib.metadata", "keyring", "textual_image", "markdown", "click", "logging.handlers", "tomllib",
}  # fmt: skip
SHOW = """
import asyncio, json, ssl, sys
made = []
create = ssl.SSLContext.__new__
ssl.SSLContext.__new__ = lambda cls, *a, **k: made.append(1) or create(cls, *a, **k)
before = set(sys.modules)
from contextlib import ExitStack
from whisul_tui.app import WhisulApp
from whisul_tui.paths import find_paths
from whisul_tui.session import open_session
from whisul_tui.settings import load_settings

async def show():
    with ExitStack() as stack:
        paths = find_paths()
        settings = load_settings(paths)
        session = stack.enter_context(open_session(paths, settings)) if settings.is_set_up else None
        app = WhisulApp(paths, settings, session)
        stack.callback(app.close)
        async with app.run_test() as pilot:
            await pilot.pause()
            await pilot.press("down")
            loaded = sorted(name for name, module in sys.modules.items() if module and name not in before)
            found = {"mode": app.current_mode, "modules": loaded, "ssl": len(made)}
            print(json.dumps(found))

asyncio.run(show())
"""


@pytest.mark.parametrize(("key", "mode"), [("wh_0123456789abcdef", "write"), ("", "setup")])
def test_the_first_screen_loads_nothing_heavy(key: str, mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WHISUL_API_KEY", key)
    done = subprocess.run(
        [sys.executable, "-c", SHOW], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    shown = json.loads(done.stdout)
    loaded = {
        name for name in shown["modules"] if any(name == heavy or name.startswith(f"{heavy}.") for heavy in HEAVY)
    }
    assert shown["mode"] == mode
    assert loaded == set()
    assert shown["ssl"] == 0  # reading the certificates costs some 30 ms


def test_screens_that_are_not_shown_are_not_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WHISUL_API_KEY", "wh_0123456789abcdef")
    done = subprocess.run(
        [sys.executable, "-c", SHOW], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    screens = {name for name in json.loads(done.stdout)["modules"] if name.startswith("whisul_tui.screens.")}
    assert (
        not {f"whisul_tui.screens.{name}" for name in ("jobs", "listen", "setup", "help", "history", "link_sheet")}
        & screens
    )
