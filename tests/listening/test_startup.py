from __future__ import annotations

import subprocess
import sys


def test_the_first_screen_needs_no_library_of_this_room() -> None:
    rooms = (
        "links qr command_template players playing open_command facts rungs clipboard names progress download_errors"
    )
    code = "; ".join(f"import whisul_tui.listening.{room}" for room in rooms.split())
    heavy = "{'httpx', 'httpcore', 'ssl', 'segno', 'PIL', 'textual', 'rich', 'asyncio'}"
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; {code}; print(sorted({heavy} & set(sys.modules)))"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"
