"""Installs Stillroom into `.venv` and opens it: `python3 scripts/start.py`.

`--with voice`, written first, also installs the voice that speaks written words. All else goes on
to `stillroom`, and its exit code comes back. Readable by Python 3.8.
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

    extra, arguments = asked(sys.argv[1:])
    home.ready(extra)
    pythons.hand_over([home.command("stillroom"), *arguments])


def asked(words: list[str]) -> tuple[str, list[str]]:
    """The extra that is to be installed as well, and what goes on to `stillroom`."""
    if words[:1] != ["--with"]:
        return "", words
    if words[1:2] != ["voice"]:
        print("--with goes before voice: python3 scripts/start.py --with voice", file=sys.stderr)
        raise SystemExit(2)
    return "voice", words[2:]


if __name__ == "__main__":
    main()
