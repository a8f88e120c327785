"""Which base URLs may get the key."""

from __future__ import annotations

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whisul_tui.api.address import check_base_url, is_loopback
from whisul_tui.api.errors import ConfigurationProblem


@pytest.mark.parametrize(
    ("base_url", "kept"),
    [
        ("https://whisul.com/api", "https://whisul.com/api"),
        ("https://whisul.com/api/", "https://whisul.com/api"),
        ("HTTPS://Whisul.com:8443", "https://Whisul.com:8443"),
        ("http://127.0.0.1:8000/api", "http://127.0.0.1:8000/api"),
        ("http://127.9.9.9", "http://127.9.9.9"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("https://[2001:db8::1]/api", "https://[2001:db8::1]/api"),
        ("https://my_host.lan/api", "https://my_host.lan/api"),
    ],
)
def test_good_base_urls_are_kept(base_url: str, kept: str) -> None:
    assert check_base_url(base_url).geturl() == kept


@pytest.mark.parametrize(
    "base_url",
    [
        "",
        "whisul.com/api",
        "//whisul.com/api",
        "ftp://whisul.com",
        "file:///etc/passwd",
        "https://",
        "https:///api",
        "https://user:password@whisul.com/api",
        "https://@whisul.com",
        "https://whisul.com/api?key=1",
        "https://whisul.com/api#x",
        "https://whisul.com:0/",
        "https://whisul.com:99999/",
        "https://whisul.com:x/",
        "https://[::1/",
        "https://[1:2]/",
        "https://999.1.1.1/",
        "https://[::];",
        "https://[::1]x/",
        "https://whisul.com:/",
        "https://a..b/",
        f"https://{'x' * 64}.com/",
        "https://whisul.com/a b",
        "https://whisul.com/\n",
        "https://whisul.com\\@evil.example/",
        "https://wh\u0456sul.com/",
        "https://" + "x." * 1500,
        "http://whisul.com/api",
        "http://127.0.0.1.evil.example/",
        "http://localhost.evil.example/",
        "http://10.0.0.1/",
        "http://0.0.0.0/",
    ],
)
def test_others_are_refused_with_the_mend(base_url: str) -> None:
    with pytest.raises(ConfigurationProblem, match="base_url in the settings or WHISUL_BASE_URL") as caught:
        check_base_url(base_url)
    assert "password" not in str(caught.value)


@given(
    st.builds(
        "{}://{}{}".format,
        st.sampled_from(["https", "http"]),
        st.text("ab1.:[]-_%@\\é0x", max_size=12),
        st.sampled_from(["", "/"]).flatmap(lambda slash: st.text("ab/.%;:?#[]~", max_size=8).map(slash.__add__)),
    )
)
@settings(max_examples=500, deadline=None, derandomize=True)
def test_what_is_kept_is_a_url_to_httpx_too_and_of_the_same_origin(base_url: str) -> None:
    try:
        parts = check_base_url(base_url)
    except ConfigurationProblem:
        return
    url = httpx.URL(parts.geturl() + "/jobs/x")
    assert (url.scheme, url.host, url.port) == (parts.scheme, parts.hostname, parts.port)
    assert url.path.endswith("/jobs/x")


def test_loopback_is_this_machine_alone() -> None:
    assert all(map(is_loopback, ("localhost", "LOCALHOST", "127.0.0.1", "127.1.2.3", "::1", "[::1]")))
    assert not any(map(is_loopback, ("", "127.0.0.1.example", "localhost.example", "0.0.0.0", "::", "192.168.0.1")))
