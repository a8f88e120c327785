"""Files of templates: read, cleaned, kept, and told where they are none."""

from __future__ import annotations

from pathlib import Path

import pytest

from whisul_tui.template_files import Template, TemplateError, keep_template, read_templates


def test_text_and_toml_are_read(tmp_path: Path) -> None:
    (tmp_path / "rain.txt").write_text("{{mood}} rain\x1b[31m, 80 bpm\n", encoding="utf-8")
    (tmp_path / "set.toml").write_text('template = "set {{n:1}}"\nabout = "for the set"\n', encoding="utf-8")
    (tmp_path / "notes.md").write_text("nothing of it", encoding="utf-8")
    found = read_templates(tmp_path)
    assert [(one.name, one.about) for one in found.templates] == [("rain", ""), ("set", "for the set")]
    assert "\x1b" not in found.templates[0].text
    assert found.templates[1].text == "set {{n:1}}"
    assert found.problems == ()
    assert read_templates(tmp_path / "none").templates == ()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.txt", b"  \n", "it is empty"),
        ("a.txt", b"\xff\xfe", "not UTF-8"),
        ("a.txt", b"x" * 70_000, "larger than 64 KB"),
        ("a.txt", b"x" * 10_001, "at most 10,000 can be sent"),
        ("a.toml", b"template = ", "it is no TOML"),
        ("a.toml", b'about = "x"', "allowed are template and about"),
        ("a.toml", b'template = "x"\nmood = "y"', "found mood"),
        ("a.toml", b"template = 3", "both texts"),
    ],
)
def test_a_file_that_is_none_is_told_by_its_name(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    (tmp_path / name).write_bytes(content)
    found = read_templates(tmp_path)
    assert found.templates == ()
    assert len(found.problems) == 1
    assert found.problems[0].startswith(f"{name}: ")
    assert words in found.problems[0]


def test_a_folder_of_that_name_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "a.txt").mkdir()
    assert read_templates(tmp_path).problems == ("a.txt: it is no file.",)


def test_a_text_is_kept_once(tmp_path: Path) -> None:
    folder = tmp_path / "templates"
    assert keep_template(folder, " rain 2 ", "soft {{mood}}\n").name == "rain 2.txt"
    assert read_templates(folder).templates == (Template("rain 2", "soft {{mood}}"),)
    for name, text, words in (
        ("rain 2", "other", "already"),
        ("../rain", "other", "A name has"),
        ("", "other", "A name has"),
        ("new", " ", "The editor is empty"),
    ):
        with pytest.raises(TemplateError, match=words):
            keep_template(folder, name, text)
    assert len(read_templates(folder).templates) == 1
