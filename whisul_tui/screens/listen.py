"""Listen: one song, to hear, keep, copy, and make again."""

from __future__ import annotations

from collections.abc import Iterable

from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from whisul_tui.desk import Desk
from whisul_tui.domain import Job, JobState
from whisul_tui.key_words import named
from whisul_tui.keymap import bindings
from whisul_tui.messages import JobsChanged, SoundSteered
from whisul_tui.screens.job_kin import JobKin
from whisul_tui.storage import View
from whisul_tui.stylesheets import sheets
from whisul_tui.widgets.cover import Cover
from whisul_tui.widgets.one_ground import Columns, Stack
from whisul_tui.widgets.song_bar import SongBar
from whisul_tui.widgets.song_card import SongCard
from whisul_tui.widgets.song_list import SongList

_SONGS = View(state=JobState.COMPLETED)
COVER_FROM = (76, 20)  # columns and rows from which on a cover stands beside the card
_EMPTY = """No song yet

{screen.write} opens the editor: describe a song, and {write.send} sends it.
What is finished opens here."""


class ListenScreen(JobKin):
    """The song that was opened, else the newest; j and k step through all that are completed, newest first."""

    ROOM = "listen"
    HINTS = ("listen.here", "listen.host", "copy", "sheet", "download", "star", "edit", "again", "listen.back")
    AUTO_FOCUS = "#song-scroll"
    CSS_PATH = sheets("listen")
    BINDINGS = bindings("listen", "job")

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._job: Job | None = None
        self._place_words = ""

    def body(self) -> Iterable[Widget]:
        yield Static("", id="song-place", markup=False)
        with Columns(id="song-columns"):
            with Stack(id="song-left"):
                with Columns(id="song-top"):
                    with VerticalScroll(id="song-scroll", can_focus=True):
                        yield SongCard(self.desk)
                        yield Static(named(self, _EMPTY), id="song-empty", markup=False)
                    yield Cover(self.desk)
                yield SongBar(self.desk)
            yield SongList(self.desk)

    def open_song(self, number: int) -> None:
        """Shows the song of this job."""
        self._job = self.session.store.get(number)
        self._show()

    def on_screen_resume(self) -> None:
        """Looks again at what may have changed meanwhile."""
        self.jobs_changed(JobsChanged(frozenset()))

    def on_screen_suspend(self) -> None:
        """Pictures are the terminal's: they go with the screen."""
        self.query_one(Cover).left()

    def on_resize(self) -> None:
        self.call_after_refresh(self._show)  # only then is it known how many songs the list has lines for

    def jobs_changed(self, change: JobsChanged) -> None:
        if not self.is_shown:
            return
        if self._job is not None:
            job = self.session.store.get(self._job.number)
            self._job = job if job is not None and job.state is JobState.COMPLETED else None
        if self._job is None:
            self._job = next(iter(self.session.windows.rows(_SONGS, 0, 1)), None)
        self._show()

    def selected_jobs(self) -> list[Job]:
        return [] if self._job is None else [self._job]

    def acted(self) -> None:
        """A song that was forgotten gives its place to the next one."""
        if self._job is not None and self._place() is None:
            self._job = None
            self.jobs_changed(JobsChanged(frozenset()))

    def _place(self) -> int | None:
        return None if self._job is None else self.session.windows.index_of(_SONGS, self._job.number)

    def _show(self) -> None:
        job = self._job
        self.query_one(SongCard).display = job is not None
        self.query_one("#song-empty").display = job is None
        self.query_one(SongBar).show(job.number if job else None)
        self.query_one(Cover).show(job, has_room=self.size.width >= COVER_FROM[0] and self.size.height >= COVER_FROM[1])
        place, total = self._place(), self.session.windows.total(_SONGS)
        marks = ("‹ k", "j ›") if self.desk.unicode else ("< k", "j >")
        words = f"{marks[0]}   {place + 1:,} of {total:,}   {marks[1]}" if place is not None else ""
        if words != self._place_words:
            self._place_words = words
            self.query_one("#song-place", Static).update(words)
        beside = self.query_one(SongList)
        beside.set_class(total > 1, "-some")
        beside.show(self.session.windows.rows(_SONGS, *beside.window(place or 0, total)), job.number if job else None)
        self.hint(self.HINTS if job is not None else ("screen.write", "listen.back"))
        if job is not None:
            self.query_one(SongCard).show(job)

    def _step(self, by: int) -> None:
        place = self._place()
        wanted = 0 if place is None else place + by
        found = self.session.windows.rows(_SONGS, wanted, 1) if wanted >= 0 else []
        if found:
            self._turn_to(found[0])

    def _turn_to(self, job: Job) -> None:
        self._job = job
        self.query_one("#song-scroll").scroll_home(animate=False)
        self._show()

    def on_song_list_chosen(self, event: SongList.Chosen) -> None:
        event.stop()
        if (job := self.session.store.get(event.number)) is not None:
            self._turn_to(job)

    def action_next_song(self) -> None:
        """The song that was finished before this one."""
        self._step(1)

    def action_previous_song(self) -> None:
        """The song that was finished after this one."""
        self._step(-1)

    def on_song_bar_sought(self, event: SongBar.Sought) -> None:
        event.stop()
        self.post_message(SoundSteered("place", round(event.seconds)))

    def action_pause(self) -> None:
        """Pause, or go on."""
        self.post_message(SoundSteered("pause"))

    def action_play_step(self, by: int) -> None:
        """The next song of what was lined up, or of the list; or the one before."""
        self.post_message(SoundSteered("next" if by > 0 else "previous"))

    def action_seek(self, seconds: int) -> None:
        """Forward, or back."""
        self.post_message(SoundSteered("seek", seconds))

    def action_volume(self, percent: int) -> None:
        """Louder, or softer."""
        self.post_message(SoundSteered("volume", percent))
