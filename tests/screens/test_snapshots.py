"""Pictures of Write, Setup, Listen, link sheet, help, history, palette and question, in the sizes and colours that
people have. Each is looked at before it is accepted."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.support.stage import ALL_STATES, NOW, Stage, Status, stage
from whisul_tui.app import WhisulApp
from whisul_tui.desk import Keeping
from whisul_tui.messages import JobsChanged
from whisul_tui.paths import find_paths
from whisul_tui.settings import load_settings
from whisul_tui.storage import StoreFull

SMALL, LARGE = (80, 24), (120, 40)
POLLING = Status("polling", next_poll_at=NOW.timestamp() + 4)
LOOKS = [(SMALL, "whisul-dark"), (LARGE, "whisul-dark"), (SMALL, "whisul-light"), (LARGE, "whisul-light")]
Snap = Callable[..., bool]
Before = Callable[[Pilot[int]], Awaitable[None]]
LONG = "https://cdn.whisul.com/audio/" + "0123456789abcdef/" * 9 + "song.mp3"


def picture(
    snap: Snap,
    first: str = "write",
    jobs: Sequence[dict[str, Any]] = ALL_STATES,
    keys: Sequence[str] = (),
    size: tuple[int, int] = SMALL,
    status: Status = POLLING,
    before: Before | None = None,
    prepare: Callable[[Stage], None] = lambda _: None,
    profile: str = "default",
    **settings: Any,
) -> bool:
    """Compares a screen with its picture, after these keys."""
    with stage(jobs, profile=profile) as made:
        made.engine.current = status
        prepare(made)
        return snap(made.app(first, **settings), press=keys, terminal_size=size, run_before=before)


@pytest.fixture
def no_color(monkeypatch: pytest.MonkeyPatch) -> None:
    """A user who wants no colour."""
    monkeypatch.setenv("NO_COLOR", "1")


def typed(text: str) -> list[str]:
    """The keys of a text."""
    return [{" ": "space", ",": "comma", ".": "full_stop"}.get(char, char) for char in text]


# Write --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("size", "theme"), LOOKS)
def test_write_with_all_states(snap_compare: Snap, size: tuple[int, int], theme: str) -> None:
    """Editor, outbox with a held and a sending prompt, and recent prompts with what became of each."""
    assert picture(snap_compare, size=size, theme=theme, keys=typed("late night lofi, soft rain"))


@pytest.mark.usefixtures("no_color")
def test_write_without_colour(snap_compare: Snap) -> None:
    """States are words and signs, the cursor is reversed."""
    assert picture(snap_compare, keys=["tab"])


@pytest.mark.parametrize(("size", "profile"), [(SMALL, "default"), (LARGE, "local")])
def test_write_of_a_newcomer(snap_compare: Snap, size: tuple[int, int], profile: str) -> None:
    """What to do, and what it costs: on the studio nothing."""
    assert picture(snap_compare, jobs=(), size=size, status=Status(), profile=profile)


@pytest.mark.parametrize("theme", ["whisul-dark", "whisul-light"])
def test_write_with_a_problem(snap_compare: Snap, theme: str) -> None:
    """The disk is full: the prompt is back, and the sentence under it says what to do."""

    def fill(made: Stage) -> None:
        made.engine.fails = StoreFull(
            "The disk that holds the job store /home/ann/.local/share/whisul-tui/jobs.db is full. "
            "Free some space; nothing was lost so far."
        )

    assert picture(snap_compare, jobs=ALL_STATES[:4], keys=[*typed("keep me"), "enter"], prepare=fill, theme=theme)


def test_write_in_ascii(snap_compare: Snap) -> None:
    """A terminal without Unicode gets plain signs."""
    assert picture(snap_compare, glyphs="ascii")


def test_write_tiny(snap_compare: Snap) -> None:
    """At 40x10 there is room for the prompt and the outbox."""
    assert picture(snap_compare, size=(40, 10), keys=typed("soft rain"))


@pytest.mark.parametrize(
    "status",
    [
        Status("limited", NOW.timestamp() + 20),
        Status("offline", NOW.timestamp() + 12),
        Status("key_refused"),
        Status("store_trouble", message="The disk is full. Free some space; nothing was lost so far."),
    ],
    ids=lambda status: status.phase,
)
def test_write_while_nothing_leaves(snap_compare: Snap, status: Status) -> None:
    """Header and outbox say why, and how long."""
    assert picture(snap_compare, status=status)


# Setup --------------------------------------------------------------------------------------------------------------


def newcomer() -> WhisulApp:
    """The program with nothing set up."""
    paths = find_paths()
    return WhisulApp(paths, load_settings(paths))


@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_setup_first(snap_compare: Snap, size: tuple[int, int]) -> None:
    """Three choices and no key yet."""
    assert snap_compare(newcomer(), terminal_size=size)


@pytest.mark.usefixtures("no_color")
def test_setup_without_colour(snap_compare: Snap) -> None:
    """The choice is reversed."""
    assert snap_compare(newcomer(), terminal_size=SMALL)


def test_setup_with_a_key_being_typed(snap_compare: Snap) -> None:
    """Dots alone."""
    assert snap_compare(newcomer(), terminal_size=SMALL, press=["enter", *"secret"])


def test_setup_with_a_bad_key(snap_compare: Snap) -> None:
    """What a key looks like, under the field."""
    assert snap_compare(newcomer(), terminal_size=SMALL, press=["enter", *typed("a key"), "enter"])


def test_setup_while_a_session_is_open(snap_compare: Snap) -> None:
    """Where one is, and a way back; in the light theme."""
    assert picture(snap_compare, "jobs", keys=["K"], theme="whisul-light")


# Listen -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("size", "theme"), LOOKS)
def test_listen_to_a_song(snap_compare: Snap, size: tuple[int, int], theme: str) -> None:
    """The card; from 120 columns on the other songs beside it."""
    assert picture(snap_compare, "listen", size=size, theme=theme)


@pytest.mark.usefixtures("no_color")
def test_listen_without_colour(snap_compare: Snap) -> None:
    """Bold is all that is left, and enough."""
    assert picture(snap_compare, "listen", size=LARGE)


def happening(sentence: str = "", keeping: Keeping | None = None, **state: bool) -> Before:
    """Sound and download of the shown song as they are to be pictured."""

    async def write(pilot: Pilot[int]) -> None:
        app = pilot.app
        assert isinstance(app, WhisulApp)
        assert app.desk is not None
        await pilot.pause()
        hearing, number = app.desk.hearing, 7
        hearing.number, hearing.sentence = number, sentence
        hearing.playing, hearing.failed = state.get("playing", False), state.get("failed", False)
        if keeping is not None:
            app.desk.keeping[number] = keeping
        app.desk.changed.publish(JobsChanged(frozenset({number})))
        await pilot.pause()

    return write


def test_listen_while_it_plays_and_is_kept(snap_compare: Snap) -> None:
    """Where the sound is, and how far the download."""
    before = happening("Starting mpv on this machine.", Keeping(2_400_000, 4_100_000), playing=True)
    assert picture(snap_compare, "listen", before=before)


def test_listen_when_it_did_not_play(snap_compare: Snap) -> None:
    """Why, whole, in as many lines as it needs."""
    before = happening(
        "mpv gave up after 0.4 s (exit code 2). The link may be dead, or no sound can be made here.",
        Keeping(sentence="Kept Rain on Neon - 83 bpm [00000007].mp3 and its cover in /home/ann/Music/whisul."),
        failed=True,
    )
    assert picture(snap_compare, "listen", before=before)


@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_listen_without_a_song(snap_compare: Snap, size: tuple[int, int]) -> None:
    """What to do to get one."""
    assert picture(snap_compare, "listen", jobs=(), size=size, status=Status())


def test_listen_to_a_song_of_long_words(snap_compare: Snap) -> None:
    """A long title, many tags, a prompt of several lines and wide signs keep to their places."""
    job = {
        "title": "雨とネオン、そして長い夜の帰り道のうた " * 3,
        "prompt": "夜のローファイ、静かな雨\n\n[b]second verse[/b] " + "and more of it " * 12,
        "tags": [f"tag number {n}" for n in range(12)],
        "song_url": LONG,
    }
    assert picture(snap_compare, "listen", jobs=[job])


# Sheets -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("theme", ["whisul-dark", "whisul-light"])
def test_link_sheet(snap_compare: Snap, theme: str) -> None:
    """The URL alone on its line, and a code for a telephone."""
    assert picture(snap_compare, "listen", keys=["v"], theme=theme)


@pytest.mark.usefixtures("no_color")
def test_link_sheet_without_colour(snap_compare: Snap) -> None:
    """The code in the terminal's own two colours."""
    assert picture(snap_compare, "listen", keys=["v"])


