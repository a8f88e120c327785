"""Links and files that want more of a player than to be played. Each names a BAIT; none of them runs anything."""

from __future__ import annotations

import base64
import struct
from pathlib import Path

from tests.listening.songs import wav

ID3 = b"ID3\x04\0\0\0\0\0\0"
SIDECARS = (
    "song.srt", "song.ass", "song.lua", "song.mp3.conf", "song.cue", "song.edl", "song.jpg", "mpv.conf", "input.conf",
    ".mpv/config", ".config/mpv/mpv.conf.BAIT", "cover.jpg", "song.mka",
)  # fmt: skip


def bodies(bait: Path, address: str) -> dict[str, bytes]:
    """What stands where a song should be, by name: playlists, lists of pieces, references, in the players' own ways."""
    url, file = f"{address}/BAIT.wav", str(bait)
    texts = {
        "edl": f"# mpv EDL v0\n{file}\n",
        "edl-link": f"# mpv EDL v0\n{url}\n",
        "edl-stream": f"# mpv EDL v0\n!new_stream\n{file},length=1\n!delay_open,media_type=audio\n",
        "cue": f'FILE "{bait.name}" WAVE\n  TRACK 01 AUDIO\n    INDEX 01 00:00:00\n',
        "m3u": f"#EXTM3U\n#EXTINF:1,x\n{file}\n",
        "m3u-relative": f"#EXTM3U\n{bait.name}\n",
        "m3u-link": f"#EXTM3U\n{url}\n",
        "m3u-file": f"#EXTM3U\nfile://{file}\n",
        "m3u-vlcopt": f"#EXTM3U\n#EXTVLCOPT:sout=#file{{dst={file}.out}}\n#EXTVLCOPT:input-slave={file}\n{url}\n",
        "m3u-ytdl": "#EXTM3U\nytdl://--exec=touch BAIT\n",
        "pls": f"[playlist]\nFile1={file}\nNumberOfEntries=1\nVersion=2\n",
        "asx": f'<asx version="3.0"><entry><ref href="{url}"/></entry></asx>',
        "xspf": f'<?xml version="1.0"?><playlist version="1" xmlns="http://xspf.org/ns/0/"><trackList><track>'
        f"<location>file://{file}</location></track></trackList></playlist>",
        "ram": f"{url}\n",
        "concat": f"ffconcat version 1.0\nfile {bait.name}\n",
        "concat-absolute": f"ffconcat version 1.0\nfile '{file}'\n",
        "concat-link": f"ffconcat version 1.0\nfile '{url}'\n",
        "concat-protocol": f"ffconcat version 1.0\nfile 'subfile,,start,0,end,9,,:{file}'\n",
        "hls": f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{url}\n#EXT-X-ENDLIST\n",
        "hls-file": f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{file}\n#EXT-X-ENDLIST\n",
        "hls-key": f'#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXT-X-KEY:METHOD=AES-128,URI="{url}"\n#EXTINF:1,\n{url}\n',
        "hls-concat": f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nconcat:{file}|{url}\n#EXT-X-ENDLIST\n",
        "dash": f'<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static"><Period>'
        f'<AdaptationSet mimeType="audio/mp4"><Representation id="1" bandwidth="1"><BaseURL>{url}</BaseURL>'
        f"</Representation></AdaptationSet></Period></MPD>",
        "smil": f'<smil><body><audio src="{url}"/></body></smil>',
        "sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=BAIT\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 5004 RTP/AVP 0\n",
        "html": f'<html><meta http-equiv="refresh" content="0;url={url}"><video src="{url}"></html>',
        "ffmetadata": f";FFMETADATA1\ntitle=x\nfile={file}\n",
        "qt-text": f"RTSPtext\n{url}\n",
        "zpl": f"AC=\nNM={file}\nFN={file}\n",
    }
    found = {name: text.encode() for name, text in texts.items()}
    found |= {f"tagged-{name}": ID3 + body for name, body in found.items()}
    found["linked-cover"] = _tagged(b"APIC", b"\0-->\0\3\0" + url.encode()) + wav(0.2)
    found["linked-text"] = _tagged(b"WXXX", b"\0\0" + url.encode()) + wav(0.2)
    found["linked-frame"] = _tagged(b"LINK", b"APIC" + url.encode() + b"\0") + wav(0.2)
    found["reference-movie"] = _movie(b"alis", b"\0\0\0\0" + file.encode())
    found["url-movie"] = _movie(b"url ", b"\0\0\0\0" + url.encode() + b"\0")
    found["reference-list"] = _box(b"ftyp", b"qt  \0\0\0\0qt  ") + _box(
        b"moov", _box(b"rmra", _box(b"rmda", _box(b"rdrf", b"\0\0\0\0url " + _counted(url.encode() + b"\0"))))
    )
    found["picture-block"] = b"fLaC" + b"\x86" + struct.pack(">I", 100 + len(url))[1:] + _picture(url.encode())
    found["picture-comment"] = (
        b"OggS" + b"\0" * 24 + b"METADATA_BLOCK_PICTURE=" + base64.b64encode(_picture(url.encode()))
    )
    found["wave-playlist"] = wav(0.2) + b"LIST" + struct.pack("<I", len(file)) + file.encode()
    found["aac-then-list"] = b"\xff\xf1\x50\x80\x02\x1f\xfc" * 30 + texts["m3u"].encode()
    return found


