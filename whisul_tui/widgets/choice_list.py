"""An option list whose chosen row is seen without colours too."""

from __future__ import annotations

from textual.style import Style
from textual.widgets import OptionList
from textual.widgets.option_list import Option

_CHOSEN = "option-list--option-highlighted"


class ChoiceList(OptionList):
    """Keeps `reverse` of the chosen row's style, which Textual (8.2.8) leaves out of visual styles."""

    def __init__(self, *content: Option, id: str | None = None, compact: bool = False) -> None:  # noqa: A002  # Textual's name
        super().__init__(*content, id=id, compact=compact, markup=False)

    def on_resize(self) -> None:
        """The chosen row stays seen where the list has become shorter."""
        self.scroll_to_highlight()

    def get_visual_style(self, *component_classes: str, partial: bool = False) -> Style:
        """The style of these parts, reversed where the chosen row's is."""
        style = super().get_visual_style(*component_classes, partial=partial)
        if _CHOSEN in component_classes and self.get_component_styles(_CHOSEN).text_style.reverse:
            style += Style(reverse=True)
        return style
