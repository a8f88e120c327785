"""A profile: an account, where its API is, and how often it may be asked."""

from __future__ import annotations

import hashlib
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import urlsplit

from whisul_tui.domain.clean import clean_url
from whisul_tui.domain.secret import Secret
from whisul_tui.settings.table import SettingsError

LOCAL = "local"
FLOOR_SECONDS = 5.0


class Profile(NamedTuple):
    """An account and its API. `poll_min_seconds` and `poll_max_seconds` bound the time between two asks of one job.

    `max_in_flight`: at most so many jobs with Whisul at once, None for no limit. `is_local`: the embedded studio, whose
    address is found when it is needed.
    """

    name: str
    base_url: str
    poll_min_seconds: float = FLOOR_SECONDS
    poll_max_seconds: float = 10.0
    max_in_flight: int | None = None

    @property
    def is_local(self) -> bool:
        """Whether this is the embedded studio."""
        return self.name == LOCAL

    @property
    def account(self) -> str:
        """Whose jobs these are, `name@host`: a new key keeps the jobs, another API does not get their ids."""
        return f"{self.name}@studio" if self.is_local else f"{self.name}@{urlsplit(self.base_url).netloc}"

    def gate(self, key: Secret | None) -> str:
        """Which gate the requests go through: one for all profiles that share API and key, without showing the key."""
        if self.is_local or key is None:
            return self.account
        return hashlib.sha256(f"{urlsplit(self.base_url).netloc}\n{key.reveal()}".encode()).hexdigest()[:24]


def is_loopback(url: str) -> bool:
    """Whether a URL names this machine itself."""
    try:
        host = urlsplit(url).hostname or ""
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def check_base_url(url: str, where: str) -> str:
    """The base URL without a trailing slash; raises SettingsError where it is no https URL (http for loopback)."""
    clean = clean_url(url.rstrip("/"))
    parts = urlsplit(clean) if clean else None
    if parts is None or parts.query or parts.fragment or not _has_good_port(url):
        raise SettingsError(f"{where}: base_url is no plain http(s) URL with a host; allowed is an https URL.")
    if parts.scheme.lower() != "https" and not is_loopback(url):
        raise SettingsError(
            f"{where}: base_url is plain http; that would show the key. Allowed is https (http for loopback)."
        )
    return clean or ""


def check_rhythm(low: float, high: float, base_url: str, where: str) -> None:
    """Raises SettingsError for poll intervals below the floor of a remote API, or the wrong way round."""
    if not is_loopback(base_url):
        for name, value in (("poll_min_seconds", low), ("poll_max_seconds", high)):
            if value < FLOOR_SECONDS:
                raise SettingsError(
                    f"{where}: {name} is {value:g}; allowed is 5 or more for {urlsplit(base_url).netloc}."
                )
    if high < low:
        raise SettingsError(f"{where}: poll_max_seconds is {high:g}; allowed is poll_min_seconds ({low:g}) or more.")


def _has_good_port(url: str) -> bool:
    try:
        return urlsplit(url).port != 0
    except ValueError:
        return False
