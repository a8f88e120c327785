"""The palette of commands, with a cursor that stands still: each blink of it would be sent, twice a second."""

from __future__ import annotations

from textual import command
from textual.app import App
from textual.widgets import Input


class CommandPalette(command.CommandPalette):
    """Textual's, under its name, which styles and errors have."""

    def on_mount(self) -> None:
        self.query_one(Input).cursor_blink = False


class Palette(App[int]):
    """Opens this one."""

    def action_command_palette(self) -> None:
        """Shows it, unless it is shown."""
        if self.use_command_palette and not isinstance(self.screen, command.CommandPalette):
            self.push_screen(CommandPalette(id="--command-palette"))
