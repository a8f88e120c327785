"""The settings in force and where each came from."""

from whisul_tui.settings.editing import UNSET, change, write_keeping
from whisul_tui.settings.file import read_file, write_file
from whisul_tui.settings.keys import with_key
from whisul_tui.settings.load import FLAG, Settings, load_settings
from whisul_tui.settings.profile import LOCAL, Profile, is_loopback
from whisul_tui.settings.table import ROWS, SettingsError

__all__ = [
    "FLAG",
    "LOCAL",
    "ROWS",
    "UNSET",
    "Profile",
    "Settings",
    "SettingsError",
    "change",
    "is_loopback",
    "load_settings",
    "read_file",
    "with_key",
    "write_file",
    "write_keeping",
]
