"""Makes the pictures of the README from the tests' own stage: fixed jobs, a clock that stands, no network.

Run from the top of a checkout: python screenshots/make.py
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
PICTURES = {
    "jobs": ((120, 30), "jobs", ["j", "j", "j", "j", "j", "j"]),
    "write": ((80, 24), "write", [*"rain on a tin roof", "comma", *" felt piano"]),
    "listen": ((80, 24), "listen", []),
    "link-sheet": ((80, 24), "listen", ["v"]),
    "help": ((80, 40), "jobs", ["question_mark"]),
}


def main() -> None:
    """Makes every picture and says where it is."""
    with tempfile.TemporaryDirectory() as home:
        for variable in ("CONFIG", "DATA", "STATE", "CACHE"):
            os.environ[f"XDG_{variable}_HOME"] = f"{home}/{variable.lower()}"
        os.environ.update(HOME=home, TZ="UTC", XDG_RUNTIME_DIR=home, COLORTERM="truecolor", TERM="xterm-256color")
        os.environ.pop("NO_COLOR", None)
        for name in PICTURES:
            path = HERE / f"{name}.svg"
            path.write_text(asyncio.run(picture(name)), encoding="utf-8")
            print(path.relative_to(HERE.parent))


async def picture(name: str) -> str:
    """One picture as SVG, drawn with the reader's own monospace font."""
    from tests.support.stage import ALL_STATES, NOW, Status, stage

    size, first, keys = PICTURES[name]
    with tempfile.TemporaryDirectory() as data:
        os.environ["XDG_DATA_HOME"] = data
        with stage(ALL_STATES) as made:
            made.engine.current = Status("polling", None, NOW.timestamp() + 4)
            app = made.app(first, theme="whisul-dark", bell=False, toasts=False)
            async with app.run_test(size=size) as pilot:
                for key in keys:
                    await pilot.press("space" if key == " " else key)
                await pilot.pause()
                svg = app.export_screenshot(title="whisul-tui")
    return re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL).replace("Fira Code", "monospace")


if __name__ == "__main__":
    main()
