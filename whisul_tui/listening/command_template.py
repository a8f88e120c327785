"""The user's own commands for a link, as the settings `player` and `open_command` hold them."""

from __future__ import annotations

import shlex
from pathlib import PurePath

URL = "{url}"
_SHELL_AT_THE_FAR_END = frozenset({"ssh", "autossh"})


class TemplateError(ValueError):
    """A command of the settings that cannot be used; the message names the setting and the mend."""


def parse_command(text: str, setting: str) -> tuple[str, ...]:
    """The words of a command, split once as a shell would and never seen by one.

    `{url}` may stand for the link, as a whole word. Raises TemplateError naming `setting`.
    """
    try:
        words = tuple(shlex.split(text))
    except ValueError:
        raise TemplateError(f"The setting {setting} has a quotation mark without its partner: {text!r}") from None
    if not words or not words[0]:
        raise TemplateError(f'The setting {setting} is empty. Name a program, for example: {setting} = "mpv"')
    if any("\0" in word for word in words):
        raise TemplateError(f"The setting {setting} holds a NUL character.")
    if URL in words[0]:
        raise TemplateError(f"The setting {setting} must begin with a program; {URL} comes after it.")
    for word in words:
        if URL in word and word != URL:
            raise TemplateError(f"In the setting {setting}, {URL} must be a word of its own, not part of {word!r}.")
    return words


def fill_command(words: tuple[str, ...], url: str) -> list[str]:
    """The argument list: `{url}` replaced as a whole word, else the link appended.

    ssh and its kin join their words and hand them to a shell at the far end, so the link is quoted for that shell.
    """
    target = shlex.quote(url) if PurePath(words[0]).name in _SHELL_AT_THE_FAR_END else url
    if URL in words:
        return [target if word == URL else word for word in words]
    return [*words, target]
