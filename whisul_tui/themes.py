"""The program's own themes, and the names of colours that its sheets use for states."""

from __future__ import annotations

from textual.theme import Theme

DARK = Theme(
    name="whisul-dark",
    primary="#7aa2f7",
    secondary="#b197e6",
    accent="#e0af68",
    foreground="#c8d0e0",
    background="#12151c",
    surface="#171b24",
    panel="#1f2531",
    success="#8fc379",
    warning="#e0af68",
    error="#f07178",
    dark=True,
    variables={
        "quiet": "#949eb4",
        "line": "#2b3342",
        "cursor": "#253049",
        "state-held": "#9aa5bd",
        "state-sending": "#7fc8d6",
        "state-running": "#7aa2f7",
        "state-unconfirmed": "#e0af68",
        "state-completed": "#8fc379",
        "state-failed": "#f07178",
        "state-rejected": "#f07178",
        "state-expired": "#949eb4",
    },
)

LIGHT = Theme(
    name="whisul-light",
    primary="#2856b8",
    secondary="#6f42c1",
    accent="#7f5200",
    foreground="#20242c",
    background="#fbfbf8",
    surface="#f3f3ee",
    panel="#e8e8e1",
    success="#2f6f2f",
    warning="#7f5200",
    error="#b3261e",
    dark=False,
    variables={
        "quiet": "#5c6370",
        "line": "#d0d0c8",
        "cursor": "#d6e0f5",
        "state-held": "#5c6370",
        "state-sending": "#1d6472",
        "state-running": "#2856b8",
        "state-unconfirmed": "#7f5200",
        "state-completed": "#2f6f2f",
        "state-failed": "#b3261e",
        "state-rejected": "#b3261e",
        "state-expired": "#5c6370",
    },
)

OWN_THEMES = (DARK, LIGHT)


def state_colours(theme: Theme) -> dict[str, str]:
    """The colours of states and quiet text for themes that do not bring them: Textual's own and the user's."""
    quiet = "ansi_bright_black" if theme.ansi else "#8c8c8c"
    text = theme.foreground or quiet
    held = text if theme.ansi else quiet
    return {
        "quiet": text if theme.ansi else quiet,
        "line": quiet,
        "cursor": "ansi_blue" if theme.ansi else theme.panel or theme.surface or theme.primary,
        "state-held": held,
        "state-sending": theme.secondary or theme.primary,
        "state-running": theme.primary,
        "state-unconfirmed": theme.warning or theme.primary,
        "state-completed": theme.success or theme.primary,
        "state-failed": theme.error or theme.primary,
        "state-rejected": theme.error or theme.primary,
        "state-expired": held,
    }
