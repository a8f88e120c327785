"""The link sheet: the whole URL to mark with the mouse, a QR code, and the bare URL on the normal screen."""

from __future__ import annotations

import sys
from contextlib import suppress

from rich.style import Style as RichStyle
from rich.text import Text
from textual.app import ComposeResult, SuspendNotSupported
from textual.containers import VerticalScroll
from textual.content import Content
from textual.style import Style
from textual.widgets import Static

from whisul_tui.domain import Job
from whisul_tui.keymap import bindings, keys_in_force, keys_of, show_key
from whisul_tui.messages import CopyWanted
from whisul_tui.screens.dialog import Dialog
from whisul_tui.stylesheets import sheets

_PAPER = RichStyle(color="#ffffff", bgcolor="#000000")  # scanners want black on white, whatever the theme


class LinkSheet(Dialog[None]):
    """Nothing stands beside the URL, so that a terminal's own marking gets it whole and nothing else."""

    CSS_PATH = sheets("listen")
    BINDINGS = bindings("sheet")
    COMPONENT_CLASSES = {"link-sheet--quiet", "link-sheet--key"}

    def __init__(self, job: Job, *, unicode: bool = True) -> None:
        super().__init__()
        song = job.song
        links = (("Song", song.song_url if song else None), ("Cover", song.image_url if song else None))
        self._links = [(name, url) for name, url in links if url]
        self._title = job.name
        self._unicode = unicode
        self._shown = 0

    def compose(self) -> ComposeResult:
        with VerticalScroll():
            yield Static("", id="sheet-title", markup=False)
            yield Static("", id="sheet-url", markup=False)
            yield Static("", id="sheet-code", markup=False)
        yield Static("", id="sheet-hints", markup=False)

    def on_mount(self) -> None:
        self._show()

    def on_resize(self) -> None:
        self._show()

    @property
    def _link(self) -> tuple[str, str]:
        return self._links[self._shown] if self._links else ("Song", "")

    def _show(self) -> None:
        name, url = self._link
        self.query_one("#sheet-title", Static).update(f"{name}: {self._title}")
        self.query_one("#sheet-url", Static).update(
            Content.assemble((url, Style(link=url))) if url else "There is no link."
        )
        self.query_one("#sheet-code", Static).update(self._code(url))
        self.query_one("#sheet-hints", Static).update(self._hints())

    def _hints(self) -> Text:
        keymap: dict[str, str] = getattr(self.app, "_keymap", {})
        key_style, quiet = (self._style(part) for part in ("key", "quiet"))
        line = Text(no_wrap=True)
        for key in keys_of("sheet"):
            if key.id == "sheet.other" and len(self._links) < 2:
                continue
            part = Text.assemble((show_key(keys_in_force(key, keymap)[0]), key_style), (f" {key.label}  ", quiet))
            if line.cell_len + part.cell_len <= self.size.width:
                line.append_text(part)
        return line

    def _code(self, url: str) -> Text:
        from whisul_tui.listening.qr import qr_code

        rows = -(-len(url) // max(1, self.size.width))
        room = self.size.height - rows - 4
        code = qr_code(url, self.size.width, room, ink_is_light=True) if url and self._unicode else None
        if code is None:
            why = "The terminal is too small for a QR code of this link." if url and self._unicode else ""
            return Text(why, self._style("quiet"))
        # Without colours the terminal's own must do; ours would be taken for a wish to have some.
        return Text("\n".join(code.rows), RichStyle() if self.app.no_color else _PAPER, no_wrap=True)

    def _style(self, part: str) -> RichStyle:
        return self.get_component_rich_style(f"link-sheet--{part}", partial=True)

    def action_close(self) -> None:
        """Away with it."""
        self.dismiss()

    def action_other(self) -> None:
        """Shows the other of the two links."""
        if self._links:
            self._shown = (self._shown + 1) % len(self._links)
            self._show()

    def action_copy(self) -> None:
        """Copies the shown link."""
        name, url = self._link
        if url:
            self.app.post_message(CopyWanted(url, f"{name} link"))

    def action_bare(self) -> None:
        """Prints the link alone on the normal screen, for terminals where nothing else lets it be copied."""
        _, url = self._link
        if not url:
            return
        try:
            with self.app.suspend():
                sys.stdout.write(f"\n{url}\n\nEnter goes back to whisul-tui. ")
                sys.stdout.flush()
                with suppress(KeyboardInterrupt, OSError, ValueError):  # or Textual would not take the terminal back
                    sys.stdin.readline()
        except SuspendNotSupported:
            self.notify("This terminal cannot show the normal screen meanwhile.", severity="warning", markup=False)
