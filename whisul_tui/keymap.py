"""Every key of the program, once: bindings, hints, help and palette are all made from this table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from textual.binding import Binding, BindingType


class Key(NamedTuple):
    """One action and its keys. `id` is what `[keys]` in the settings names; `room` is where it acts.

    `label` is the word in the hint line ("" for none there), `help` the line under `?` and in the palette.
    """

    id: str
    keys: str
    action: str
    label: str
    help: str
    room: str
    priority: bool = False


_TABLE: tuple[Key, ...] = (
    Key("screen.write", "c,1", "app.go('write')", "compose", "Compose a prompt", "everywhere"),
    Key("screen.jobs", "2,f2", "app.go('jobs')", "", "All jobs", "everywhere"),
    Key("screen.listen", "3,f3", "app.go('listen')", "", "The song", "everywhere"),
    Key("palette", "colon,ctrl+p", "app.command_palette", "palette", "Palette of all commands", "everywhere"),
    Key("help", "question_mark,f1", "app.help", "help", "This help", "everywhere"),
    Key("setup", "K", "app.setup", "", "Set up an API key or the local studio", "everywhere"),
    Key("settings", "comma", "screen.settings", "", "Settings: see them, and change them", "everywhere"),
    Key("theme", "f9", "screen.themes", "", "Theme: choose the colours, seen as you move", "everywhere"),
    Key("profile", "P", "screen.profiles", "", "Profile: work with another account", "everywhere"),
    Key("outbox", "O", "screen.outbox", "", "Outbox: order, pause, edit, drop what is not sent yet", "everywhere"),
    Key("quit.anywhere", "ctrl+q", "app.quit", "", "Quit; running jobs go on", "everywhere", True),
    Key("write.send", "enter", "send", "send", "Send the prompt: costs at Whisul", "write"),
    Key("write.newline", "ctrl+j,shift+enter", "newline", "new line", "New line in the prompt", "write"),
    Key("write.editor", "f4,ctrl+g", "editor", "editor", "Write in $EDITOR", "write", True),
    Key("write.history", "ctrl+r", "history", "history", "Search earlier prompts by some letters", "write", True),
    Key("write.template", "ctrl+t", "template", "", "Templates: take one, or keep the prompt as one", "write", True),
    Key("write.slot", "tab", "slot", "", "Next slot of a template; else the next field", "write"),
    Key("write.batch", "ctrl+o", "batch", "", "Prompts from a file, one a line", "write", True),
    Key("write.older", "up", "older", "", "Earlier prompt, at the first line", "write"),
    Key("write.newer", "down", "newer", "", "Later prompt, at the last line", "write"),
    Key("write.take_back", "ctrl+z", "take_back", "", "Take back the held prompt, in an empty editor", "write"),
    Key("write.back", "escape", "app.go('jobs')", "jobs", "To the jobs; the draft is kept", "write", True),
    Key("move.down", "j,down", "down", "", "Down", "list"),
    Key("move.up", "k,up", "up", "", "Up", "list"),
    Key("move.top", "g,home", "top", "", "To the first", "list"),
    Key("move.bottom", "G,end", "bottom", "", "To the last", "list"),
    Key("move.half_down", "ctrl+d", "half_down", "", "Half a page down", "list"),
    Key("move.half_up", "ctrl+u", "half_up", "", "Half a page up", "list"),
    Key("move.page_down", "pagedown", "page_down", "", "A page down", "list"),
    Key("move.page_up", "pageup", "page_up", "", "A page up", "list"),
    Key("open", "enter,l", "open", "open", "Open the job or song", "jobs"),
    Key("back", "escape,h", "back", "back", "Back: leave search, filter, marks, detail", "jobs"),
    Key("search", "slash", "search", "search", "Search prompts, titles and tags", "jobs"),
    Key("search.next", "n", "next_match", "", "Next match", "jobs"),
    Key("search.previous", "N", "previous_match", "", "Previous match", "jobs"),
    Key("sort", "s", "sort", "sort", "Sort by the next column", "jobs"),
    Key("failed", "f", "failed", "failed", "Failed only", "jobs"),
    Key("wide", "w", "wide", "", "Wide table without the detail", "jobs"),
    Key("mark", "space", "mark", "mark", "Mark, and down", "jobs"),
    Key("mark.all", "V", "mark_all", "", "Mark all shown", "jobs"),
    Key("refresh", "r", "refresh_job", "ask now", "Ask now, never under 5 s a job", "jobs"),
    Key("dashboard", "i", "dashboard", "", "Dashboard: songs, times and requests day by day", "jobs"),
    Key("filters", "F", "filters", "", "Saved filters: take, keep, rename", "jobs"),
    Key("family", "z", "family", "", "Family: only the songs of this prompt, and back", "jobs"),
    Key("columns", "W", "columns", "", "Columns: which, in which order, how wide", "jobs"),
    Key("export", "E", "export", "", "Export the marked or shown jobs: json, csv, m3u8", "jobs"),
    Key("backup", "B", "backup", "", "Back up the store, checked, also while it is used", "jobs"),
    Key("restore", "R", "restore", "", "Restore a backup of the store", "jobs"),
    Key("import", "M", "import", "", "Merge another host's export into this store", "jobs"),
    Key("quit", "q", "app.quit", "", "Quit; running jobs go on", "jobs"),
    Key("again", "a", "again", "again", "Again: same prompt by the outbox, costs at Whisul", "job"),
    Key("edit", "e", "edit", "edit", "Edit the prompt and send as new", "job"),
    Key("listen.here", "o", "listen_here", "listen", "Listen here, where you sit", "job"),
    Key("listen.host", "p", "play_on_host", "play", "Play on this host", "job"),
    Key("copy", "y", "copy_link", "link", "Copy the link", "job"),
    Key("copy.menu", "Y", "copy_menu", "", "Copy something else", "job"),
    Key("sheet", "v", "link_sheet", "sheet", "Link sheet: the whole URL, QR, bare print", "job"),
    Key("download", "d", "download", "download", "Download song and cover", "job"),
    Key("forget", "x", "forget", "forget", "Forget; u brings it back", "job"),
    Key("undo", "u", "undo", "take back", "Take back the held prompt; else what was forgotten", "job"),
    Key("known_id", "I", "known_id", "its id", "Id of an unconfirmed job: follow, do not pay again", "job"),
    Key("star", "asterisk", "star", "star", "Star", "job"),
    Key("own_tags", "T", "own_tags", "", "Tags and a note of your own, for one job or all marked", "job"),
    Key("lineage", "t", "lineage", "", "Lineage: what it came from and what came of it", "job"),
    Key("compare", "C", "compare", "", "Compare two marked jobs, or the family, side by side", "job"),
    Key("song.next", "j,down,right", "next_song", "next", "Next song", "listen"),
    Key("song.previous", "k,up,left", "previous_song", "previous", "Previous song", "listen"),
    Key("song.pause", "space", "pause", "pause", "Pause or go on", "listen"),
    Key("play.next", "n", "play_step(1)", "", "Play the next song: lined up, or of the list", "listen"),
    Key("play.previous", "N", "play_step(-1)", "", "Play the song before", "listen"),
    Key("song.back", "less_than_sign", "seek(-10)", "", "Back 10 s", "listen"),
    Key("song.forward", "greater_than_sign", "seek(10)", "", "Forward 10 s", "listen"),
    Key("song.louder", "plus", "volume(5)", "", "Louder", "listen"),
    Key("song.softer", "minus", "volume(-5)", "", "Softer", "listen"),
    Key("listen.back", "escape,h", "app.go('jobs')", "jobs", "To the jobs", "listen"),
    Key("sheet.copy", "y", "copy", "copy", "Copy the shown link", "sheet"),
    Key("sheet.bare", "space", "bare", "bare link", "Print the bare link on the normal screen", "sheet"),
    Key("sheet.other", "tab,c", "other", "song or cover", "The other link: song or cover", "sheet"),
    Key("sheet.close", "escape,q,v,h", "close", "close", "Close", "sheet"),
    Key("copy.link", "l", "pick('copy.link')", "", "Copy the song's link", "copy"),
    Key("copy.cover", "c", "pick('copy.cover')", "", "Copy the cover's link", "copy"),
    Key("copy.id", "i", "pick('copy.id')", "", "Copy the job id", "copy"),
    Key("copy.prompt", "p", "pick('copy.prompt')", "", "Copy the prompt", "copy"),
    Key("copy.object", "o", "pick('copy.object')", "", "Copy the job as a JSON object", "copy"),
    Key("copy.down", "j,down", "move(1)", "", "Down", "copy"),
    Key("copy.up", "k,up", "move(-1)", "", "Up", "copy"),
    Key("copy.choose", "enter", "choose", "", "Copy the line", "copy"),
    Key("copy.close", "escape,q,h", "close", "", "Close", "copy"),
    Key("history.older", "down,ctrl+r,ctrl+n", "move(1)", "", "Older prompt", "history", True),
    Key("history.newer", "up,ctrl+p", "move(-1)", "", "Newer prompt", "history", True),
    Key("history.take", "enter", "take", "take", "Take the prompt into the editor", "history"),
    Key("history.star", "ctrl+t", "star", "star", "Star the prompt: starred ones come first", "history", True),
    Key("history.close", "escape,ctrl+g", "close", "close", "Close", "history"),
    Key("confirm.yes", "y", "answer(True)", "", "Yes", "confirm"),
    Key("confirm.no", "n,escape,q", "answer(False)", "", "No", "confirm"),
    Key("own_tags.keep", "enter", "keep", "", "Keep tags and note", "own_tags"),
    Key("own_tags.newline", "ctrl+j,shift+enter", "newline", "", "New line in the note", "own_tags"),
    Key("own_tags.close", "escape", "close", "", "Close", "own_tags"),
    Key("dashboard.look", "r", "look", "", "Look again", "dashboard"),
    Key("dashboard.down", "j,down", "scroll_by(1)", "", "Down", "dashboard"),
    Key("dashboard.up", "k,up", "scroll_by(-1)", "", "Up", "dashboard"),
    Key("dashboard.close", "escape,q,i", "close", "", "Close", "dashboard"),
    Key("filters.down", "j,down", "move(1)", "", "Down", "filters"),
    Key("filters.up", "k,up", "move(-1)", "", "Up", "filters"),
    Key("filters.save", "s", "save", "", "Save what is shown now", "filters"),
    Key("filters.rename", "r", "rename", "", "Rename", "filters"),
    Key("filters.delete", "x", "delete", "", "Delete", "filters"),
    Key("filters.undo", "u", "undo", "", "Bring back what was deleted", "filters"),
    Key("filters.close", "escape", "close", "", "Close", "filters"),
    Key("columns.down", "j,down", "move(1)", "", "Down", "columns"),
    Key("columns.up", "k,up", "move(-1)", "", "Up", "columns"),
    Key("columns.show", "space", "show", "", "Show or hide", "columns"),
    Key("columns.earlier", "K,shift+up", "shift(-1)", "", "One place to the left", "columns"),
    Key("columns.later", "J,shift+down", "shift(1)", "", "One place to the right", "columns"),
    Key("columns.narrower", "less_than_sign,left", "resize(-1)", "", "Narrower", "columns"),
    Key("columns.wider", "greater_than_sign,right", "resize(1)", "", "Wider", "columns"),
    Key("columns.reset", "x", "reset", "", "The usual columns", "columns"),
    Key("columns.close", "escape,q,W", "close", "", "Close", "columns"),
    Key("export.kind", "tab", "kind", "", "The next kind: json, csv, m3u8", "export", True),
    Key("export.close", "escape", "close", "", "Close", "export"),
    Key("preview.yes", "y", "answer(True)", "", "Send them all: costs at Whisul", "preview"),
    Key("preview.no", "n,escape,q", "answer(False)", "", "Leave it, nothing is sent", "preview"),
    Key("preview.more", "plus,equals_sign,right", "at_once(1)", "", "More with Whisul at a time", "preview"),
    Key("preview.fewer", "minus,left", "at_once(-1)", "", "Fewer at a time; below one there is no limit", "preview"),
    Key("preview.down", "j,down", "scroll(1)", "", "Down", "preview"),
    Key("preview.up", "k,up", "scroll(-1)", "", "Up", "preview"),
    Key("preview.page_down", "pagedown,space,ctrl+d", "page(1)", "", "A page down", "preview"),
    Key("preview.page_up", "pageup,ctrl+u", "page(-1)", "", "A page up", "preview"),
    Key("outbox.down", "j,down", "move(1)", "", "Down", "outbox"),
    Key("outbox.up", "k,up", "move(-1)", "", "Up", "outbox"),
    Key("outbox.later", "J,shift+down", "shift(1)", "later", "Let it leave later", "outbox"),
    Key("outbox.earlier", "K,shift+up", "shift(-1)", "earlier", "Let it leave earlier", "outbox"),
    Key("outbox.pause", "space,p", "pause", "pause", "Pause it, or let it go on", "outbox"),
    Key("outbox.pause_all", "P", "pause_all", "all", "Pause all, or let all go on", "outbox"),
    Key("outbox.edit", "e,enter", "edit", "edit", "Edit the prompt; it waits meanwhile", "outbox"),
    Key("outbox.now", "s", "send_now", "send now", "Send it now, without the undo delay", "outbox"),
    Key("outbox.drop", "x,delete", "drop", "drop", "Drop it, unsent; u brings it back", "outbox"),
    Key("outbox.undo", "u", "undo", "", "Bring back what was dropped", "outbox"),
    Key("outbox.close", "escape,q,h,O", "close", "close", "Close", "outbox"),
    Key("templates.down", "down,ctrl+t", "move(1)", "", "Down", "templates", True),
    Key("templates.up", "up,ctrl+p", "move(-1)", "", "Up", "templates", True),
    Key("templates.take", "enter", "take", "take", "Take the template into the editor", "templates"),
    Key(
        "templates.keep",
        "ctrl+n",
        "keep",
        "keep the editor's",
        "Keep the editor's text by that name",
        "templates",
        True,
    ),
    Key("templates.close", "escape", "close", "close", "Close", "templates"),
    Key("lineage.down", "j,down", "move(1)", "", "Down", "lineage"),
    Key("lineage.up", "k,up", "move(-1)", "", "Up", "lineage"),
    Key("lineage.open", "enter,l", "open", "open", "Open the job", "lineage"),
    Key("lineage.close", "escape,q,h,t", "close", "close", "Close", "lineage"),
    Key("compare.side", "tab,h,l,left,right", "side", "side", "The other side is the chosen one", "compare"),
    Key("compare.here", "o", "play(False)", "listen", "Listen to the chosen one here, where you sit", "compare"),
    Key("compare.host", "p", "play(True)", "play", "Play the chosen one on this host", "compare"),
    Key("compare.star_left", "left_square_bracket", "star(0)", "star left", "Star the left one", "compare"),
    Key("compare.star_right", "right_square_bracket", "star(1)", "star right", "Star the right one", "compare"),
    Key("compare.next", "n", "step(1)", "next", "The next pair", "compare"),
    Key("compare.previous", "N", "step(-1)", "", "The pair before", "compare"),
    Key("compare.open", "enter", "open", "", "Open the chosen one", "compare"),
    Key("compare.down", "j,down", "scroll(1)", "", "Down, both", "compare"),
    Key("compare.up", "k,up", "scroll(-1)", "", "Up, both", "compare"),
    Key("compare.close", "escape,q,C", "close", "close", "Close", "compare"),
    Key("held.close", "escape", "close", "", "Close, and leave the prompt as it was", "held", True),
    Key("batch.close", "escape", "close", "", "Close", "batch"),
    Key("store_file.close", "escape", "close", "", "Close", "store_file"),
    Key("known_id.close", "escape", "close", "", "Close", "known_id"),
    Key("help.down", "j,down", "scroll(1)", "", "Down", "help"),
    Key("help.up", "k,up", "scroll(-1)", "", "Up", "help"),
    Key("help.page_down", "pagedown,space,ctrl+d", "page(1)", "", "A page down", "help"),
    Key("help.page_up", "pageup,ctrl+u", "page(-1)", "", "A page up", "help"),
    Key("help.top", "g,home", "top", "", "To the first", "help"),
    Key("help.bottom", "G,end", "bottom", "", "To the last", "help"),
    Key("help.close", "escape,q,question_mark,f1,enter", "close", "close", "Close", "help"),
    Key("settings.down", "j,down", "move(1)", "", "Down", "settings"),
    Key("settings.up", "k,up", "move(-1)", "", "Up", "settings"),
    Key("settings.top", "g,home", "top", "", "To the first", "settings"),
    Key("settings.bottom", "G,end", "bottom", "", "To the last", "settings"),
    Key("settings.change", "enter,space,right", "change(1)", "change", "Change it: next value, or field", "settings"),
    Key("settings.before", "left", "change(-1)", "", "The value before", "settings"),
    Key("settings.default", "x,delete", "default", "default", "Back to the default: out of the file", "settings"),
    Key("settings.close", "escape,q,comma", "close", "close", "Close; leave the field", "settings"),
    Key("choice.down", "j,down", "move(1)", "", "Down", "choice"),
    Key("choice.up", "k,up", "move(-1)", "", "Up", "choice"),
    Key("choice.take", "enter", "take", "take", "Take it: a theme for good, a profile for now", "choice"),
    Key("choice.close", "escape,q,h", "close", "close", "Close, and change nothing", "choice"),
    Key("profiles.keep", "s", "keep", "for good", "Take it for good: the verbs and the next start too", "profiles"),
    Key("setup.down", "j", "move(1)", "", "Down", "setup"),
    Key("setup.up", "k", "move(-1)", "", "Up", "setup"),
    Key("setup.back", "escape", "back", "", "Back", "setup"),
)

KEYS: dict[str, Key] = {key.id: key for key in _TABLE}
ROOMS = {
    "everywhere": "Everywhere",
    "write": "Write",
    "list": "Moving",
    "jobs": "Jobs",
    "job": "A job or song",
    "listen": "Listen",
    "sheet": "Link sheet",
    "copy": "Copy menu",
    "history": "Earlier prompts",
    "confirm": "A question",
    "preview": "Several songs, before they are sent",
    "batch": "Prompts from a file",
    "outbox": "Outbox",
    "held": "A held prompt's editor",
    "templates": "Templates",
    "lineage": "Lineage",
    "compare": "Compare",
    "known_id": "A job's id",
    "own_tags": "Own tags and note",
    "export": "Export",
    "store_file": "Backups and imports",
    "dashboard": "Dashboard",
    "filters": "Saved filters",
    "columns": "Columns",
    "help": "This help",
    "settings": "Settings",
    "choice": "Themes and profiles",
    "profiles": "Profiles",
    "setup": "Setup",
}


def bindings(*rooms: str) -> list[BindingType]:
    """The bindings of these rooms, each with its id, for a BINDINGS list."""
    return [
        Binding(key.keys, key.action, key.help, id=key.id, show=False, priority=key.priority)
        for key in _TABLE
        if key.room in rooms
    ]


def keys_of(room: str) -> list[Key]:
    """The keys of one room in the order they are told."""
    return [key for key in _TABLE if key.room == room]


NO_KEY = "none"  # in a keymap, for an action that only the palette has: Textual takes an empty text for its default
_SHOWN = {
    "slash": "/", "question_mark": "?", "colon": ":", "asterisk": "*", "less_than_sign": "<", "greater_than_sign": ">",
    "left_square_bracket": "[", "right_square_bracket": "]", "plus": "+", "minus": "-", "comma": ",", "escape": "esc",
    "pagedown": "PgDn", "pageup": "PgUp", "down": "↓", "up": "↑", "left": "←", "right": "→", NO_KEY: "",
}  # fmt: skip


def show_key(name: str) -> str:
    """A key as a person reads it: `ctrl+r` is ^r, `slash` is /; no key at all is an empty text."""
    if name.startswith("ctrl+"):
        return "^" + name.removeprefix("ctrl+")
    return _SHOWN.get(name, name)


def keys_in_force(key: Key, keymap: Mapping[str, str]) -> list[str]:
    """The names of an action's keys, the user's own where `[keys]` has some."""
    return [name.strip() for name in keymap.get(key.id, key.keys).split(",")]


def first_key(name: str, keymap: Mapping[str, str]) -> str:
    """The first key of the action with this id, as a person reads it; an empty text where it has none."""
    return show_key(keys_in_force(KEYS[name], keymap)[0])
