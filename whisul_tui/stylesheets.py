"""Finding the sheets: inside the package once it is installed, beside it in a checkout.

The app reads what all screens share; a screen names its own sheets in `CSS_PATH`, read when it is first shown. So their
order is that of the user's way: each rule of a screen's sheet names something that no other screen's sheet names.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path, PurePath


@cache
def styles_dir() -> Path:
    """The folder of the sheets, absolute; raises FileNotFoundError with a sentence where there is none."""
    package = Path(__file__).resolve().parent
    for folder in (package / "styles", package.parent / "styles"):
        if (folder / "app.tcss").is_file():
            return folder
    raise FileNotFoundError(f"The style sheets are missing beside {package}: the installation is not whole.")


def sheets(*names: str) -> list[str | PurePath]:
    """Absolute paths of these sheets."""
    return [styles_dir() / f"{name}.tcss" for name in names]
