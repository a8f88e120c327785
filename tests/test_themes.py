"""The themes: every text at least 4.5:1 on what it stands on, states told apart by the colour-blind too."""

from __future__ import annotations

from itertools import combinations

import pytest
from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

from tests.support.contrast_walk import names, poorest
from tests.widgets.making import NOW, make_job
from whisul_tui.contrast import LEAST, contrast, luminance, readable_on
from whisul_tui.domain import JobState
from whisul_tui.formatting import glyph
from whisul_tui.themes import OWN_THEMES, described, in_order, lowest_contrast, offered, state_colours
from whisul_tui.widgets.job_columns import columns_for
from whisul_tui.widgets.job_row import row_pieces
from whisul_tui.widgets.job_words import Facts

COLOURED = [name for name in names() if not offered(name).ansi]  # type: ignore[union-attr]
OWN = [theme.name for theme in OWN_THEMES]

# Machado, Oliveira and Fernandes 2009, full severity, in linear RGB.
SEEN = {
    "as most people see": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
}
TOLD_APART = 20.0  # CIE 1976 difference: colours side by side differ from 2.3 on, at a glance from about 10


def lab(colour: Color, seen: tuple[tuple[float, ...], ...]) -> tuple[float, float, float]:
    """A colour as somebody sees it, in CIE L*a*b* (D65)."""
    parts = [part / 255 for part in (colour.r, colour.g, colour.b)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    red, green, blue = (min(1.0, max(0.0, sum(m * part for m, part in zip(row, linear, strict=True)))) for row in seen)
    whites = (
        (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047,
        0.2126 * red + 0.7152 * green + 0.0722 * blue,
        (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883,
    )
    x, y, z = (part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116 for part in whites)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def test_the_measure_itself() -> None:
    assert contrast(Color.parse("#ffffff"), Color.parse("#000000")) == pytest.approx(21.0)
    assert contrast(Color.parse("#767676"), Color.parse("#ffffff")) == pytest.approx(4.54, abs=0.01)
    assert luminance(Color.parse("#000000")) == 0


def test_a_colour_is_moved_no_further_than_it_must_be() -> None:
    ground = (Color.parse("#000000"),)
    assert readable_on(Color.parse("#ff0000"), ground) == Color.parse("#ff0000")
    moved = readable_on(Color.parse("#800000"), ground)
    assert LEAST <= contrast(moved, ground[0]) < LEAST + 0.5
    assert moved.r > moved.g


@pytest.mark.parametrize("name", COLOURED)
def test_every_text_is_readable_on_every_ground(name: str) -> None:
    """Texts on the screen, on dialogs, on marked rows and on the cursor; the chosen tab is reversed."""
    theme = offered(name)
    assert theme is not None
    assert (lowest_contrast(theme) or 0) >= LEAST


@pytest.mark.parametrize("theme", OWN_THEMES, ids=lambda theme: theme.name)
def test_the_own_themes_bring_every_colour_that_others_are_given(theme: Theme) -> None:
    assert theme.ansi or set(state_colours(theme)) <= set(theme.variables)


@pytest.mark.parametrize("theme", ["colourblind-dark", "colourblind-light"])
@pytest.mark.parametrize("eyes", SEEN)
def test_states_are_told_apart_in_the_colour_blind_themes(theme: str, eyes: str) -> None:
    found = offered(theme)
    assert found is not None
    states = ("held", "sending", "running", "unconfirmed", "completed", "failed")
    seen = {state: lab(Color.parse(found.variables[f"state-{state}"]), SEEN[eyes]) for state in states}
    apart = {
        (one, other): sum((a - b) ** 2 for a, b in zip(seen[one], seen[other], strict=True)) ** 0.5
        for one, other in combinations(states, 2)
    }
    assert min(apart.values()) >= TOLD_APART, sorted(apart.items(), key=lambda pair: pair[1])[:3]


def test_the_measure_of_apartness_sees_what_the_usual_colours_lack() -> None:
    """Red and green, which the sign and the word tell apart in the other themes."""
    one, other = (lab(Color.parse(colour), SEEN["deuteranopia"]) for colour in ("#c05040", "#7a7a20"))
    assert sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5 < TOLD_APART


async def test_on_the_screens_every_text_is_readable_in_the_own_themes() -> None:
    """What leaves the compositor; the other screens, and themes: python -m tests.support.contrast_walk."""
    for scene in ("jobs",):
        found = await poorest(scene, OWN)
        assert {name: poor for name, poor in found.items() if poor.ratio < LEAST} == {}, scene


async def test_on_the_screens_every_text_is_readable_in_textuals_themes() -> None:
    found = await poorest("jobs", ["nord", "atom-one-light", "solarized-dark", "rose-pine-dawn"])
    assert {name: poor for name, poor in found.items() if poor.ratio < LEAST} == {}


async def test_the_walk_sees_what_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """With Textual's own colours, as they were before they were moved."""
    monkeypatch.setattr("whisul_tui.workers.configuring.offered", BUILTIN_THEMES.get)
    found = await poorest("jobs", ["solarized-light"])
    assert found["solarized-light"].ratio < LEAST


def test_themes_are_listed_in_the_order_of_use() -> None:
    listed = in_order({*BUILTIN_THEMES, *OWN, "mine"})
    assert listed[: len(OWN) + 1] == [*OWN, "mine"]
    assert "hard to read" in described(Theme(name="mine", primary="#333333", background="#000000"), {"mine"})
    assert described(OWN_THEMES[0], ()) == "dark"


@pytest.mark.parametrize("unicode", [True, False])
def test_no_state_is_told_by_colour_alone(unicode: bool) -> None:
    """Each has a sign of its own, and its word stands in the row."""
    assert len({glyph(state, unicode=unicode) for state in JobState}) == len(JobState)
    for state in JobState:
        pieces = row_pieces(make_job(state=state), columns_for(80), Facts(NOW, unicode=unicode))
        words = " ".join(piece.text for piece in pieces)
        assert str(state) in words
        assert glyph(state, unicode=unicode) in words
