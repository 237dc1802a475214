"""A small project with the real two commands in it, which installs without any network."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import player

SCRIPTS = Path(player.__file__).parents[1] / "scripts"

PYPROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "stillroom"
version = "1"
"""

BACKEND = '''
"""Builds an editable wheel with one command in it, with nothing but the standard library."""

import zipfile

INFO = "stillroom-1.dist-info"
FILES = {
    "stillroom_stub.pth": ".",
    "stub_player.py": (
        "import os, sys\\n"
        "def main():\\n"
        "    print('opened', sys.argv[1:], os.getcwd())\\n"
        "    return 7\\n"
    ),
    f"{INFO}/METADATA": "Metadata-Version: 2.1\\nName: stillroom\\nVersion: 1\\n%s",
    f"{INFO}/WHEEL": "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
    f"{INFO}/entry_points.txt": "[console_scripts]\\nstillroom = stub_player:main\\n",
    f"{INFO}/RECORD": "",
}


def build_editable(folder, config_settings=None, metadata_directory=None):
    name = "stillroom-1-py3-none-any.whl"
    needs = "Requires-Dist: no-such-package-anywhere\\n" if "needy" in open(
        "pyproject.toml"
    ).read() else ""
    with zipfile.ZipFile(f"{folder}/{name}", "w") as wheel:
        for path, text in FILES.items():
            wheel.writestr(path, text.replace("%s", needs))
    return name
'''


WHY_ANEW = """
import json, sys
sys.path.insert(0, sys.argv[1])
from first_run import home
print(json.dumps(home.why_anew(home.read_stamp(), home.fitting_stamp(""))))
"""


class Place:
    """A project folder with the two commands, and how to run them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {"PIP_NO_INDEX": "1", "PIP_NO_CACHE_DIR": "1"}

    def fill(self) -> None:
        """Put the two commands and a project that needs nothing into the folder."""
        folder = self.folder
        shutil.copytree(SCRIPTS / "first_run", folder / "scripts" / "first_run")
        for name in ("start.py", "test.py"):
            shutil.copy(SCRIPTS / name, folder / "scripts" / name)
        (folder / "pyproject.toml").write_text(PYPROJECT, encoding="utf-8")
        (folder / "backend.py").write_text(BACKEND, encoding="utf-8")

    def run(
        self,
        script: str,
        *arguments: str,
        python: tuple[str, ...] = (sys.executable,),
        environment: dict[str, str] | None = None,
        folder: Path | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run one of the two commands and wait for it."""
        return subprocess.run(
            [*python, str(self.folder / "scripts" / script), *arguments],
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
            cwd=folder or self.folder.parent,
            env={**os.environ, **self.environment, **(environment or {})},
        )

    def copy(self, folder: Path) -> Place:
        """The same project in another folder."""
        shutil.copytree(self.folder, folder, symlinks=True)
        return Place(folder)

    def why_anew(self) -> str | None:
        """Why the commands would make the folder of packages anew; None where they keep it."""
        done = subprocess.run(
            [sys.executable, "-c", WHY_ANEW, str(self.folder / "scripts")],
            capture_output=True,
            text=True,
            check=True,
        )
        return json.loads(done.stdout)

    @property
    def venv(self) -> Path:
        return self.folder / ".venv"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A project that was never installed, in a folder with spaces in its name."""
    made = Place(tmp_path / "a still room")
    made.fill()
    return made


@pytest.fixture(scope="session")
def opened(tmp_path_factory: pytest.TempPathFactory) -> tuple[Place, subprocess.CompletedProcess]:
    """A project that was opened for the first time, and what that said."""
    made = Place(tmp_path_factory.mktemp("once") / "a still room")
    made.fill()
    return made, made.run("start.py", "play", "a b.yaml")


@pytest.fixture
def installed(opened: tuple[Place, subprocess.CompletedProcess]) -> Place:
    """A project that was opened once; what a test spoils in it, it mends."""
    return opened[0]
