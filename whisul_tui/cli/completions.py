"""`completions`: what a shell needs to complete the command line, job ids and profiles included.

The scripts are shtab's, made from the same tables of arguments as the help: they complete at once, without Python. Only
ids and profile names are asked of the program itself when they are wanted, by `--of`.
"""

from __future__ import annotations

import argparse

from whisul_tui.cli.call import Call
from whisul_tui.cli.exits import Exit, VerbError

SHELLS = ("bash", "zsh", "fish")
_KINDS = ("jobs", "profiles")
_EPILOG = """\
bash:  whisul-tui completions bash > ~/.local/share/bash-completion/completions/whisul-tui
zsh:   whisul-tui completions zsh > ~/.zfunc/_whisul-tui     (with fpath+=~/.zfunc before compinit in ~/.zshrc)
fish:  whisul-tui completions fish > ~/.config/fish/completions/whisul-tui.fish"""
_ASK = "command whisul-tui completions --of={kind} --beginning={word} 2>/dev/null"
_PREAMBLE = {
    "bash": "_whisul_{kind}() {{ {ask}; }}\n",
    "zsh": '_whisul_{kind}() {{ compadd -- ${{(f)"$({ask})"}} }}\n',
    "fish": "function _whisul_{kind}; {ask}; end\n",
}
_WORD = {"bash": '"$1"', "zsh": '"$PREFIX"', "fish": "(commandline -ct | string split -m1 -f2 = || commandline -ct)"}


def add(parser: argparse.ArgumentParser) -> None:
    """The shell; what the script asks for is no business of people."""
    parser.epilog = _EPILOG
    parser.add_argument("shell", metavar="SHELL", nargs="?", choices=SHELLS, help=", ".join(SHELLS))
    parser.add_argument("--of", choices=_KINDS, help=argparse.SUPPRESS)
    parser.add_argument("--beginning", default="", help=argparse.SUPPRESS)


def run(call: Call) -> int:
    """Prints the script, or the words that a script asks for. Raises VerbError where neither is named."""
    args = call.args
    if args.of == "jobs":
        from whisul_tui.storage.ids import newest_ids

        for name in newest_ids(call.paths.database, args.beginning):
            call.out.data(name)
    elif args.of == "profiles":
        for name in call.settings().profiles:
            if name.startswith(args.beginning):
                call.out.data(name)
    elif args.shell:
        call.out.data(script(args.shell))
    else:
        raise VerbError(f"Which shell? Known are {', '.join(SHELLS)}.")
    return Exit.DONE


def script(shell: str) -> str:
    """The completion script of a shell."""
    import shtab

    from whisul_tui.cli.arguments import whole_parser

    parser = whole_parser()
    _mark(parser, shell)
    preamble = "".join(
        _PREAMBLE[shell].format(kind=kind, ask=_ASK.format(kind=kind, word=_WORD[shell])) for kind in _KINDS
    )
    text: str = shtab.complete(parser, shell, preamble=preamble)
    return text.rstrip("\n")


def _mark(parser: argparse.ArgumentParser, shell: str) -> None:
    """Tells shtab what each argument is completed with, by the word that the help has for it."""
    import shtab

    own = {"JOB": "jobs", "NAME": "profiles"}
    files = {"DIR": shtab.DIRECTORY, "FILE": shtab.FILE, "F": shtab.FILE, "PATH": shtab.FILE}
    for action in parser._actions:
        name = action.metavar if isinstance(action.metavar, str) else ""
        if isinstance(action, argparse._SubParsersAction):
            for below in action.choices.values():
                _mark(below, shell)
        elif name in own:
            call = f"_whisul_{own[name]}"
            action.complete = {shell: f"({call})" if shell == "fish" else call}  # type: ignore[attr-defined]
        elif name in files:
            action.complete = files[name]  # type: ignore[attr-defined]