def links(address: str, bait: Path) -> list[str]:
    """Links that look like options, other protocols, lists of files; and some that are right and look odd."""
    return [
        "-", "--", "--script=/tmp/BAIT.lua", "-i", ":sout=#file{dst=BAIT}", f"file://{bait}", str(bait), bait.name,
        f"edl://{bait}", f"edl:{bait}", f"lavf://concat:{bait}", f"concat:{bait}|{bait}", f"concatf:{bait}",
        f"subfile,,start,0,end,9,,:{bait}", f"appending://{bait}", f"crypto:{bait}", f"cache:{bait}", f"async:{bait}",
        "ytdl://--exec=touch BAIT", "memory://#EXTM3U\nBAIT", "av://lavfi:amovie=BAIT.wav", f"mf://{bait}", "fd://0",
        "fdclose://0", "pipe:0", "tee:BAIT", f"bluray://{bait}", f"dvd://1/{bait}", f"archive://{bait}|x", "rtmp://x/BAIT",
        "screen://", "v4l2:///dev/video0", "javascript:alert(1)", "data:audio/x-mpegurl,BAIT", f"http:{bait}", "http://",
        f"https://user:secret@127.0.0.1{bait}", f"{address}/song.mp3 --script=BAIT.lua", f"{address}/song.mp3\n{bait}",
        f"{address}/song.mp3?--script=BAIT-option", f"{address}/%2D%2Dscript=x", f"{address}/$(touch%20BAIT)",
        f"{address}/;touch$IFS-BAIT", f"{address}/`touch BAIT`", f"{address}/song.mp3#{bait.name}",
        f"{address}//etc/passwd", f"{address}/%00.mp3", f"{address}/redirect-file", f"{address}/redirect-list",
    ]  # fmt: skip


def _tagged(frame: bytes, content: bytes) -> bytes:
    body = frame + struct.pack(">I", len(content)) + b"\0\0" + content
    return b"ID3\x03\0\0" + bytes((len(body) >> shift) & 0x7F for shift in (21, 14, 7, 0)) + body


def _box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content) + 8) + kind + content


def _counted(text: bytes) -> bytes:
    return struct.pack(">I", len(text)) + text


def _movie(kind: bytes, reference: bytes) -> bytes:
    """A QuickTime movie whose sound is said to lie in another file."""
    drefs = _box(b"dref", struct.pack(">II", 0, 1) + _box(kind, reference))
    media = _box(b"minf", _box(b"smhd", b"\0" * 8) + _box(b"dinf", drefs))
    track = _box(b"trak", _box(b"tkhd", b"\0" * 84) + _box(b"mdia", _box(b"mdhd", b"\0" * 24) + media))
    return (
        _box(b"ftyp", b"qt  \0\0\0\0qt  ")
        + _box(b"moov", _box(b"mvhd", b"\0" * 100) + track)
        + _box(b"mdat", b"\0" * 999)
    )


def _picture(url: bytes) -> bytes:
    return struct.pack(">I", 3) + _counted(b"-->") + struct.pack(">IIIII", 0, 1, 1, 24, 0) + _counted(url)
