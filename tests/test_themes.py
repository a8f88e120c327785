"""The program's own themes: every text at least 4.5:1 on every ground that it stands on."""

from __future__ import annotations

import pytest
from textual.color import Color
from textual.theme import Theme

from whisul_tui.themes import OWN_THEMES, state_colours

LEAST = 4.5  # WCAG 2.2, 1.4.3


def contrast(text: str, ground: str) -> float:
    """The ratio as WCAG 2.2 defines it."""

    def luminance(colour: Color) -> float:
        parts = [part / 255 for part in (colour.r, colour.g, colour.b)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    high, low = sorted((luminance(Color.parse(text)), luminance(Color.parse(ground))), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_the_measure_itself() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21.0)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", OWN_THEMES, ids=lambda theme: theme.name)
def test_every_text_is_readable(theme: Theme) -> None:
    """Texts on the screen, on dialogs, on marked rows and on the cursor; the chosen tab is reversed."""
    texts = {
        name: getattr(theme, name)
        for name in ("foreground", "primary", "secondary", "accent", "success", "warning", "error")
    }
    texts |= {
        name: theme.variables[name] for name in ("quiet", *(n for n in theme.variables if n.startswith("state-")))
    }
    grounds = {name: getattr(theme, name) for name in ("background", "surface", "panel")}
    grounds["cursor"] = theme.variables["cursor"]
    poor = {
        f"{name} on {ground}": round(contrast(text, under), 2)
        for name, text in texts.items()
        for ground, under in grounds.items()
        if contrast(text, under) < LEAST
    }
    assert poor == {}


@pytest.mark.parametrize("theme", OWN_THEMES, ids=lambda theme: theme.name)
def test_the_own_themes_bring_every_colour_that_others_are_given(theme: Theme) -> None:
    assert set(state_colours(theme)) <= set(theme.variables)
