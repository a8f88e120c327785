"""What the program talks about: jobs, songs, prompts. No input or output happens here."""

from whisul_tui.domain.job import Job, JobState
from whisul_tui.domain.prompt import PROMPT_LIMIT, PromptError, check_prompt
from whisul_tui.domain.song import Song

__all__ = ["PROMPT_LIMIT", "Job", "JobState", "PromptError", "Song", "check_prompt"]
