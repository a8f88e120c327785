"""A dead link is asked for anew, once: the parts for it, wired for the TUI and the verbs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from whisul_tui.session import client_factory
from whisul_tui.settings import SettingsError, with_key

if TYPE_CHECKING:
    from whisul_tui.domain import Job
    from whisul_tui.paths import Paths
    from whisul_tui.settings import Settings
    from whisul_tui.storage import JobStore


def renewer(paths: Paths, settings: Settings, store: JobStore) -> Callable[[Job], Awaitable[Job]]:
    """What asks Whisul for a job's links of now, and gets the key then. It raises NotRenewed with a sentence."""

    async def renew(job: Job) -> Job:
        from whisul_tui.jobs.renewal import Renewal, RenewalError
        from whisul_tui.jobs.rhythm import Rhythm
        from whisul_tui.listening.download_errors import NotRenewed
        from whisul_tui.storage import StoreError

        profile = settings.profile
        try:
            keyed = await asyncio.to_thread(with_key, settings)
        except SettingsError as error:
            raise NotRenewed(str(error)) from error
        if job.account != profile.account:
            raise NotRenewed("It was made with another account: open the profile of that one.")
        client = client_factory(paths, keyed)()
        try:
            renewal = Renewal(
                store,
                client,
                account=profile.account,
                gate=profile.gate(keyed.key),
                rhythm=Rhythm(profile.poll_min_seconds, profile.poll_max_seconds),
            )
            return await renewal.ask(job)
        except (RenewalError, StoreError) as error:
            raise NotRenewed(str(error)) from error
        finally:
            await client.aclose()

    return renew
