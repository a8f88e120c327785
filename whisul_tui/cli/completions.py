"""`completions`: what a shell needs to complete the command line, job ids and profiles included.

The scripts are shtab's, made from the same tables of arguments as the help: they complete at once, without Python. Only
ids and profile names are asked of the program itself when they are wanted, by `--of`.
"""

from __future__ import annotations

import argparse
import re

from whisul_tui.cli.call import Call
from whisul_tui.cli.exits import Exit, VerbError

SHELLS = ("bash", "zsh", "fish")
_KINDS = ("jobs", "profiles")
_EPILOG = """\
bash:  whisul-tui completions bash > ~/.local/share/bash-completion/completions/whisul-tui
zsh:   whisul-tui completions zsh > ~/.zfunc/_whisul-tui     (with fpath+=~/.zfunc before compinit in ~/.zshrc)
fish:  whisul-tui completions fish > ~/.config/fish/completions/whisul-tui.fish"""
_ASK = "command whisul-tui{where} completions --of={kind} --beginning={word} 2>/dev/null"
_PREAMBLE = {
    "bash": "_whisul_{kind}() {{ local where=(); _whisul_where; {ask}; }}\n",
    "zsh": '_whisul_{kind}() {{ local -a where; _whisul_where; compadd -- ${{(f)"$({ask})"}} }}\n',
    "fish": "function _whisul_{kind}; set -l where (_whisul_where); {ask}; end\n",
}
_WHERE = {"bash": ' "${where[@]}"', "zsh": ' "${where[@]}"', "fish": " $where"}
# --data-dir as it stands in the line that is completed, quotes and backslashes taken off; bash splits words at the =.
_LOOK = {
    "bash": """\
_whisul_where() {
  local at word
  for ((at = 1; at < COMP_CWORD; at++)); do
    [[ ${COMP_WORDS[at]} == --data-dir ]] || continue
    word=${COMP_WORDS[at + 1]}
    [[ $word == = ]] && word=${COMP_WORDS[at + 2]}
    where=("--data-dir=${word//[\\"\\'\\\\]/}")
  done
}
""",
    "zsh": """\
_whisul_where() {
  local at
  local -a typed=(${(z)LBUFFER})
  for ((at = 2; at < $#typed; at++)); do
    case $typed[at] in
      --data-dir) where=("--data-dir=${(Q)typed[at + 1]}") ;;
      --data-dir=*) where=("${(Q)typed[at]}") ;;
    esac
  done
}
""",
    "fish": """\
function _whisul_where
  set -l line (commandline -opc)
  for at in (seq (count $line))
    if test "$line[$at]" = --data-dir; and test $at -lt (count $line)
      echo -- --data-dir=$line[(math $at + 1)]
    else if string match -q -- '--data-dir=*' $line[$at]
      echo -- $line[$at]
    end
  end
end
""",
}
# An option of zsh that takes an argument: its help stands in brackets.
_WITH_ARGUMENT = re.compile(r'"(\*?--[a-z-]+)\[((?:\\.|[^\]"\\])*)\]:')
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
    asks = {kind: _ASK.format(kind=kind, word=_WORD[shell], where=_WHERE[shell]) for kind in _KINDS}
    preamble = _LOOK[shell] + "".join(_PREAMBLE[shell].format(kind=kind, ask=ask) for kind, ask in asks.items())
    text: str = shtab.complete(parser, shell, preamble=preamble)
    if shell == "zsh":  # shtab says of no option that its argument may also stand behind a =
        text = _WITH_ARGUMENT.sub(r'"\1=[\2]:', text)
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
