"""The studio's command: `whisul-tui studio`, and `python -m whisul_tui.studio` with the same options."""

from __future__ import annotations

import argparse
import logging
import os
import shlex
import sys
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace

from whisul_tui.studio.address import api_url
from whisul_tui.studio.errors import StudioError
from whisul_tui.studio.options import COMPOSER, KEY_VARIABLE, Options, add_arguments, read_options

__all__ = ["add_arguments", "main", "serve"]

_NEEDED = ("starlette", "uvicorn")
_ENGINE_NEEDED = ("numpy", "PIL")
_LOG_BYTES = 1 << 20


def serve(found: SimpleNamespace, state_dir: Path | None = None, data_dir: Path | None = None) -> int:
    """Runs a studio until it is ended; 0, or 2 with a sentence on standard error when it cannot run.

    The folders are the caller's, else `found.state_dir` and `found.data_dir`.
    """
    told = None
    try:
        options = read_options(found, state_dir or found.state_dir, data_dir or found.data_dir)
        told = options.ready_fd
        _check_dependencies(options)
        if options.shared and told is not None:
            _leave_parent()
        _serve(options)
    except StudioError as error:
        if told is not None:
            _tell(told, str(error))
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """`python -m whisul_tui.studio`."""
    about = "The local studio: a Whisul API on 127.0.0.1."
    # No abbreviations: `--key SECRET` must not be taken for a file whose name is then shown.
    parser = argparse.ArgumentParser("whisul-tui studio", description=about, allow_abbrev=False)
    add_arguments(parser)
    parser.add_argument("--state-dir", type=Path, required=True, metavar="DIR", help="where port and key are kept")
    parser.add_argument("--data-dir", type=Path, required=True, metavar="DIR", help="where jobs and songs are kept")
    return serve(parser.parse_args(arguments, SimpleNamespace()))


def _serve(options: Options) -> None:
    # Only now: the command line of the whole program is read with this module.
    from whisul_tui.studio.host import set_up

    with set_up(options) as hosted:
        _start_log(options)
        hosted.run(_announcer(options, hosted.studio.port))


def _announcer(options: Options, port: int) -> Callable[[], None]:
    def announce() -> None:
        logging.getLogger("whisul.studio").info("studio at %s", api_url(port))
        if options.ready_fd is not None:
            _tell(options.ready_fd, "ready")
        if not options.shared:
            sys.stdout.write(_how_to_use(options, port))
            sys.stdout.flush()

    return announce


def _how_to_use(options: Options, port: int) -> str:
    if options.key is not None and options.key_file is None:
        key = f"${KEY_VARIABLE}"
    else:
        key = f"$(cat {shlex.quote(str(options.key_file or options.own_key_file))})"
    return (
        f"Whisul studio at {api_url(port)}, jobs and songs in {options.folder}; ctrl+C ends it.\n"
        f"To use it, in another terminal:\n"
        f"  export WHISUL_BASE_URL={api_url(port)}\n"
        f'  export WHISUL_API_KEY="{key}"\n'
        f"  whisul-tui\n"
    )


def _check_dependencies(options: Options) -> None:
    needed = _NEEDED + (_ENGINE_NEEDED if options.composer == COMPOSER else ())
    missing = [name for name in needed if find_spec(name) is None]
    if missing:
        raise StudioError(
            f'The studio needs its extra ({", ".join(missing)} missing): pip install "whisul-tui[studio]" adds it.'
        )


def _leave_parent() -> None:
    """Goes on in a child of its own, so that whoever started the studio neither keeps nor inherits a dead process."""
    if os.fork() > 0:
        os._exit(0)


def _tell(handle: int, message: str) -> None:
    """Says one thing to the process that waits for the start, and hangs up."""
    try:
        os.write(handle, message.encode())
    except BrokenPipeError:  # it no longer waits
        pass
    finally:
        os.close(handle)


def _start_log(options: Options) -> None:
    """The shared studio's log is standard error as its starter opened it, cut when it has grown; else the terminal."""
    if options.shared and os.fstat(2).st_size > _LOG_BYTES:
        os.ftruncate(2, 0)
    form = "%(asctime)s %(levelname)s %(message)s"
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format=form, force=True)
    logging.getLogger("whisul.studio").setLevel(logging.INFO)
    logging.getLogger("uvicorn.error").addFilter(_is_news)


def _is_news(record: logging.LogRecord) -> bool:
    """Whether a line of the server's is worth keeping: its end is meant to cut off whatever is still being answered."""
    cut_off = record.exc_info and record.exc_info[0] and record.exc_info[0].__name__ == "CancelledError"
    return not cut_off and not record.getMessage().startswith("Cancel ")
