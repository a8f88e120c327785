"""Keeping a song and its cover: an HTTP client without the key, without cookies, with bounds on everything.

It is no part of the start-up: httpx is imported here, and this module where a download begins.
"""

from __future__ import annotations

import asyncio
import http.cookiejar
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, ExitStack, aclosing, asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import cast
from urllib.parse import urljoin, urlsplit

import httpx

from whisul_tui import __version__
from whisul_tui.domain.job import Job
from whisul_tui.listening.download_errors import DownloadError, NoLink, TooSlow, UnsafeLink
from whisul_tui.listening.links import LinkError, checked_link, is_loopback
from whisul_tui.listening.names import DEFAULT_TEMPLATE, check_template, safe_name, safe_stem
from whisul_tui.listening.other_tags import HEAD, MARKED, source_mark, write_tags
from whisul_tui.listening.part_file import PartFile, stored
from whisul_tui.listening.progress import Pace, Piece, Progress
from whisul_tui.listening.tagging import TAGGED, tag_bytes
from whisul_tui.listening.transfer import DEAD, Answer, Broken, Fetched, Transfer

MAX_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_CONNECT_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes of a song and of a cover at most; `rate` bytes a second in every `window` seconds at least."""

    song: int = 200_000_000
    cover: int = 10_000_000
    rate: float = 1000.0
    window: float = 60.0


@dataclass(frozen=True, slots=True)
class Downloaded:
    """What was kept. `skipped`: all of it was there already. `cover_error` says why a cover is missing."""

    song_path: Path
    cover_path: Path | None
    skipped: bool
    cover_error: DownloadError | None = None

    @property
    def sentence(self) -> str:
        """What happened, for the user."""
        if self.skipped:
            return f"{self.song_path.name} is there already; nothing was downloaded."
        cover = " and its cover" if self.cover_path else ""
        trouble = f" No cover: {self.cover_error}" if self.cover_error else ""
        return f"Kept {self.song_path.name}{cover} in {self.song_path.parent}.{trouble}"


OnProgress = Callable[[Progress], None]
DEFAULT_LIMITS = Limits()


class Downloader:
    """Downloads songs, any number at once, on one event loop. Close it with `aclose`."""

    def __init__(
        self,
        *,
        template: str = DEFAULT_TEMPLATE,
        limits: Limits = DEFAULT_LIMITS,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`template` makes the file names (NameTemplateError where it is wrong); `clock` is monotonic, in seconds."""
        self._template = check_template(template)
        self._limits = limits
        self._clock = clock
        self._sleep = sleep
        self._client: httpx.AsyncClient | None = None

    async def download(self, job: Job, folder: Path, on_progress: OnProgress = lambda _: None) -> Downloaded:
        """Keeps a job's song, then its cover under the same name, in `folder`, which is made where it is missing.

        A cover that cannot be had does not cost the song: see `cover_error`. After a break or a cancellation the next
        call goes on from what came. Raises DownloadError; LinkDead: refresh the job and try once more.
        """
        song = job.song
        if song is None or song.song_url is None:
            raise NoLink("This job has no song link yet, so there is nothing to download.")
        with stored(folder):
            await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
        stem = safe_name(self._template, job)
        with self._transfer(Piece.SONG, song.song_url, job, folder, stem, on_progress) as transfer:
            fetched = await transfer.fetch()
            if fetched.kept is None:
                return await self._new(transfer, fetched.ending, job, on_progress)
        if song.image_url is None:
            return Downloaded(fetched.kept, None, skipped=True)
        try:
            with self._transfer(Piece.COVER, song.image_url, job, folder, fetched.kept.stem, on_progress) as transfer:
                cover = await transfer.fetch()
                path, skipped = (cover.kept, True) if cover.kept else await transfer.keep(transfer.stem, cover.ending)
        except DownloadError as error:
            return Downloaded(fetched.kept, None, False, error)
        return Downloaded(fetched.kept, path, skipped)

    async def _new(self, song: Transfer, ending: str, job: Job, on_progress: OnProgress) -> Downloaded:
        """Names a song that has come: after its cover, which stands in the tag, and before the cover's own name."""
        url = job.song.image_url if job.song else None
        cover: Fetched | None = None
        error: DownloadError | None = None
        picture = b""
        with ExitStack() as stack:
            if url is not None:
                try:
                    opened = self._transfer(Piece.COVER, url, job, song.folder, song.stem, on_progress, looks=False)
                    transfer = stack.enter_context(opened)
                    cover = await transfer.fetch()
                    picture = transfer.part.read(0, transfer.part.size)
                except DownloadError as trouble:
                    error = trouble
            shown = cover.ending if cover else ""
            tag = tag_bytes(job, picture, shown) if ending == TAGGED else b""
            mark = source_mark(song.part.size, song.part.read(0, HEAD))
            others = partial(write_tags, ending=ending, job=job, cover=picture, cover_ending=shown, mark=mark)
            song_path, skipped = await song.keep(song.stem, ending, tag, others if ending in MARKED else None)
            if cover is None:
                return Downloaded(song_path, None, skipped and error is None, error)
            try:
                cover_path, cover_skipped = await transfer.keep(song_path.stem, cover.ending)
            except DownloadError as trouble:
                return Downloaded(song_path, None, False, trouble)
        return Downloaded(song_path, cover_path, skipped and cover_skipped)

    def stream(self, url: str, headers: Mapping[str, str]) -> AbstractAsyncContextManager[Answer]:
        """One GET with these headers, for who wants the bytes and no file. Raises DownloadError, also while reading."""
        return self._open(url, headers, Pace(rate=self._limits.rate, window=self._limits.window, clock=self._clock))

    async def is_dead(self, url: str) -> bool:
        """Whether the link answers 403, 404 or 410; a server that cannot be reached says nothing of that."""
        try:
            async with self.stream(url, {"Range": "bytes=0-0"}) as answer:
                return answer.status in DEAD
        except DownloadError:
            return False

    async def aclose(self) -> None:
        """Closes the connections."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    @contextmanager
    def _transfer(
        self,
        piece: Piece,
        url: str,
        job: Job,
        folder: Path,
        stem: str,
        on_progress: OnProgress,
        *,
        looks: bool = True,
    ) -> Iterator[Transfer]:
        pace = Pace(rate=self._limits.rate, window=self._limits.window, clock=self._clock)
        part = PartFile(folder, f"{stem}.{safe_stem(job.short_id)}.{piece}")
        try:
            yield Transfer(
                open_link=lambda headers: self._open(url, headers, pace),
                part=part,
                piece=piece,
                folder=folder,
                stem=stem,
                limit=self._limits.song if piece is Piece.SONG else self._limits.cover,
                on_progress=on_progress,
                sleep=self._sleep,
                looks=looks,
            )
        finally:
            part.close()

    @asynccontextmanager
    async def _open(self, url: str, headers: Mapping[str, str], pace: Pace) -> AsyncIterator[Answer]:
        """One GET, redirects followed and each checked. Raises UnsafeLink, TooSlow, Broken."""
        try:
            response = await self._followed(url, headers, pace)
        except httpx.TransportError as error:
            raise _broken(url, error) from error
        except (httpx.InvalidURL, UnicodeError) as error:  # a Location is read even unfollowed; a host that is no IDNA
            raise UnsafeLink("The link, or what it was redirected to, names no valid host.") from error
        try:
            async with aclosing(_chunks(response, pace)) as chunks:
                yield Answer(response.status_code, response.headers, chunks)
        finally:
            await response.aclose()

    async def _followed(self, url: str, headers: Mapping[str, str], pace: Pace) -> httpx.Response:
        client = self._opened_client()
        link = _permitted(url, loopback=True)
        loopback = is_loopback(link)
        for _ in range(MAX_REDIRECTS + 1):
            async with _within(pace):
                response = await client.send(client.build_request("GET", link, headers=dict(headers)), stream=True)
            if response.status_code not in _REDIRECTS:
                return response
            location = response.headers.get("location", "")
            await response.aclose()
            link = _permitted(urljoin(link, location), loopback=loopback)
        raise UnsafeLink(f"The link was redirected more than {MAX_REDIRECTS} times. Nothing was downloaded.")

    def _opened_client(self) -> httpx.AsyncClient:
        if self._client is None:
            refusing = http.cookiejar.CookieJar(policy=http.cookiejar.DefaultCookiePolicy(allowed_domains=[]))
            direct = {f"all://{host}": None for host in ("127.0.0.1", "localhost", "[::1]")}  # whatever proxy is set
            try:
                self._client = httpx.AsyncClient(
                    headers={"User-Agent": f"whisul-tui/{__version__}", "Accept-Encoding": "identity"},
                    cookies=refusing,
                    follow_redirects=False,
                    mounts=direct,
                    timeout=httpx.Timeout(None, connect=_CONNECT_SECONDS),  # the rest is bounded by the pace
                )
            except (OSError, ValueError, ImportError, httpx.InvalidURL) as error:
                raise DownloadError(
                    f"The proxy or certificate settings of this environment cannot be used ({type(error).__name__})."
                    " Check HTTPS_PROXY, ALL_PROXY and SSL_CERT_FILE."
                ) from error
        return self._client


async def _chunks(response: httpx.Response, pace: Pace) -> AsyncGenerator[bytes, None]:
    """The body as it comes from the wire, undecoded: asking for a size would wait until a slow server has filled it."""
    async with aclosing(cast("AsyncGenerator[bytes, None]", response.aiter_raw())) as body:
        while True:
            try:
                async with _within(pace):
                    chunk = await anext(body, None)
            except (httpx.TransportError, httpx.StreamError) as error:
                raise _broken(str(response.url), error) from error
            if chunk is None:
                return
            pace.came(len(chunk))
            yield chunk


@asynccontextmanager
async def _within(pace: Pace) -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(pace.seconds_left()):
            yield
    except TimeoutError:
        raise TooSlow("Next to nothing came for a minute. Download again: it goes on from there.") from None


def _permitted(url: str, *, loopback: bool) -> str:
    try:
        link = checked_link(url)
    except LinkError as error:
        raise UnsafeLink(str(error)) from None
    if is_loopback(link):
        if not loopback:
            raise UnsafeLink("The link was redirected to this very machine, so it is not followed.")
    elif not link.startswith("https:"):
        raise UnsafeLink("The link is not https, so it is not downloaded.")
    return link


def _broken(url: str, error: Exception) -> Broken:
    host = urlsplit(url).hostname or "the server"
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
        return Broken(f"{host} cannot be reached. Download again when the network is back.")
    return Broken(f"The connection to {host} broke. Download again: it goes on from there.")
