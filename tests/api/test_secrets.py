"""The key goes to the configured origin and nowhere else: no redirect, no poll_url, no exception, no log holds it."""

from __future__ import annotations

import gc
import logging
import traceback
from collections.abc import Iterator

import httpx
import pytest

from tests.api.calls import ACCEPTED, CLIENT_ID, JOB_ID, KEY, RUNNING, Leaving, ask, submit_to
from tests.api.test_hostile import BAD_REPLIES, LOST, closed_origin
from tests.support.scripted import ScriptedServer, Step, raw, reply, reset
from whisul_tui.api.address import Address, check_base_url
from whisul_tui.api.client import WhisulClient
from whisul_tui.api.connections import BearerAuth
from whisul_tui.api.errors import WhisulError
from whisul_tui.domain.secret import Secret


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_to_another_origin_is_not_followed(status: int) -> None:
    async with ScriptedServer() as evil:
        away = reply(status, b"", {"Location": evil.url + "/steal"})
        async with ScriptedServer(away, away) as server:
            assert isinstance(await ask(server.url), WhisulError)
            assert isinstance(await submit_to(server.url), WhisulError)
    assert evil.connections == 0
    assert len(server.requests) == 2


async def test_a_poll_url_to_another_origin_is_never_asked() -> None:
    async with ScriptedServer() as evil:
        taken = reply(202, {**ACCEPTED, "poll_url": evil.url + "/steal"})
        async with ScriptedServer(taken, reply(200, RUNNING)) as server:
            client = WhisulClient(Address(server.url + "/api", Secret(KEY)))
            accepted = await client.submit("rain", client_id=CLIENT_ID)
            await client.job(accepted.job_id)
            await client.aclose()
    assert evil.connections == 0
    assert server.requests[1].path == f"/api/jobs/{JOB_ID}"


@pytest.mark.parametrize(
    ("url", "gets_it"),
    [
        ("https://whisul.com/api/x", True),
        ("https://WHISUL.com:443/", True),
        ("http://whisul.com/api/x", False),
        ("https://whisul.com:8443/", False),
        ("https://evil.example/", False),
        ("https://whisul.com.evil.example/", False),
    ],
)
def test_the_key_is_put_on_requests_to_its_origin_alone(url: str, gets_it: bool) -> None:
    auth = BearerAuth(Secret(KEY), check_base_url("https://whisul.com/api"))
    request = next(auth.auth_flow(httpx.Request("GET", url)))
    assert ("authorization" in request.headers) is gets_it


TROUBLES: dict[str, Step] = {
    **{name: BAD_REPLIES[name] for name in ("html", "100,000 deep", "redirect", "10 GB announced")},
    **{name: LOST[name] for name in ("reset after the request", "closed in the body", "no http", "two lengths")},
    **{str(status): reply(status, {"message": "no"}) for status in (400, 401, 403, 404, 429, 500)},
}


@pytest.mark.parametrize("name", TROUBLES)
async def test_no_error_holds_the_key(name: str) -> None:
    async with ScriptedServer(otherwise=TROUBLES[name]) as server:
        for outcome in (await ask(server.url), await submit_to(server.url)):
            assert isinstance(outcome, WhisulError)
            assert_clean(outcome)


async def test_no_error_holds_the_key_when_nothing_answers_or_nothing_may_leave() -> None:
    outcome = await submit_to(closed_origin())
    assert isinstance(outcome, WhisulError)
    assert_clean(outcome)
    async with ScriptedServer() as server:
        with pytest.raises(OSError, match="disk full") as caught:
            await submit_to(server.url, Leaving(OSError("disk full")))
    assert_clean(caught.value)


async def test_no_log_line_holds_the_key(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with ScriptedServer(reply(202, ACCEPTED), reply(401), reset(), raw(b"\0\0\r\n\r\n")) as server:
        for _ in range(2):
            await submit_to(server.url)
            await ask(server.url)
    assert len(caplog.records) > 10  # httpcore did speak
    assert KEY not in caplog.text


async def test_nothing_keeps_the_key_in_the_clear_after_a_call() -> None:
    async with ScriptedServer(reply(200, RUNNING)) as server:
        client = WhisulClient(Address(server.url, Secret(KEY)))
        await client.job(JOB_ID)
        server.requests.clear()  # the server's own copies
        gc.collect()
        clear = f"Bearer {KEY}"
        held = [kept for kept in gc.get_objects() if isinstance(kept, tuple | list | dict) and holds(kept, clear)]
        await client.aclose()
    assert held == []


def holds(container: tuple[object, ...] | list[object] | dict[object, object], text: str) -> bool:
    """Whether a container itself has this text as an item or value, as str or bytes."""
    items = container.values() if isinstance(container, dict) else container
    return any(
        (type(item) is str and item == text) or (type(item) is bytes and item == text.encode()) for item in list(items)
    )


def assert_clean(error: BaseException) -> None:
    """No message, no chained error and no local variable of the package or of a library shows the key."""
    for link in linked(error):
        shown = traceback.TracebackException.from_exception(link, capture_locals=True)
        own = [frame for frame in shown.stack if "/tests/" not in frame.filename]
        assert KEY not in "".join(traceback.StackSummary.from_list(own).format())
        assert KEY not in str(link)
        assert KEY not in repr(link.args)
    assert len(list(linked(error))) == 1


def linked(error: BaseException | None) -> Iterator[BaseException]:
    """An error and all that hang on it."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
