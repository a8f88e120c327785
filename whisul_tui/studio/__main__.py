"""`python -m whisul_tui.studio`: the studio as a server of its own."""

import sys

from whisul_tui.studio.command import main

if __name__ == "__main__":
    sys.exit(main())
