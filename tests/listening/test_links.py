from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whisul_tui.listening.links import LinkError, checked_link, is_loopback

HOSTILE = [
    "--script=/tmp/x.lua",
    "-",
    "-http://cdn.example/a.mp3",
    " https://cdn.example/a.mp3",
    "file:///etc/passwd",
    "/etc/passwd",
    "edl:///etc/passwd",
    "lavf://concat:/etc/passwd",
    "concat:/etc/passwd|/etc/hosts",
    "subfile,,start,0,end,9,,:/etc/passwd",
    "ytdl://--exec=touch /tmp/pwned",
    "memory://#EXTM3U",
    "av://lavfi:sine",
    "javascript:alert(1)",
    "data:text/html,x",
    "smb://cdn.example/a.mp3",
    "http:///etc/passwd",
    "http://",
    "https:cdn.example/a.mp3",
    "https://user:secret@cdn.example/a.mp3",
    "https://-oProxyCommand=x/a.mp3",
    "https://cdn.example:99999/a.mp3",
    "https://cdn.example:x/a.mp3",
    "https://[::1/a.mp3",
    "https://[v1.a]/a.mp3",
    "https://[fe80::1%25eth0]/a.mp3",
    "https://cdn.example/a.mp3\n--script=x",
    "https://cdn.example/\x1b]52;c;UFdO\x07",
    "https://cdn.example\\@evil.example/a.mp3",
    "https://cdn.exämple/a.mp3",
    "https://cdn.example/a b.mp3",
    "https://cdn.example,evil/a.mp3",
    "https://cdn.example$(id)/a.mp3",
    "https://" + "a" * 254 + "/a.mp3",
    "https://cdn.example/" + "a" * 3000,
    None,
    b"https://cdn.example/a.mp3",
]


@pytest.mark.parametrize("link", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_link_is_refused_with_a_sentence(link: object) -> None:
    with pytest.raises(LinkError, match=r"^This is no|^The .* not valid"):
        checked_link(link)


@pytest.mark.parametrize(
    ("link", "written"),
    [
        ("https://cdn.example/songs/a.mp3", "https://cdn.example/songs/a.mp3"),
        ("HTTPS://CDN.Example:443/A.mp3", "https://cdn.example/A.mp3"),
        ("http://127.0.0.1:80", "http://127.0.0.1/"),
        ("http://[::1]:8000/x", "http://[::1]:8000/x"),
        ("https://cdn.example/a?sig=a%2Bb/c==&x=1;2#t=3", "https://cdn.example/a?sig=a%2Bb/c==&x=1;2#t=3"),
        ('https://cdn.example/`id`|{x}"<>^', "https://cdn.example/%60id%60%7C%7Bx%7D%22%3C%3E%5E"),
        ("https://cdn.example/100%/a", "https://cdn.example/100%25/a"),
    ],
)
def test_a_link_is_written_anew_from_its_parts(link: str, written: str) -> None:
    assert checked_link(link) == written
    assert checked_link(written) == written


@given(st.text(alphabet=st.characters(codec="ascii"), max_size=60))
def test_whatever_follows_the_host_stays_one_harmless_word(rest: str) -> None:
    try:
        link = checked_link("https://cdn.example/" + rest)
    except LinkError:
        return
    assert link.startswith("https://cdn.example/")
    assert link.isascii()
    assert link.isprintable()
    assert not set(link) & set(' "<>\\^`{|}')
    assert urlsplit(link).hostname == "cdn.example"
    assert checked_link(link) == link


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("http://127.0.0.1:8000/a", True),
        ("http://127.9.9.9/a", True),
        ("http://localhost/a", True),
        ("http://localhost./a", True),
        ("http://[::1]:1/a", True),
        ("https://cdn.example/a", False),
        ("http://localhost.evil.example/a", False),
        ("http://127.0.0.1.evil.example/a", False),
        ("http://10.0.0.1/a", False),
    ],
)
def test_loopback_is_told_from_the_host_alone(link: str, expected: bool) -> None:
    assert is_loopback(link) is expected
