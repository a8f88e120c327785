"""Bringing one file over: attempts, continuing after a break, every check before it gets its name. Speaks no HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path

from whisul_tui.domain.clean import clean_line
from whisul_tui.listening.download_errors import Interrupted, LinkDead, NotDownloadable, TooLarge, WrongKind
from whisul_tui.listening.kinds import HEAD_BYTES, image_ending, song_ending
from whisul_tui.listening.part_file import PartFile, stored
from whisul_tui.listening.placing import find_kept, head_needed
from whisul_tui.listening.progress import Piece, Progress
from whisul_tui.listening.resuming import Remote

DEAD = frozenset({403, 404, 410})
_OVERLAP = 4096  # bytes asked for again when an older part is continued: they must be the same
_HEAD = 1 << 20  # bytes held in memory at most, to find out whether the song is there already
_PAUSES = (1.0, 2.0, 4.0)  # seconds before another attempt; as many attempts in a row may bring nothing new


class Broken(Interrupted):
    """The connection or the server failed in a way that is worth another attempt right away."""


class _StartAnew(Exception):  # noqa: N818 - not an error: the part is not continued, the file is fetched from its start
    pass


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answers: `chunks` is the body as it comes, and raises Broken or TooSlow."""

    status: int
    headers: Mapping[str, str]
    chunks: AsyncIterator[bytes]


Open = Callable[[Mapping[str, str]], AbstractAsyncContextManager[Answer]]


@dataclass(frozen=True, slots=True)
class Fetched:
    """A whole file: the one that was `kept` before, or the part, whose `ending` was told from its bytes."""

    ending: str
    kept: Path | None = None


