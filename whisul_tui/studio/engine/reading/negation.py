"""What a prompt says not to play: `no drums`, `without any bass or pads`, `drumless`."""

from __future__ import annotations

import re

from whisul_tui.studio.engine.reading.vocabulary import INSTRUMENTS

_NEGATION = re.compile(
    r"(?<!\w)(?:no|not|without|minus|avoid|exclude|excluding|skip|don't want|do not want|don't use|do not use|never any"
    r"|never|sans|sin|ohne|sem|kein|keine|aucun|aucune|senza|free of|lacking|omit|zero|leave out|remove)(?!\w)"
)
_FILLER = re.compile(
    r" ?(?:any|the|a|an|use|of|have|include|put|single|kind of|real|live|other|in it"
    r"|de|le|la|les|el|los|las|die|das|der)(?!\w)"
)
_JOINT = re.compile(r" ?(?:,|/|&|\+)? ?(?:and|or|nor|ni|und|oder|et|ou|y|o|e|no|without)?(?!\w) ?")
_WIDE = re.compile(r"(?:没有|沒有|不要|无|無|不含)([^，。,.！!；;]{1,12})|([^、。，,.！!\s]{1,8}?)(?:なし|無し|抜き)")
_OFF = re.compile(r"(?<!\w)(\w+)(?: off|[ -]free)(?!\w)")
_LESS = {"drumless": "drums", "beatless": "drums", "bassless": "bass", "unaccompanied": "drums", "a cappella": "drums"}


def read_bans(text: str) -> tuple[frozenset[str], str]:
    """The families the prompt does not want, and the text without the words that said so.

    A negation reaches over a list of instruments (`no drums, bass or pads`) and ends at the first word that is none.
    """
    banned: set[str] = set()
    rest: list[str] = []
    done = 0
    for match in _NEGATION.finditer(text):
        if match.start() < done:
            continue
        families, end = _list_after(text, match.end())
        if families:
            banned |= families
            rest.append(text[done : match.start()])
            done = end
    remaining = "".join(rest) + text[done:]
    for match in _WIDE.finditer(remaining):
        found = {meaning.partition("/")[0] for meaning in INSTRUMENTS.meanings(match[1] or match[2])}
        if found:
            banned |= found
            remaining = remaining.replace(match[0], " ")
    for match in _OFF.finditer(remaining):
        found = {meaning.partition("/")[0] for meaning in INSTRUMENTS.meanings(match[1])}
        banned |= found
        remaining = remaining.replace(match[0], " ") if found else remaining
    for word, family in _LESS.items():
        if re.search(rf"\b{word}\b", remaining):
            banned.add(family)
    return frozenset(banned), remaining


def _list_after(text: str, at: int) -> tuple[set[str], int]:
    families: set[str] = set()
    end = at
    while True:
        filler = _FILLER.match(text, end)
        while filler and filler.end() > end:
            end = filler.end()
            filler = _FILLER.match(text, end)
        while end < len(text) and text[end] == " ":
            end += 1
        word = next(((stop, said) for start, stop, said in INSTRUMENTS.find(text[end : end + 40]) if start == 0), None)
        if word is None:
            return families, end
        end += word[0]
        families.add(word[1].partition("/")[0])
        joint = _JOINT.match(text, end)
        if joint is None or joint.end() == end:
            return families, end
        end = joint.end()
