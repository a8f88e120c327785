"""The scripted server itself: what other tests rely on."""

from __future__ import annotations

import httpx
import pytest

from tests.support.scripted import Request, ScriptedServer, answer, responds, running


def test_it_runs_on_a_thread_and_records_what_it_got() -> None:
    def echo(request: Request) -> bytes:
        return answer(200, {"path": request.path, "got": request.json})

    with running(ScriptedServer(responds(echo), responds(echo))) as server, httpx.Client(trust_env=False) as client:
        first = client.post(server.url + "/a", json={"n": 1}).json()
        second = client.post(server.url + "/b", json={"n": 2}).json()
        beyond = client.get(server.url + "/c")
    assert (first, second) == ({"path": "/a", "got": {"n": 1}}, {"path": "/b", "got": {"n": 2}})
    assert beyond.status_code == 599
    assert [request.path for request in server.requests] == ["/a", "/b", "/c"]
    assert server.requests[0].at <= server.requests[1].at <= server.requests[2].at
    assert server.connections == 1


def test_a_fault_of_the_script_is_kept_for_the_test() -> None:
    def broken(_request: Request) -> bytes:
        raise KeyError("x")

    with running(ScriptedServer(responds(broken))) as server, pytest.raises(httpx.RemoteProtocolError):
        httpx.get(server.url, trust_env=False)
    assert [type(fault) for fault in server.faults] == [KeyError]