@dataclass
class Transfer:
    """One file: `open_link` asks for it with further headers; it gets the name `stem` plus its ending in `folder`.

    `looks`: what is there under that name already is not fetched again.
    """

    open_link: Open
    part: PartFile
    piece: Piece
    folder: Path
    stem: str
    limit: int
    on_progress: Callable[[Progress], None]
    sleep: Callable[[float], Awaitable[None]]
    looks: bool = True

    async def fetch(self) -> Fetched:
        """Fetches it to the end. Raises DownloadError."""
        furthest = self.part.size
        overlap = _OVERLAP
        fruitless = 0
        while True:
            try:
                return await self._attempt(overlap)
            except Broken:
                if self.part.size > furthest:
                    furthest = self.part.size
                    fruitless = 0
                if fruitless == len(_PAUSES):
                    raise
            await self.sleep(_PAUSES[fruitless])
            fruitless += 1
            overlap = 0  # these bytes came a moment ago; and a server that breaks off early would never get past them

    async def keep(
        self, stem: str, ending: str, tag: bytes = b"", write_tags: Callable[[Path], object] | None = None
    ) -> tuple[Path, bool]:
        """Gives what was fetched its name: the path, and whether the same was there already. Raises DownloadError."""
        # On a thread, since a disk takes its time; to the end even when cancelled, since the part is closed after it.
        keeping = asyncio.ensure_future(asyncio.to_thread(self.part.keep, stem, ending, tag, write_tags))
        try:
            return await asyncio.shield(keeping)
        except asyncio.CancelledError:
            await asyncio.wait([keeping])
            raise

    async def _attempt(self, overlap: int) -> Fetched:
        remote = self.part.remote
        if remote is not None and remote.may_continue(self.part.size):
            # A part that is whole asks for its last byte again, so that the answer is never an empty range.
            start = max(0, min(self.part.size - overlap, (remote.total or 0) - 1))
            wanted = {"Range": f"bytes={start}-", "If-Range": remote.validator}
            try:
                async with self.open_link(wanted) as answer:
                    if answer.status == 206:
                        return await self._continue(answer, remote, start)
                    if answer.status != 416:
                        return await self._whole(answer)
            except _StartAnew:
                pass  # what came before stays until there is something better
        async with self.open_link({}) as answer:
            return await self._whole(answer)

    async def _continue(self, answer: Answer, remote: Remote, start: int) -> Fetched:
        _check_plain(answer)
        ending = self._ending(self.part.read(0, HEAD_BYTES))
        if ending is None or not remote.is_continued_by(answer.headers, start):
            raise _StartAnew
        at = start
        async for chunk in answer.chunks:
            known = chunk[: max(0, self.part.size - at)]
            if known != self.part.read(at, len(known)):
                raise _StartAnew
            at += len(chunk)
            if at > (remote.total or 0):
                raise _StartAnew
            self._add(chunk[len(known) :])
        return self._fetched(ending)

    async def _whole(self, answer: Answer) -> Fetched:
        self._check_status(answer)
        _check_plain(answer)
        remote = Remote.of(answer.headers)
        if remote.total is None and "chunked" not in answer.headers.get("transfer-encoding", "").lower():
            raise NotDownloadable(f"The server does not say where the {self.piece} ends, so half of it could be kept.")
        if remote.total is not None and remote.total > self.limit:
            raise self._too_large()
        head = b""
        ending: str | None = None
        async for chunk in answer.chunks:
            if ending is None:
                head += chunk
                if len(head) < HEAD_BYTES:
                    continue
                checked = self._checked_ending(head, remote)
                if len(head) < self._head_needed(checked, remote.total, head):
                    continue
                chunk, ending = head, checked
                if remote.total and (kept := self._kept(ending, remote.total, head[:_HEAD])):
                    return Fetched(ending, kept)
                self.part.check_room(remote.total or 0)
                self.part.begin(remote)
            self._add(chunk)
        if ending is None:
            self._checked_ending(head, remote)
            raise Broken(f"The server sent next to nothing where the {self.piece} should be.")
        return self._fetched(ending)

    def _checked_ending(self, head: bytes, remote: Remote) -> str:
        ending = self._ending(head)
        if ending is None:
            said = clean_line(remote.kind, 60)
            instead = f" but {said}" if said else ""
            raise WrongKind(f"What the link leads to is no {self.piece}{instead}. Nothing was kept.")
        return ending

    def _add(self, chunk: bytes) -> None:
        if self.part.size + len(chunk) > self.limit:
            self.part.discard()
            raise self._too_large()
        self.part.append(chunk)
        remote = self.part.remote
        self.on_progress(Progress(self.piece, self.part.size, remote.total if remote else None))

    def _fetched(self, ending: str) -> Fetched:
        total = self.part.remote.total if self.part.remote else None
        if total is not None and self.part.size != total:
            raise Broken(f"The {self.piece} ended at {self.part.size} of {total} bytes.")
        return Fetched(ending)

    def _head_needed(self, ending: str, total: int | None, head: bytes) -> int:
        if not self.looks or total is None:
            return 0
        with stored(self.folder):
            return min(_HEAD, head_needed(self.folder, self.stem, ending, total, head))

    def _kept(self, ending: str, total: int, head: bytes) -> Path | None:
        if not self.looks:
            return None
        with stored(self.folder):
            kept = find_kept(self.folder, self.stem, ending, total, head)
        if kept is not None:
            self.part.discard()
        return kept

    def _ending(self, head: bytes) -> str | None:
        return song_ending(head) if self.piece is Piece.SONG else image_ending(head)

    def _check_status(self, answer: Answer) -> None:
        status = answer.status
        if status in DEAD:
            raise LinkDead(f"The link of the {self.piece} is dead (the server answers {status}).")
        if status == 429 or status >= 500:
            raise Broken(f"The server of the {self.piece} answers {status} for now. Download again in a while.")
        if status != 200:
            raise NotDownloadable(f"The server of the {self.piece} answers {status}, which is no download.")

    def _too_large(self) -> TooLarge:
        return TooLarge(f"The {self.piece} is larger than {self.limit // 1_000_000} MB. Nothing was kept.")


def _check_plain(answer: Answer) -> None:
    encoding = answer.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("", "identity"):
        raise NotDownloadable("The server sends the file compressed, though asked not to. Nothing was kept.")
