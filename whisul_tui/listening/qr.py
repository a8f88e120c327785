"""A link as a QR code of half-block characters, for a telephone's camera in front of the terminal."""

from __future__ import annotations

from dataclasses import dataclass

_QUIET_ZONES = (4, 2)  # the standard's four modules; two still scan, and fit where four do not
_BLOCKS = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}


@dataclass(frozen=True, slots=True)
class QrCode:
    """Rows of `width` characters each, two modules high; the quiet zone is part of them."""

    rows: list[str]
    width: int
    height: int


def qr_code(url: str, width: int, height: int, *, ink_is_light: bool = False) -> QrCode | None:
    """The QR code (level L) of a checked link if it fits `width` x `height` cells, else None.

    Ink stands for the dark modules: draw it black on white. Where only the terminal's own light-on-dark is to be
    had, `ink_is_light` draws the light modules instead, so that the code looks the same.
    """
    import segno  # lazily: the first screen does not need it

    try:
        code = segno.make(url, error="l", micro=False)
    except segno.DataOverflowError:
        return None
    for border in _QUIET_ZONES:
        columns = int(code.symbol_size(border=border)[0])
        lines = (columns + 1) // 2
        if columns <= width and lines <= height:
            modules = [[bool(dark) != ink_is_light for dark in row] for row in code.matrix_iter(border=border)]
            return QrCode(_drawn(modules, ink_is_light), columns, lines)
    return None


def _drawn(modules: list[list[bool]], filling: bool) -> list[str]:
    if len(modules) % 2:
        modules.append([filling] * len(modules[0]))
    return [
        "".join(_BLOCKS[upper, lower] for upper, lower in zip(above, below, strict=True))
        for above, below in zip(modules[::2], modules[1::2], strict=True)
    ]
