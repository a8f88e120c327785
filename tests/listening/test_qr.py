from __future__ import annotations

import segno

from whisul_tui.listening.qr import QrCode, qr_code

URL = "https://cdn.whisul.example/songs/0123456789abcdef0123456789abcdef/song.mp3?x=12345"


def modules(code: QrCode, *, ink_is_light: bool = False) -> list[list[bool]]:
    """The dark modules, read back from the drawn characters."""
    rows: list[list[bool]] = []
    for row in code.rows:
        rows.append([(char in "▀█") != ink_is_light for char in row])
        rows.append([(char in "▄█") != ink_is_light for char in row])
    return rows


def expected(border: int) -> list[list[bool]]:
    return [[bool(m) for m in row] for row in segno.make(URL, error="l", micro=False).matrix_iter(border=border)]


def test_eighty_characters_fit_an_80x24_terminal() -> None:
    code = qr_code(URL, 80, 23)
    assert code is not None
    assert (code.width, code.height) == (45, 23)
    assert len(code.rows) == 23
    assert {len(row) for row in code.rows} == {45}


def test_the_drawn_characters_are_the_modules_of_the_code() -> None:
    code = qr_code(URL, 80, 40)
    assert code is not None
    assert modules(code)[:45] == expected(4)


def test_light_ink_draws_the_same_code_for_a_dark_terminal() -> None:
    code = qr_code(URL, 80, 40, ink_is_light=True)
    assert code is not None
    assert modules(code, ink_is_light=True)[:45] == expected(4)
    assert code.rows[0] == "█" * 45


def test_a_little_less_room_takes_a_narrower_quiet_zone() -> None:
    code = qr_code(URL, 41, 21)
    assert code is not None
    assert (code.width, code.height) == (41, 21)
    assert modules(code)[:41] == expected(2)


def test_no_code_where_it_does_not_fit() -> None:
    assert qr_code(URL, 40, 21) is None
    assert qr_code(URL, 80, 20) is None
    assert qr_code("https://cdn.example/" + "a" * 4000, 1000, 1000) is None
