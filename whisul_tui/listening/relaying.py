"""Answering a listener's wants: pieces of one song, in the order in which they were asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from whisul_tui.listening.remote_messages import NoPiece, Piece, Want
from whisul_tui.listening.song_source import SongSource, SourceError

_MOST = 32  # wants that wait; a listener has one a connection of its player


class Relaying:
    """Reads from `source` and hands each piece to `send`, until it is closed."""

    def __init__(self, source: SongSource, send: Callable[[Piece | NoPiece], Awaitable[None]]) -> None:
        self._source = source
        self._send = send
        self._wants: asyncio.Queue[Want] = asyncio.Queue(_MOST)
        self._task = asyncio.create_task(self._serve())

    def want(self, want: Want) -> None:
        """Takes a want; one too many is dropped."""
        if not self._wants.full():
            self._wants.put_nowait(want)

    async def close(self) -> None:
        """Ends it."""
        self._task.cancel()
        await asyncio.wait([self._task])
        await self._source.close()

    async def _serve(self) -> None:
        while True:
            want = await self._wants.get()
            try:
                data = await self._source.read(want.at, want.count)
            except SourceError as error:
                await self._send(NoPiece(want.want, str(error)))
            else:
                await self._send(Piece(want.want, data))