def test_link_sheet_too_small_for_the_code(snap_compare: Snap) -> None:
    """A long URL is whole, and why there is no code is said."""
    assert picture(snap_compare, "listen", jobs=[{"song_url": LONG}], keys=["v"])


@pytest.mark.parametrize(("first", "size"), [("write", SMALL), ("jobs", LARGE)])
def test_help(snap_compare: Snap, first: str, size: tuple[int, int]) -> None:
    """The keys of this screen first."""
    assert picture(snap_compare, first, keys=["f1"], size=size)


@pytest.mark.parametrize("theme", ["whisul-dark", "whisul-light"])
def test_history(snap_compare: Snap, theme: str) -> None:
    """Narrowed by a word, the second one chosen."""
    assert picture(snap_compare, keys=["ctrl+r", *"lofi", "down"], theme=theme)


@pytest.mark.usefixtures("no_color")
def test_history_without_colour(snap_compare: Snap) -> None:
    """The chosen one is reversed."""
    assert picture(snap_compare, keys=["ctrl+r", "down"])


async def gathered(pilot: Pilot[int]) -> None:
    """Opens the palette and waits until it has its commands."""
    await pilot.press("ctrl+p")
    for _ in range(500):
        await pilot.pause(0.01)
        if pilot.app.screen.query("CommandList").first().option_count > 5:  # type: ignore[attr-defined]
            break
    await pilot.pause()


@pytest.mark.parametrize("theme", ["whisul-dark", "whisul-light"])
def test_palette(snap_compare: Snap, theme: str) -> None:
    """This screen's commands first, each with its key."""
    assert picture(snap_compare, "listen", before=gathered, theme=theme)


@pytest.mark.usefixtures("no_color")
def test_palette_without_colour(snap_compare: Snap) -> None:
    """The chosen one is reversed."""
    assert picture(snap_compare, "listen", before=gathered)


@pytest.mark.parametrize("theme", ["whisul-dark", "whisul-light"])
def test_question(snap_compare: Snap, theme: str) -> None:
    """The same prompt again, before it costs again."""
    keys = [*typed("jazz beat, no rain"), "enter"]
    assert picture(snap_compare, keys=keys, theme=theme)
