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


# Each rule at its edges -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("char", "becomes"),
    [
        ("/", "a-b"), ("\\", "a-b"), ("|", "a-b"), (":", "a-b"), ('"', "a'b"), ("<", "ab"), (">", "ab"), ("?", "ab"),
        ("*", "ab"), ("\n", "a b"), ("\t", "a b"), ("  ", "a b"), ("\x00", "ab"), ("+", "a+b"), ("é", "aéb"),
    ],
)  # fmt: skip
def test_a_character_that_some_file_system_refuses(char: str, becomes: str) -> None:
    assert safe_stem(f"a{char}b") == becomes


@pytest.mark.parametrize(
    ("text", "stem"),
    [("-.~ a. -", "a. -"), ("--a", "a"), ("~a", "a"), ("..a..", "a"), (" a . ", "a"), ("", "song"), ("...", "song"),
     ("x~-", "x~-"), ("COM1", "_COM1"), ("com1.x", "_com1.x"), ("com10", "com10"), ("nul ", "_nul"), ("null", "null")],
)  # fmt: skip
def test_no_name_hides_or_is_an_option(text: str, stem: str) -> None:
    assert safe_stem(text) == stem


def test_a_stem_has_135_bytes() -> None:
    assert len(safe_stem("x" * 500)) == 150 - len(" (99) (99).webp") == 135
    assert safe_stem("x" * 135) == "x" * 135
    assert len(safe_stem("é" * 500).encode()) == 134  # no half letter
    assert len(safe_stem("con " + "x" * 500)) == 135


def test_the_longest_field_gives_way_and_by_no_more_than_it_must() -> None:
    long = job("t" * 400, job_id="0123456789abcdef")
    name = safe_name("{title} [{short_id}]", long)
    assert name == "t" * (135 - len(" [01234567]")) + " [01234567]"
    assert safe_name("{title}", job("t" * 135)) == "t" * 135
    assert safe_name("{title}", job("t" * 136)) == "t" * 135
    both = safe_name("{title} {prompt}", job("t" * 100, prompt="p" * 120))
    assert both == "t" * 100 + " " + "p" * 34


def test_a_field_that_is_cut_to_nothing_is_a_dash() -> None:
    fixed = "x" * 140
    assert safe_name(fixed + "{title}", job("ab")) == "x" * 135
    assert safe_name("x" * 134 + "{title}", job("ab")) == "x" * 134 + "a"
    assert safe_name("x" * 132 + "{title}{bpm}", job("..~a", bpm=84)) == "x" * 132 + "a84"


@pytest.mark.parametrize(
    ("template", "name"),
    [
        ("{job_id}", "0123456789abcdef"), ("{number}", "7"), ("{date}", "2026-01-02"), ("{length}", "3m03s"),
        ("{tags}", "lofi, calm"), ("{prompt}", "late night lofi, soft rain"), ("{bpm}", "84"),
        ("{short_id}", "01234567"),
    ],
)  # fmt: skip
def test_every_field(template: str, name: str) -> None:
    assert safe_name(template, job()) == name


@pytest.mark.parametrize(("seconds", "length"), [(60.0, "1m00s"), (59.9, "0m59s"), (62.9, "1m02s"), (3600.0, "60m00s")])
def test_a_length(seconds: float, length: str) -> None:
    assert safe_name("{length}", job(seconds=seconds)) == length


def test_what_is_missing_leaves_nothing_behind() -> None:
    bare = job(bpm=None, seconds=None, tags=(), job_id=None)
    assert safe_name("{title} [{job_id}]", bare) == "Night Rain"
    assert safe_name("{title} - {bpm} bpm - {length}", bare) == "Night Rain"
    assert safe_name("{bpm} - {title} - {tags}", bare) == "Night Rain"
    assert safe_name("{title} ({bpm} bpm, {date})", bare) == "Night Rain (2026-01-02)"
    assert safe_name("{bpm}{length}{tags}{job_id}", bare) == "song"
    assert safe_name("{title} {bpm}x b", bare) == "Night Rain b"


@pytest.mark.parametrize(
    ("template", "sentence"),
    [
        ("{title", "The name template '{title' has a brace without its partner."),
        (
            "{tittle}",
            "The name template '{tittle}' has an unknown field; allowed are {title}, {bpm}, {length}, {tags}, {date}, "
            "{prompt}, {short_id}, {job_id}, {number}.",
        ),
        ("{{a}}", "The name template '{{a}}' has doubled braces; write a field as {title}."),
        ("a}}", "The name template 'a}}' has doubled braces; write a field as {title}."),
        ("{{a", "The name template '{{a' has doubled braces; write a field as {title}."),
    ],
)
def test_what_is_wrong_with_a_template_is_said(template: str, sentence: str) -> None:
    with pytest.raises(NameTemplateError) as caught:
        check_template(template)
    assert str(caught.value) == sentence
