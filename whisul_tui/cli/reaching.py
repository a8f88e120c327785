"""The layers between this machine and Whisul, as `doctor` checks them: key, network, API."""

from __future__ import annotations

import asyncio
import os
import socket
import time
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from whisul_tui.api.address import Address
from whisul_tui.api.errors import KeyRefused, Limited, WhisulError
from whisul_tui.cli.call import Call
from whisul_tui.cli.exits import Exit
from whisul_tui.cli.failures import explain
from whisul_tui.cli.finding import Finding, broken, fine, note, skipped
from whisul_tui.domain.clean import clean_line
from whisul_tui.domain.gate import Gate
from whisul_tui.session import StudioFinder, open_store
from whisul_tui.settings import Settings, SettingsError, is_loopback
from whisul_tui.storage import StoreError

_SECONDS = 5.0


def check_key(call: Call, settings: Settings) -> tuple[Finding, Settings]:
    """Whether there is a key, and where it came from; the settings with it."""
    if settings.profile.is_local:
        return fine("key", "not needed for the local studio"), settings
    origin = settings.origins["api_key" if settings.key else "api_key_command"]
    try:
        settings = call.with_key(settings)
    except SettingsError as error:
        return broken("key", str(error), "Run that command by hand and see what it prints.", Exit.KEY), settings
    if settings.key is None:
        mend = f"Set WHISUL_API_KEY, or api_key or api_key_command in {call.paths.config_file}; or use --local."
        return broken("key", f"none for the profile {settings.profile.name}", mend, Exit.KEY), settings
    return fine("key", f"{settings.key.masked} from {origin}"), settings


def check_network(settings: Settings) -> Finding:
    """Whether the host of the API, or the proxy on the way, takes a connection."""
    if settings.profile.is_local:
        return fine("network", "not needed for the local studio")
    parts = urlsplit(settings.profile.base_url)
    direct = is_loopback(settings.profile.base_url) or proxy_bypass(parts.hostname or "")
    proxies = getproxies()
    proxy = None if direct else proxies.get(parts.scheme) or proxies.get("all")
    try:
        target = urlsplit(proxy if "://" in proxy else f"//{proxy}") if proxy else parts
        host, port = target.hostname, target.port or (443 if target.scheme == "https" else 80)
    except ValueError:
        host = None
    if not host:
        mend = "Correct or unset HTTPS_PROXY or ALL_PROXY: an http:// URL works."
        return broken("network", "the proxy settings cannot be used", mend, Exit.USAGE)
    mend = "Check the network, the name, and HTTPS_PROXY."
    if proxy is not None:
        mend = "Check HTTPS_PROXY, ALL_PROXY and NO_PROXY."
    try:
        began = time.monotonic()
        with socket.create_connection((host, port), timeout=_SECONDS):
            taken = (time.monotonic() - began) * 1000
    except (OSError, ValueError, UnicodeError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__
        return broken("network", f"{clean_line(host)} cannot be reached ({clean_line(why)})", mend, Exit.PATIENCE)
    through = " (a proxy)" if proxy else ""
    if os.environ.get("SSLKEYLOGFILE"):
        mend = "Unset it, unless you mean to: whoever reads that file can read the API key on the wire."
        return note(
            "network", f"{clean_line(host)} answers, and SSLKEYLOGFILE has every connection's keys written", mend
        )
    return fine("network", f"{clean_line(host)} port {port}{through} answers in {taken:.0f} ms")


def check_api(call: Call, settings: Settings, clock: float) -> Finding:
    """Asks for a job that cannot exist: costs nothing, and shows whether address and key work.

    While the account's gate is closed nothing is asked. `clock`: wall clock seconds.
    """
    gate = _gate(call, settings)
    if gate.refused_key:
        return broken("API", "Whisul refused this key (401); nothing is sent with it", _NEW_KEY, Exit.KEY)
    if gate.until > clock:
        return note("API", f"not asked: requests of this account wait for another {gate.until - clock:.0f} s (429)")
    began = time.monotonic()
    try:
        where = asyncio.run(_ask(call, settings))
    except Limited as error:
        return note("API", str(error), "Wait; the program does so by itself.")
    except KeyRefused as error:
        return broken("API", str(error), _NEW_KEY, Exit.KEY)
    except WhisulError as error:
        told = explain(error)
        return broken("API", str(error), "", told[1] if told else Exit.PATIENCE)
    return fine("API", f"{where} takes the key, answered in {(time.monotonic() - began) * 1000:.0f} ms")


def beyond(layer: str) -> list[Finding]:
    """The layers that cannot be judged when the configuration or the key is broken."""
    return [skipped(name, layer) for name in ("key", "network", "API")]


_NEW_KEY = "Give another key: WHISUL_API_KEY, api_key or api_key_command."


async def _ask(call: Call, settings: Settings) -> str:
    from whisul_tui.api.client import WhisulClient

    if settings.profile.is_local:
        address = await StudioFinder(call.paths)()
    else:
        address = Address(settings.profile.base_url, settings.key)
    client = WhisulClient(address)
    try:
        await client.check()
    finally:
        await client.aclose()
    return address.base_url


def _gate(call: Call, settings: Settings) -> Gate:
    """What the store remembers of the account's gate; an open one where the store cannot tell."""
    from whisul_tui.storage import gates

    try:
        with open_store(call.paths) as database:
            return gates.load(database.read(), settings.profile.gate(settings.key)) if database else Gate()
    except StoreError:  # a layer of its own, which says so
        return Gate()
