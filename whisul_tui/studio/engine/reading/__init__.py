"""Reading a prompt: text in, Spec out. Words and numbers live in tables beside the code that looks for them."""

from whisul_tui.studio.engine.reading.parse import parse
from whisul_tui.studio.engine.reading.revising import Origin, read

__all__ = ["Origin", "parse", "read"]
