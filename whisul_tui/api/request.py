"""A request to Whisul, up to the bytes of its head."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import SplitResult, quote

import h11

from whisul_tui import __version__
from whisul_tui.api.connections import Origin
from whisul_tui.domain.secret import Secret

_PORTS = {"http": 80, "https": 443}
_KEPT = "/%:@!$&'()*+,;=-._~[]|^"  # of a path; what else is no letter or digit is sent as %XX
_ALWAYS = (("Accept", "application/json"), ("Accept-Encoding", "identity"), ("User-Agent", f"whisul-tui/{__version__}"))


class Request(NamedTuple):
    """A request with its key, which goes to the origin of `base` and, nothing being followed, to no other.

    `base`: as `check_base_url` gives it; `path` comes after its own. `body`: None asks, anything else submits.
    """

    method: str
    base: SplitResult
    path: str
    headers: Mapping[str, str]
    body: bytes | None
    key: Secret

    @property
    def origin(self) -> Origin:
        """Who is asked."""
        return Origin(self.base.scheme, self.base.hostname or "", self.base.port or _PORTS[self.base.scheme])

    def encoded(self) -> h11.Request:
        """With the key in the clear; raises h11.LocalProtocolError for what no request may hold."""
        scheme, host, port = self.origin
        host = f"[{host}]" if ":" in host else host
        headers = [("Host", host if port == _PORTS[scheme] else f"{host}:{port}"), *_ALWAYS, *self.headers.items()]
        if self.body is not None:
            headers.append(("Content-Length", str(len(self.body))))
        headers.append(("Authorization", f"Bearer {self.key.reveal()}"))
        target = quote(self.base.path + self.path, safe=_KEPT)
        return h11.Request(method=self.method, target=target, headers=headers)
