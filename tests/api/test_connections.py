"""TLS, proxies and certificates of the environment, against real servers on loopback.

`loopback.pem` is a self-signed certificate for 127.0.0.1 with its key, made for these tests and good for nothing else.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.api.calls import ACCEPTED, CLIENT_ID, JOB_ID, KEY, RUNNING, Leaving, ask, submit_to
from tests.support.scripted import ScriptedServer, raw, reply, reset
from whisul_tui.api import connections
from whisul_tui.api.address import Address
from whisul_tui.api.client import Accepted, JobReport, WhisulClient
from whisul_tui.api.errors import ConfigurationProblem, Unavailable
from whisul_tui.domain.secret import Secret

CERTIFICATE = str(Path(__file__).with_name("loopback.pem"))


def secure(*steps: object) -> ScriptedServer:
    """A scripted server that speaks TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return ScriptedServer(*steps, tls=context)  # type: ignore[arg-type]


async def test_https_works_with_a_certificate_that_the_environment_trusts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", CERTIFICATE)
    leaving = Leaving()
    async with secure(reply(202, ACCEPTED), reply(200, RUNNING)) as server:
        assert isinstance(await submit_to(server.url, leaving), Accepted)
        assert isinstance(await ask(server.url), JobReport)
    assert leaving.times == 1
    assert {request.headers["authorization"] for request in server.requests} == {f"Bearer {KEY}"}


async def test_a_certificate_that_is_not_trusted_gets_nothing() -> None:
    leaving = Leaving()
    async with secure(reply(202, ACCEPTED)) as server:
        outcome = await submit_to(server.url, leaving)
    assert isinstance(outcome, Unavailable)
    assert (outcome.sent, outcome.reason) == (False, "its certificate could not be verified")
    assert (server.requests, leaving.times) == ([], 0)


async def test_a_reset_over_tls_is_known_to_be_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", CERTIFICATE)
    leaving = Leaving()
    async with secure(reset()) as server:
        outcome = await submit_to(server.url, leaving)
    assert isinstance(outcome, Unavailable)
    assert (outcome.sent, leaving.times, len(server.requests)) == (True, 1, 1)


@asynccontextmanager
async def tunnelling() -> AsyncIterator[tuple[str, list[bytes]]]:
    """An HTTP proxy that grants every CONNECT: its URL, and the heads it was sent."""
    heads: list[bytes] = []
    tasks: set[asyncio.Task[None]] = set()

    async def pipe(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        while data := await source.read(65536):
            target.write(data)
        target.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        head = await reader.readuntil(b"\r\n\r\n")
        heads.append(head)
        host, port = head.split(b" ")[1].decode().split(":")
        far_reader, far_writer = await asyncio.open_connection(host, int(port))
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await asyncio.gather(pipe(reader, far_writer), pipe(far_reader, writer), return_exceptions=True)
        for end in (far_writer, writer):
            end.close()
            await asyncio.gather(end.wait_closed(), return_exceptions=True)

    proxy = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{proxy.sockets[0].getsockname()[1]}", heads
    finally:
        proxy.close()
        await asyncio.gather(*tasks, return_exceptions=True)
        await proxy.wait_closed()


async def test_https_goes_through_the_environments_proxy_which_never_sees_the_key(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", CERTIFICATE)
    leaving = Leaving()
    async with secure(reply(202, ACCEPTED)) as server, tunnelling() as (proxy, heads):
        monkeypatch.setenv("HTTPS_PROXY", proxy)
        assert isinstance(await submit_to(server.url, leaving), Accepted)
    assert leaving.times == 1
    assert len(server.requests) == len(heads) == 1
    assert heads[0].startswith(b"CONNECT 127.0.0.1:")
    assert KEY.encode() not in heads[0]


async def test_a_proxy_that_refuses_to_connect_means_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    leaving = Leaving()
    async with ScriptedServer(raw(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        outcome = await submit_to("https://whisul.invalid", leaving)
    assert isinstance(outcome, Unavailable)
    assert (outcome.sent, leaving.times, outcome.reason) == (False, 0, "the proxy refused to connect")
    assert [request.method for request in proxy.requests] == ["CONNECT"]


async def test_loopback_is_never_asked_through_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    async with ScriptedServer(reply(200, RUNNING)) as server, ScriptedServer() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        assert isinstance(await ask(server.url), JobReport)
    assert proxy.connections == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HTTPS_PROXY", "ftp://user:canary@proxy.example"),
        ("https_proxy", "http://user:canary@[::zz]:3128"),
        ("ALL_PROXY", "socks9://user:canary@proxy.example"),
        ("HTTPS_PROXY", "http://user:canary@proxy.example:port"),
        ("SSL_CERT_FILE", "{missing}/canary.pem"),
        ("SSL_CERT_FILE", __file__),
        ("SSLKEYLOGFILE", "{missing}/canary"),
    ],
)
async def test_a_broken_environment_is_one_sentence_that_names_the_variable(
    name: str, value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value.replace("{missing}", str(tmp_path / "missing")))
    outcome = await ask("https://127.0.0.1:9")
    assert isinstance(outcome, ConfigurationProblem)
    assert f"Correct or unset {name}" in outcome.sentence
    assert "canary" not in str(outcome)
    assert outcome.__context__ is None


async def test_a_broken_environment_does_not_touch_loopback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "missing"))
    monkeypatch.setenv("ALL_PROXY", "gopher://x")
    async with ScriptedServer(reply(200, RUNNING)) as server:
        assert isinstance(await ask(server.url), JobReport)


async def test_certificates_are_loaded_at_the_first_https_request_and_once(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[ssl.SSLContext] = []

    def load() -> ssl.SSLContext:
        loaded.append(ssl.create_default_context(cafile=CERTIFICATE))
        return loaded[-1]

    monkeypatch.setattr(connections, "_certificates", load)
    async with (
        secure(reply(202, ACCEPTED), reply(200, RUNNING)) as server,
        ScriptedServer(reply(200, RUNNING)) as plain,
    ):
        urls = [plain.url, server.url, server.url]

        async def address() -> Address:
            return Address(urls.pop(0), Secret(KEY))

        client = WhisulClient(address)
        await client.job(JOB_ID)
        assert loaded == []
        await client.submit("rain", client_id=CLIENT_ID)
        await client.job(JOB_ID)
        await client.aclose()
    assert len(loaded) == 1
