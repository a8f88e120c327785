"""Covers brought from a server that may be anything, and kept within bounds."""

from __future__ import annotations

import os
from itertools import repeat
from pathlib import Path

import pytest

from tests.listening.server import Cdn, Reply, Served
from tests.listening.songs import png
from whisul_tui.listening import covers
from whisul_tui.listening.covers import CoverShelf
from whisul_tui.listening.downloads import Downloader
from whisul_tui.listening.pictures import PictureError


async def brought(shelf: CoverShelf, url: str) -> bytes:
    downloader = Downloader()
    try:
        return await shelf.cover(url, downloader)
    finally:
        await downloader.aclose()


async def test_a_cover_is_brought_without_the_key_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WHISUL_API_KEY", "wh_secret")
    shelf = CoverShelf(tmp_path / "covers")
    with Cdn() as cdn:
        cdn.files["/a.png"] = Served(png(), "image/png")
        url = cdn.url("/a.png")
        assert shelf.kept(url) is None
        data = await brought(shelf, url)
        assert "authorization" not in cdn.asked[0].headers
        assert "wh_secret" not in str(cdn.asked[0].headers)
    shelf.keep(url, data)
    assert shelf.kept(url) == data == png()
    assert shelf.kept(url + "?other") is None
    assert [path.suffix for path in (tmp_path / "covers").iterdir()] == [".cover"]


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Reply(404, b"gone", {}, 4), "answers 404"),
        (Reply(200, b"<html>an error</html>", {}, 21), "leads to no picture"),
        (Reply(200, repeat(png() + b"x" * 100_000), {}, None), "too large"),
        (Reply(200, png()[:100], {}, 5_000), "cannot be had"),
    ],
    ids=["gone", "a page", "endless", "cut"],
)
async def test_what_is_no_cover_is_told_in_a_few_words(tmp_path: Path, reply: Reply, words: str) -> None:
    with Cdn() as cdn:
        cdn.files["/a.png"] = lambda _: reply
        with pytest.raises(PictureError, match=words):
            await brought(CoverShelf(tmp_path), cdn.url("/a.png"))


async def test_only_https_leaves_this_machine(tmp_path: Path) -> None:
    with pytest.raises(PictureError):
        await brought(CoverShelf(tmp_path), "http://cdn.example/a.png")


def test_the_longest_unused_go_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(covers, "_KEPT", 3)
    shelf = CoverShelf(tmp_path)
    for number in range(5):
        shelf.keep(f"https://e/{number}", png())
        for age, path in enumerate(sorted(tmp_path.glob("*.cover"), key=lambda p: p.stat().st_mtime, reverse=True)):
            os.utime(path, (1_000_000 - age, 1_000_000 - age))
    assert [number for number in range(5) if shelf.kept(f"https://e/{number}")] == [2, 3, 4]


def test_a_folder_that_cannot_be_written_costs_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    shelf = CoverShelf(tmp_path / "file" / "covers")
    shelf.keep("https://e/1", png())
    assert shelf.kept("https://e/1") is None


def test_a_kept_file_that_is_no_picture_any_more_is_not_used(tmp_path: Path) -> None:
    shelf = CoverShelf(tmp_path)
    shelf.keep("https://e/1", png())
    next(tmp_path.glob("*.cover")).write_bytes(b"#!/bin/sh")
    assert shelf.kept("https://e/1") is None
