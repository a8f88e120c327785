"""Templates of prompts: a file each in the config directory, read whole, cleaned, and a sentence for what is none."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from whisul_tui.domain.clean import clean_line, clean_text
from whisul_tui.domain.prompt import PROMPT_LIMIT
from whisul_tui.paths import write_private

_NAME = re.compile(r"[\w][\w .-]{0,59}\Z")
_MOST_FILES, _MOST_BYTES = 500, 65_536


class TemplateError(Exception):
    """Why a file is no template, or none can be kept under that name."""


@dataclass(frozen=True, slots=True)
class Template:
    """A text with slots, and what its file says about it."""

    name: str
    text: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class TemplateFiles:
    """The templates of a folder by name, and sentences on the files that are none."""

    templates: tuple[Template, ...] = ()
    problems: tuple[str, ...] = ()


def read_templates(folder: Path) -> TemplateFiles:
    """Every `NAME.txt` (the template itself) and `NAME.toml` (`template`, `about`); no folder has none."""
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix in (".txt", ".toml"))
    except OSError:
        return TemplateFiles()
    templates: list[Template] = []
    problems: list[str] = []
    if len(paths) > _MOST_FILES:
        problems.append(f"There are {len(paths):,} files; the first {_MOST_FILES} are shown.")
    for path in paths[:_MOST_FILES]:
        try:
            templates.append(_template(path))
        except TemplateError as error:
            problems.append(f"{clean_line(path.name, 60)}: {error}")
    return TemplateFiles(tuple(templates), tuple(problems))


def keep_template(folder: Path, name: str, text: str) -> Path:
    """Writes a new template; raises TemplateError with the reason why not."""
    name = clean_line(name, 80).strip()
    if not _NAME.match(name):
        raise TemplateError("A name has letters, figures, blanks, dots and dashes, and at most 60 of them.")
    if not text.strip():
        raise TemplateError("The editor is empty: there is nothing to keep.")
    path = folder / f"{name}.txt"
    if path.exists() or path.with_suffix(".toml").exists():
        raise TemplateError(f"There is a template {name!r} already.")
    try:
        write_private(path, text.strip() + "\n")
    except OSError as error:
        raise TemplateError(f"{path} cannot be written: {error.strerror}.") from error
    return path


def _template(path: Path) -> Template:
    content = _content(path)
    about = ""
    if path.suffix == ".toml":
        try:
            values = tomllib.loads(content)
        except tomllib.TOMLDecodeError as error:
            raise TemplateError(f"it is no TOML: {clean_line(str(error), 120)}.") from None
        wrong = sorted(set(values) - {"template", "about"})
        if wrong or not all(isinstance(value, str) for value in values.values()) or "template" not in values:
            found = f"found {clean_line(', '.join(wrong), 60)}; " if wrong else ""
            raise TemplateError(f"{found}allowed are template and about, both texts.")
        content, about = values["template"], clean_line(values.get("about", ""), 120)
    if len(content) > PROMPT_LIMIT:
        raise TemplateError(f"it has {len(content):,} characters; at most {PROMPT_LIMIT:,} can be sent.")
    text = clean_text(content, PROMPT_LIMIT).strip()
    if not text:
        raise TemplateError("it is empty.")
    return Template(clean_line(path.stem, 60), text, about)


def _content(path: Path) -> str:
    try:
        if not path.is_file():
            raise TemplateError("it is no file.")
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise TemplateError(f"it cannot be read: {error.strerror}.") from None
    if len(content) > _MOST_BYTES:
        raise TemplateError("it is larger than 64 KB.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise TemplateError("it is not UTF-8 text.") from None
