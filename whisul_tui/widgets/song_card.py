"""The song and all that is known of it."""

from __future__ import annotations

from rich.style import Style
from rich.text import Text
from textual.widget import Widget

from whisul_tui.desk import Desk
from whisul_tui.domain import Job
from whisul_tui.formatting import age, clock, glyph, local_time, own_tag_words, tempo
from whisul_tui.widgets.cells import wrap

_PARTS = ("title", "star", "done", "fact", "quiet", "tag", "own", "prompt", "link")
_LABEL = 8  # cells of the labels' column


class SongCard(Widget):
    """Title, tempo, length, tags, prompt, times and links of one completed job."""

    COMPONENT_CLASSES = {f"song-card--{part}" for part in _PARTS}

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._job: Job | None = None

    def show(self, job: Job) -> None:
        """Shows this job."""
        if job != self._job:
            self._job = job
            self.refresh(layout=True)

    def render(self) -> Text:
        return Text() if self._job is None else self._card(self._job)

    def _card(self, job: Job) -> Text:
        style, song, unicode = self._style, job.song, self._desk.unicode
        text = Text.assemble((job.name, style("title")))
        if job.starred:
            text.append("  ★" if unicode else "  *", style("star"))
        text.append("\n").append_text(self._facts(job)).append("\n")
        if song and song.tags:
            text.append((" · " if unicode else ", ").join(song.tags), style("tag")).append("\n")
        if job.own_tags:
            text.append(own_tag_words(job), style("own")).append("\n")
        text.append("\n")
        if job.note:
            self._row(text, "Note", job.note, "prompt")
        self._row(text, "Prompt", job.prompt, "prompt")
        text.append("\n")
        self._row(text, "Song", (song and song.song_url) or "Whisul gave no link for this song.", "link")
        if song and song.image_url:
            self._row(text, "Cover", song.image_url, "link")
        text.append("\n")
        self._row(text, "Job", job.job_id or "-", "quiet")
        self._row(text, "Sent", local_time(job.sent_at), "quiet")
        when = age(job.finished_at, self._desk.now())
        self._row(text, "Done", local_time(job.finished_at) + ("" if when == "-" else f", {when} ago"), "quiet")
        text.rstrip()
        return text

    def _facts(self, job: Job) -> Text:
        """Length and tempo, the figures of the song, then how long it took to make."""
        style, song = self._style, job.song
        line = Text()
        if song and song.seconds is not None:
            line.append(clock(song.seconds), style("fact")).append("   ")
        if song and song.bpm is not None:
            line.append(tempo(song.bpm), style("fact")).append(" bpm   ", style("quiet"))
        line.append(f"{glyph(job.state, unicode=self._desk.unicode)} {job.state}", style("done"))
        took = job.elapsed(self._desk.now())
        return line if took is None else line.append(f" in {clock(took)}", style("quiet"))

    def _row(self, text: Text, label: str, value: str, part: str) -> None:
        """A label and its value, which keeps to its own column where it needs more lines than one."""
        narrow = self.size.width < 40
        room = max(1, (self.size.width or 80) - (0 if narrow else _LABEL))
        for number, line in enumerate(wrap(value, room)):
            head = "" if narrow else f"{'' if number else label:<{_LABEL}}"
            text.append(head, self._style("quiet")).append(line, self._style(part)).append("\n")

    def _style(self, part: str) -> Style:
        return self.get_component_rich_style(f"song-card--{part}", partial=True)
