"""Every error that the program knows, as its sentence and exit code."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from whisul_tui.cli.exits import Exit, VerbError
from whisul_tui.domain import PromptError
from whisul_tui.settings import SettingsError

# By name, for only what was imported can have been raised: explaining an error loads no room.
_KNOWN: Sequence[tuple[str, str, Exit]] = (
    ("whisul_tui.api.errors", "KeyRefused", Exit.KEY),
    ("whisul_tui.api.errors", "NotFound", Exit.NO_JOB),
    ("whisul_tui.api.errors", "Rejected", Exit.REJECTED),
    ("whisul_tui.api.errors", "ConfigurationProblem", Exit.USAGE),
    ("whisul_tui.api.errors", "WhisulError", Exit.PATIENCE),
    ("whisul_tui.storage.errors", "StoreError", Exit.UNEXPECTED),
    ("whisul_tui.studio.errors", "StudioError", Exit.PATIENCE),
    ("whisul_tui.listening.players", "PlayerError", Exit.UNEXPECTED),
    ("whisul_tui.listening.links", "LinkError", Exit.UNEXPECTED),
)


def explain(error: BaseException) -> tuple[str, Exit] | None:
    """The sentence and the exit code of an error that was foreseen; None for one that was not."""
    if isinstance(error, VerbError):
        return str(error), error.code
    if isinstance(error, SettingsError | PromptError):
        return str(error), Exit.USAGE
    for module, name, code in _KNOWN:
        kind = getattr(sys.modules.get(module), name, None)
        if isinstance(kind, type) and isinstance(error, kind):
            return str(error), code
    return None
