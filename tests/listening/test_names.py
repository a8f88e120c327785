from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.listening.songs import job
from whisul_tui.listening.names import (
    DEFAULT_TEMPLATE,
    NAME_BYTES,
    NameTemplateError,
    check_template,
    safe_name,
    safe_stem,
)

TEMPLATES = [
    DEFAULT_TEMPLATE,
    "{title}",
    "{bpm} - {title}",
    "{date} {title} ({bpm} bpm, {length}) {tags}",
    "{prompt}",
    "x",
]
ROOM_FOR_ENDING = len(" (99) (99).webp")
NASTY = st.text(
    alphabet=st.one_of(
        st.characters(),
        st.sampled_from('/\\.:*?"<>|-~ \t\n\0\x1b\x9b\u202e\u200b\ufeff\u0301日🎵é'),
    ),
    max_size=300,
)


@pytest.mark.parametrize(
    ("template", "title", "bpm", "name"),
    [
        (DEFAULT_TEMPLATE, "Night Rain", 84.0, "Night Rain - 84 bpm [01234567]"),
        (DEFAULT_TEMPLATE, "Night Rain", 84.5, "Night Rain - 84.5 bpm [01234567]"),
        (DEFAULT_TEMPLATE, "Night Rain", None, "Night Rain [01234567]"),
        (DEFAULT_TEMPLATE, None, 84.0, "late night lofi, soft rain - 84 bpm [01234567]"),
        (DEFAULT_TEMPLATE, "...", None, "[01234567]"),
        ("{bpm} - {title}", "Night Rain", None, "Night Rain"),
        ("{title} - {bpm}", "Night Rain", None, "Night Rain"),
        ("{title} {bpm}bpm", "Night Rain", None, "Night Rain"),
        ("{title} {bpm} bpm", "Night Rain", None, "Night Rain"),
        ("{title} ({bpm} bpm, {length})", "Night Rain", None, "Night Rain (3m03s)"),
        ("{title} ({length}, {bpm} bpm)", "Night Rain", None, "Night Rain (3m03s)"),
        ("{number} {date} {tags}", "Night Rain", None, "7 2026-01-02 lofi, calm"),
        ("{title}", "AC/DC: Live?", None, "AC-DC- Live"),
        ("{title}", "../../etc/passwd", None, "etc-passwd"),
        ("{title}", "-rf ~", None, "rf ~"),
        ("{title}", ".hidden. ", None, "hidden"),
        ("{title}", "CON", None, "_CON"),
        ("{title}", "com1.live", None, "_com1.live"),
        ("{title}", "Console", None, "Console"),
        ("{title}", "a\x1b[31m\u202eb\nc", None, "a[31mb c"),
        ("{title}", "日本の夜", None, "日本の夜"),
        ("{title}", "\u0000\u0007", None, "song"),
    ],
)
def test_a_name_is_readable_and_safe(template: str, title: str | None, bpm: float | None, name: str) -> None:
    assert safe_name(template, job(title, bpm)) == name


def test_a_long_title_is_cut_and_the_id_stays() -> None:
    name = safe_name(DEFAULT_TEMPLATE, job("日本の夜" * 50))
    assert name.endswith("- 84 bpm [01234567]")
    assert NAME_BYTES - ROOM_FOR_ENDING - 3 < len(name.encode()) <= NAME_BYTES - ROOM_FOR_ENDING


@given(st.sampled_from(TEMPLATES), NASTY, st.none() | st.floats(1, 999), NASTY)
def test_every_name_is_one_safe_part_of_a_path(template: str, title: str, bpm: float | None, prompt: str) -> None:
    check(safe_name(template, job(title, bpm, prompt=prompt, job_id=None)))


@given(NASTY)
def test_every_text_becomes_a_safe_stem_and_stays_it(text: str) -> None:
    stem = safe_stem(text)
    check(stem)
    assert safe_stem(stem) == stem


def check(name: str) -> None:
    folder = Path("/music/songs")
    for file in (f"{name}.mp3", f"{name} (99) (99).webp"):
        assert (folder / file).resolve() == folder / file
        assert (folder / file).parent == folder
        assert len(file.encode()) <= NAME_BYTES
    assert name
    assert name[0] not in "-.~ "
    assert name[-1] not in ". "
    assert not set(name) & set('<>:"/\\|?*')
    assert all(unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp") for char in name)
    first = name.split(".")[0].strip().lower()
    assert first not in {"con", "prn", "aux", "nul", "com1", "lpt9", "com²", "conin$"}


@pytest.mark.parametrize(
    "template",
    [
        "{titel}",
        "{title.__class__}",
        "{title!r}",
        "{title:>999999999}",
        "{0}",
        "{}",
        "{title",
        "}",
        "{{title}}",
        "{title[0]}",
    ],
)
def test_a_wrong_template_is_refused_with_what_is_allowed(template: str) -> None:
    with pytest.raises(NameTemplateError, match=r"name template"):
        check_template(template)
