"""`scripts/test.py` with stand-ins for what it runs, in a small project that needs no network."""

from __future__ import annotations

import os

import pytest

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the stand-ins are shell scripts")

STEPS = ["Lint", "Format", "Types", "Import contracts", "Tests"]


@pytest.fixture
def checked(installed):
    """The project with a stand-in for each tool, which all pass; and a way to let some fail."""

    def stand_in(failing=()):
        for name in ("ruff", "mypy", "lint-imports", "pytest"):
            file = installed.venv / "bin" / name
            code = 1 if name in failing else 0
            file.write_text(f'#!/bin/sh\necho "{name} ran: $*"\nexit {code}\n')
            file.chmod(0o755)
        return installed

    return stand_in


def summary(output: str) -> dict[str, str]:
    """The verdicts of the closing table, by step."""
    table = output.rsplit("\n\n", maxsplit=1)[-1].splitlines()[:-1]
    return {line[:18].strip(): line.split()[-3] for line in table}


def test_every_step_runs_under_a_heading_in_order(checked):
    done = checked().run("test.py")
    headings = [line for line in done.stdout.splitlines() if line.startswith("== ") and ":" in line]
    assert headings == [
        "== Lint: ruff check",
        "== Format: ruff format --check",
        "== Types: mypy",
        "== Import contracts: lint-imports",
        "== Tests: pytest --numprocesses=auto --dist=worksteal",
    ]
    assert summary(done.stdout) == dict.fromkeys(STEPS, "passed")
    assert done.returncode == 0


def test_a_failure_does_not_stop_the_steps_after_it(checked):
    done = checked(failing=["mypy"]).run("test.py")
    assert "pytest ran:" in done.stdout
    assert summary(done.stdout) == {**dict.fromkeys(STEPS, "passed"), "Types": "FAILED"}
    assert done.stdout.splitlines()[-1].startswith("Failed: Types (")
    assert done.returncode == 1


def test_a_tool_that_is_missing_is_a_failure_in_plain_words(checked):
    place = checked()
    (place.venv / "bin" / "mypy").unlink()
    done = place.run("test.py")
    assert "It could not be run:" in done.stdout
    assert "Traceback" not in done.stderr
    assert done.returncode == 1


def test_arguments_go_on_to_pytest_alone(checked):
    done = checked(failing=["ruff"]).run("test.py", "-k", "two words", "tests/house")
    assert "pytest ran: -k two words tests/house" in done.stdout
    assert "ruff ran" not in done.stdout
    assert summary(done.stdout) == {"Tests": "passed"}
    assert done.returncode == 0


def test_the_first_time_it_says_that_it_installs_what_tests_need(checked):
    place = checked()
    with (place.folder / "pyproject.toml").open("a", encoding="utf-8") as pyproject:
        pyproject.write("# changed\n")
    first, second = place.run("test.py"), place.run("test.py")
    assert "Installing Stillroom and what its tests need" in first.stdout
    assert "Installing" not in second.stdout
