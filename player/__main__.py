"""Where `stillroom` begins: asked for the end while it still loads, it says so like later on."""

from __future__ import annotations

import sys


def main() -> None:
    """Load the commands and run one."""
    try:
        from player.cli import main as commands

        commands()
    except KeyboardInterrupt:
        sys.stderr.write("stopped\n")
        sys.exit(1)


if __name__ == "__main__":
    main()
