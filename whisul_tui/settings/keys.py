"""Getting the API key from the command that prints it."""

from __future__ import annotations

import os
import shlex
import subprocess
from dataclasses import replace

from whisul_tui.domain.clean import clean_line
from whisul_tui.domain.secret import Secret
from whisul_tui.settings.load import Settings
from whisul_tui.settings.table import SettingsError


def with_key(settings: Settings, seconds: float = 60.0) -> Settings:
    """The settings with the key that `api_key_command` prints; the same settings where none is to be run.

    The command has the terminal (a pass phrase may be asked for) and runs without a shell; raises SettingsError.
    """
    if settings.key is not None or settings.key_command is None:
        return settings
    where = settings.origins["api_key_command"]
    try:
        words = shlex.split(settings.key_command)
        environment = {name: value for name, value in os.environ.items() if not name.startswith("WHISUL_")}
        done = subprocess.run(words, stdout=subprocess.PIPE, timeout=seconds, check=True, env=environment)
        return replace(settings, key=Secret(done.stdout.decode("ascii", "replace")))
    except subprocess.CalledProcessError as error:
        raise SettingsError(
            f"{where}: api_key_command ended with {error.returncode}; allowed is a command that prints the key."
        ) from None
    except subprocess.TimeoutExpired:
        raise SettingsError(f"{where}: api_key_command gave no answer in {seconds:g} s.") from None
    except OSError as error:
        raise SettingsError(f"{where}: api_key_command cannot be run: {clean_line(error.strerror)}.") from None
    except (ValueError, IndexError) as error:
        raise SettingsError(f"{where}: api_key_command gave no usable key. {clean_line(str(error))}") from None
