"""Finding the sheets: inside the package once it is installed, beside it in a checkout."""

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


def all_sheets() -> list[str | PurePath]:
    """Every sheet, the variables first, as absolute paths."""
    folder = styles_dir()
    rest = sorted(path for path in folder.rglob("*.tcss") if path.name != "app.tcss")
    return [folder / "app.tcss", *rest]
