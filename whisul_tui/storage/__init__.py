"""All jobs on disk, in SQLite: the steps of a job, claims, windows and search. Knows nothing but the domain."""

from whisul_tui.storage.claims import Due, Owner, Turn
from whisul_tui.storage.database import Database
from whisul_tui.storage.drafts import Drafts, PastPrompt, PromptHistory
from whisul_tui.storage.errors import (
    JobAmbiguous,
    JobNotFound,
    StoreBusy,
    StoreDamaged,
    StoreError,
    StoreFull,
    StoreMissing,
    StoreNewer,
    StoreReadOnly,
)
from whisul_tui.storage.jobs import JobStore
from whisul_tui.storage.windows import Sort, View, Windows

__all__ = [
    "Database",
    "Drafts",
    "Due",
    "JobAmbiguous",
    "JobNotFound",
    "JobStore",
    "Owner",
    "PastPrompt",
    "PromptHistory",
    "Sort",
    "StoreBusy",
    "StoreDamaged",
    "StoreError",
    "StoreFull",
    "StoreMissing",
    "StoreNewer",
    "StoreReadOnly",
    "Turn",
    "View",
    "Windows",
]
