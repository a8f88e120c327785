"""Templates in the editor: found by some letters, filled with tab, kept, and never sent half filled."""

from __future__ import annotations

from pathlib import Path

from tests.support.acting import Acting, acting


def folder(shown: Acting) -> Path:
    """The folder of templates, with two in it."""
    found = shown.stage.session.paths.config_file.parent / "templates"
    found.mkdir(parents=True)
    (found / "rainy.txt").write_text("{{mood}} lofi,\n{{what:soft rain}}, {{bpm:80}} bpm", encoding="utf-8")
    (found / "shanty.txt").write_text("sea shanty, {{who}}", encoding="utf-8")
    return found


async def test_a_template_is_taken_filled_and_sent() -> None:
    async with acting() as shown:
        folder(shown)
        await shown.type("a draft")
        await shown.press("ctrl+t")
        assert "rainy" in shown.text()
        await shown.type("rny")
        assert "shanty" not in shown.text()
        await shown.press("enter")
        assert shown.editor.selected_text == "{{mood}}"
        await shown.type("calm")
        await shown.press("tab")
        assert shown.editor.selected_text == "{{what:soft rain}}"
        await shown.press("tab")
        assert shown.editor.selected_text == "{{bpm:80}}"
        await shown.type("92")
        await shown.press("enter")
        assert shown.called("submit") == [("calm lofi,\nsoft rain, 92 bpm", None)]
        await shown.press("up")
        assert shown.editor.text in ("a draft", "calm lofi,\nsoft rain, 92 bpm")


async def test_an_empty_slot_keeps_it_here() -> None:
    async with acting() as shown:
        folder(shown)
        await shown.press("ctrl+t")
        await shown.type("shanty")
        await shown.press("enter", "enter")
        assert not shown.called("submit")
        assert "The slot {{who}} is empty" in shown.text()
        assert shown.editor.cursor_location == (0, 12)
        await shown.press("tab")
        await shown.type("male choir")
        await shown.press("enter")
        assert shown.called("submit") == [("sea shanty, male choir", None)]


async def test_without_slots_tab_leaves_the_editor() -> None:
    async with acting(jobs=[{"prompt": "polka"}]) as shown:
        await shown.type("no slots")
        await shown.press("tab")
        assert shown.app.focused is not shown.editor


async def test_the_editors_text_is_kept_as_a_template() -> None:
    async with acting() as shown:
        await shown.paste("{{mood}} waltz")
        await shown.press("ctrl+t")
        assert "No template yet" in shown.text()
        await shown.press("ctrl+n")
        assert "Type a name" in shown.text()
        await shown.type("waltz")
        await shown.press("ctrl+n")
        assert "Kept as waltz.txt." in shown.text()
        assert "{{mood}} waltz" in shown.lines()[12]
        await shown.press("ctrl+n")
        assert "already" in shown.text()
        await shown.press("escape")
        assert shown.editor.text == "{{mood}} waltz"
        file = shown.stage.session.paths.config_file.parent / "templates" / "waltz.txt"
        assert file.read_text(encoding="utf-8") == "{{mood}} waltz\n"
