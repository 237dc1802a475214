"""Installs what tests need into `.venv` and runs them all: `python3 scripts/test.py`.

Lint, format, types, import contracts and tests, one after the other; exit code 1 when any failed.
Arguments go on to pytest, and then it alone runs. Readable by Python 3.8.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from first_run import pythons

STEPS = (
    ("Lint", ("ruff", "check")),
    ("Format", ("ruff", "format", "--check")),
    ("Types", ("mypy",)),
    ("Import contracts", ("lint-imports",)),
    ("Tests", ("pytest", "--numprocesses=auto", "--dist=worksteal")),
)


def main() -> int:
    """Make ready, run the steps, sum up; 0 where all passed."""
    pythons.hand_over_if_old(__file__, sys.argv[1:])
    from first_run import home

    home.ready("dev")
    arguments = sys.argv[1:]
    steps = STEPS[-1:] if arguments else STEPS
    results = []
    for title, words in steps:
        own = [] if arguments else words[1:]
        command = [home.command(words[0]), *own, *arguments]
        results.append((title, *run(title, command, home.PROJECT)))
    return sum_up(results)


def run(title: str, command: list[str], folder: Path) -> tuple[bool, float]:
    """Run one step under its heading; whether it passed, and its seconds."""
    print(f"\n== {title}: {' '.join([Path(command[0]).stem, *command[1:]])}", flush=True)
    began = time.monotonic()
    try:
        passed = subprocess.run(command, cwd=str(folder), check=False).returncode == 0
    except OSError as fault:
        print(f"It could not be run: {fault}")
        passed = False
    taken_s = time.monotonic() - began
    print(f"== {title} {'passed' if passed else 'FAILED'} in {taken_s:.1f} s", flush=True)
    return passed, taken_s


def sum_up(results: list[tuple[str, bool, float]]) -> int:
    """Print one line a step; 1 when any failed."""
    print()
    for title, passed, taken_s in results:
        print(f"{title:18} {'passed' if passed else 'FAILED':8} {taken_s:6.1f} s")
    failed = [title for title, passed, _ in results if not passed]
    total = f"{sum(taken_s for *_, taken_s in results):.0f} s"
    print(f"Failed: {', '.join(failed)} ({total})" if failed else f"All passed in {total}")
    return 1 if failed else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        print("\nStopped.")
        sys.exit(130)
