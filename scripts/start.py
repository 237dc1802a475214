"""Installs Stillroom into `.venv` and opens it: `python3 scripts/start.py`.

Arguments go on to `stillroom`, and its exit code comes back. Readable by Python 3.8.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from first_run import pythons


def main() -> None:
    """Make ready, then become `stillroom`."""
    pythons.hand_over_if_old(__file__, sys.argv[1:])
    from first_run import home

    home.ready()
    pythons.hand_over([home.command("stillroom"), *sys.argv[1:]])


if __name__ == "__main__":
    main()
