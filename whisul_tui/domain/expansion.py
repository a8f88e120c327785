"""One text, several prompts: `{lofi|jazz} beat, {rain|no rain}` is four of them, the first group changing slowest.

    text   = { letter | escape | group }
    group  = "{" text { "|" text } "}"        an alternative may be empty, and may have groups of its own
    escape = "\\{" | "\\|" | "\\}" | "\\\\"         the sign itself; before any other letter \\ is a letter

Braces without a | in them are text and stay: they choose nothing. So does a | outside of all braces.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from whisul_tui.domain.prompt import PROMPT_LIMIT, PromptError, check_prompt

MOST_SONGS = 200
_SIGNS = "{|}"
_TOO_MANY_TO_COUNT = 1_000_000


class ExpansionError(PromptError):
    """A text that says no prompts; `place` is the character that is wrong, counted from 0, where one is."""

    def __init__(self, sentence: str, place: int | None = None) -> None:
        super().__init__(sentence)
        self.place = place


@dataclass(slots=True)
class _Group:
    """What was read of a group, or of the whole text: complete alternatives, and the beginnings of the last one.

    `several` beginnings make as many texts; `count` is theirs, told too where they are too many to be made.
    """

    place: int = -1
    done: list[str] = field(default_factory=list)
    done_count: int = 0
    bars: int = 0
    several: list[str] = field(default_factory=lambda: [""])
    count: int = 1

    def add(self, texts: list[str], count: int) -> None:
        """Each beginning goes on with each of these."""
        self.count = min(self.count * count, _TOO_MANY_TO_COUNT)
        if self.count <= MOST_SONGS:
            self.several = [begun + text for begun in self.several for text in texts]

    def end_alternative(self) -> None:
        self.done_count = min(self.done_count + self.count, _TOO_MANY_TO_COUNT)
        if self.done_count <= MOST_SONGS:
            self.done += self.several
        self.several, self.count = [""], 1


def expand(text: str) -> tuple[str, ...]:
    """The distinct prompts of a text, in order, each checked as it would be sent.

    Raises PromptError, as ExpansionError where the braces are wrong or ask for more than `MOST_SONGS` songs.
    """
    if not any(sign in text for sign in "{}\\"):
        return (check_prompt(text),)
    if len(text) > PROMPT_LIMIT * MOST_SONGS:
        raise ExpansionError("The text is too long for any number of songs. Shorten it.")
    whole = _read(text)
    if whole.count > MOST_SONGS:
        many = f"{whole.count:,}" if whole.count < _TOO_MANY_TO_COUNT else "a million songs or more"
        raise ExpansionError(f"These braces make {many}{' songs' * (whole.count < _TOO_MANY_TO_COUNT)}; at most "
                             f"{MOST_SONGS} are sent at once. Take some alternatives out.")  # fmt: skip
    prompts: dict[str, None] = {}
    for number, prompt in enumerate(whole.several, 1):
        try:
            prompts[check_prompt(prompt)] = None
        except PromptError as error:
            if whole.count == 1:
                raise
            raise ExpansionError(f"Song {number} of {whole.count}: {error}") from None
    return tuple(prompts)


def literal(prompt: str) -> str:
    """The text that expands to this very prompt: itself where it has no braces that choose, else with escapes."""
    try:
        if expand(prompt) == (prompt,):
            return prompt
    except PromptError:
        pass
    return escaped(prompt)


def joined(prompts: tuple[str, ...] | list[str]) -> str:
    """The text that expands to these prompts."""
    if len(prompts) == 1:
        return literal(prompts[0])
    return "{" + "|".join(map(escaped, prompts)) + "}"


def escaped(prompt: str) -> str:
    """The prompt with every sign that could mean something else taken for itself."""
    return "".join(f"\\{letter}" if letter in "{|}\\" else letter for letter in prompt)


def _read(text: str) -> _Group:
    groups = [_Group()]
    letters: list[str] = []  # read since the last sign
    at = 0

    def take_letters() -> None:
        if letters:
            groups[-1].add(["".join(letters)], 1)
            letters.clear()

    while at < len(text):
        sign = text[at]
        if sign == "\\" and text[at + 1 : at + 2] and text[at + 1] in "{|}\\":
            letters.append(text[at + 1])
            at += 2
            continue
        if sign not in _SIGNS or (sign == "|" and len(groups) == 1):
            letters.append(sign)
        else:
            take_letters()
            if sign == "{":
                groups.append(_Group(at))
            elif sign == "|":
                groups[-1].bars += 1
                groups[-1].end_alternative()
            elif len(groups) == 1:
                raise ExpansionError(f"{_where(text, at)}: this }} closes nothing. For the sign itself write \\}}", at)
            else:
                _close(groups)
        at += 1
    take_letters()
    if len(groups) > 1:
        place = groups[-1].place
        raise ExpansionError(f"{_where(text, place)}: this {{ is never closed. For the sign itself write \\{{", place)
    return groups[0]


def _close(groups: list[_Group]) -> None:
    group = groups.pop()
    group.end_alternative()
    if group.bars:
        groups[-1].add(group.done, group.done_count)
    else:  # nothing to choose from: braces of the text
        groups[-1].add(["{" + text + "}" for text in group.done], group.done_count)


def _where(text: str, place: int) -> str:
    line = text.count("\n", 0, place) + 1
    column = place - (text.rfind("\n", 0, place) + 1) + 1
    return f"Line {line}, character {column}" if "\n" in text else f"Character {column}"
