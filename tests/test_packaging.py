"""What is installed is whole: sheets, licence and entry point are in wheel and sdist, built in process."""

from __future__ import annotations

import tarfile
import zipfile
from configparser import ConfigParser
from pathlib import Path

import pytest
from hatchling.builders.sdist import SdistBuilder
from hatchling.builders.wheel import WheelBuilder

from whisul_tui import __version__
from whisul_tui.stylesheets import sheets

ROOT = Path(__file__).parents[1]
SHEETS = {path.name: path.read_bytes() for path in (ROOT / "styles").glob("*.tcss")}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with both; the wheel is made from the sdist, as an index's users get it."""
    folder = tmp_path_factory.mktemp("dist")
    (source,) = SdistBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])
    with tarfile.open(source) as archive:
        archive.extractall(folder / "source", filter="data")
    (unpacked,) = (folder / "source").iterdir()
    list(WheelBuilder(str(unpacked)).build(directory=str(folder), versions=["standard"]))
    return folder


def test_the_wheel_has_every_sheet_where_the_program_looks(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        found = {
            name.removeprefix("whisul_tui/styles/"): archive.read(name)
            for name in archive.namelist()
            if name.startswith("whisul_tui/styles/")
        }
    assert found == SHEETS
    assert len(SHEETS) >= 3


def test_the_wheel_has_all_modules_and_nothing_else(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    modules = {str(path.relative_to(ROOT)) for path in (ROOT / "whisul_tui").rglob("*.py")}
    assert modules <= names
    assert {name.split("/")[0] for name in names} == {"whisul_tui", f"whisul_tui-{__version__}.dist-info"}


def test_the_wheel_has_command_and_licence(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        entries = ConfigParser()
        entries.read_string(archive.read(f"whisul_tui-{__version__}.dist-info/entry_points.txt").decode())
        assert entries["console_scripts"]["whisul-tui"] == "whisul_tui.__main__:main"
        assert f"whisul_tui-{__version__}.dist-info/licenses/LICENSE" in archive.namelist()


def test_the_sdist_has_sheets_tests_and_changes(built: Path) -> None:
    (source,) = built.glob("*.tar.gz")
    with tarfile.open(source) as archive:
        names = {name.split("/", 1)[-1] for name in archive.getnames()}
    assert {f"styles/{name}" for name in SHEETS} <= names
    assert {"README.md", "CHANGELOG.md", "LICENSE", "tests/conftest.py", "pyproject.toml"} <= names


def test_in_a_checkout_the_sheets_beside_the_package_are_taken() -> None:
    assert [Path(sheet) for sheet in sheets("app", "jobs")] == [
        ROOT / "styles" / "app.tcss",
        ROOT / "styles" / "jobs.tcss",
    ]


def test_every_sheet_can_be_parsed_and_says_what_it_is_for() -> None:
    for name, content in SHEETS.items():
        assert content.startswith(b"/* "), name
