"""Pieces of a song that are asked for through a connection which may break and come back in between."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from itertools import count

from whisul_tui.listening.remote_messages import NoPiece, Piece, Want

PATIENCE = 45.0  # seconds for one piece, a broken connection included; mpv itself gives up after 60


class PieceLostError(ConnectionError):
    """A piece that did not come."""


class Pulls:
    """`send` takes a Want, or drops it where there is no connection: `again` sends all that are open."""

    def __init__(self, send: Callable[[Want], None], *, patience: float = PATIENCE) -> None:
        self._send = send
        self._patience = patience
        self._numbers = count(1)
        self._open: dict[int, tuple[Want, asyncio.Future[bytes]]] = {}
        self._given_up: deque[int] = deque(maxlen=64)  # an answer to these may still be under way

    async def read(self, song: int, at: int, length: int) -> bytes:
        """The bytes, fewer at the song's end. Raises PieceLostError."""
        want = Want(next(self._numbers), song, at, length)
        answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._open[want.want] = want, answer
        try:
            self._send(want)
            async with asyncio.timeout(self._patience):
                return await answer
        except TimeoutError:
            raise PieceLostError("The song does not come any more.") from None
        finally:
            del self._open[want.want]
            self._given_up.append(want.want)

    def came(self, piece: Piece | NoPiece) -> bool:
        """Takes what came; False for what nobody asked for."""
        found = self._open.get(piece.want)
        if found is None:
            return piece.want in self._given_up
        want, answer = found
        if isinstance(piece, Piece) and len(piece.data) > want.count:
            return False
        if not answer.done():
            if isinstance(piece, Piece):
                answer.set_result(piece.data)
            else:
                answer.set_exception(PieceLostError(piece.why))
        return True

    def again(self) -> None:
        """Asks once more for all that is open."""
        for want, answer in list(self._open.values()):
            if not answer.done():
                self._send(want)
