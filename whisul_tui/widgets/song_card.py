"""The song and all that is known of it."""

from __future__ import annotations

from rich.style import Style
from rich.text import Text
from textual.widgets import Static

from whisul_tui.desk import Desk
from whisul_tui.domain import Job
from whisul_tui.formatting import clock, glyph, local_time, tempo

_PARTS = ("title", "star", "done", "fact", "quiet", "tag", "prompt", "link")


class SongCard(Static):
    """Title, tempo, length, tags, prompt, times and links of one completed job."""

    COMPONENT_CLASSES = {f"song-card--{part}" for part in _PARTS}

    def __init__(self, desk: Desk) -> None:
        super().__init__(markup=False)
        self._desk = desk

    def show(self, job: Job) -> None:
        """Shows this job."""
        self.update(self._card(job))

    def _card(self, job: Job) -> Text:
        style, song = self._style, job.song
        star = "★" if self._desk.unicode else "*"
        text = Text.assemble((job.name, style("title")), (f"  {star}" if job.starred else "", style("star")), "\n")
        text.append(f"{glyph(job.state, unicode=self._desk.unicode)} {job.state}", style("done"))
        text.append(f" in {clock(job.elapsed(self._desk.now()))}", style("quiet"))
        facts = []
        if song and song.seconds is not None:
            facts.append((clock(song.seconds), ""))
        if song and song.bpm is not None:
            facts.append((tempo(song.bpm), " bpm"))
        for figure, unit in facts:
            text.append("   ").append(figure, style("fact")).append(unit, style("quiet"))
        text.append("\n")
        if song and song.tags:
            text.append((" · " if self._desk.unicode else ", ").join(song.tags), style("tag")).append("\n")
        text.append("\n").append(job.prompt, style("prompt")).append("\n\n")
        if song and song.song_url:
            text.append(song.song_url, style("link")).append("\n")
        if song and song.image_url:
            text.append("cover ", style("quiet")).append(song.image_url, style("link")).append("\n")
        if not (song and song.song_url):
            text.append("Whisul gave no link for this song.\n", style("quiet"))
        text.append(f"\njob {job.job_id}\n", style("quiet"))
        text.append(f"sent {local_time(job.sent_at)}   finished {local_time(job.finished_at)}", style("quiet"))
        return text

    def _style(self, part: str) -> Style:
        return self.get_component_rich_style(f"song-card--{part}", partial=True)
