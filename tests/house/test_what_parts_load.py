"""What each part drags in when all its modules are imported, seen in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import player

HOUSE = Path(player.__file__).parent

SOUND = {"numpy", "av", "pygame", "pydub", "scipy"}
DATABASE = {"sqlite3", "_sqlite3"}
SCREEN = {"textual", "rich", "player.screens", "player.cli"}

NEVER = {
    "units": {*SOUND, *DATABASE, *SCREEN, "pydantic", "yaml"},
    "errors": {*SOUND, *DATABASE, *SCREEN, "pydantic", "yaml"},
    "paths": {*SOUND, *DATABASE, *SCREEN, "pydantic", "yaml"},
    "starting": {*SOUND, *DATABASE, *SCREEN, "pydantic", "yaml"},
    "stopping": {*SOUND, *DATABASE, *SCREEN, "pydantic", "yaml"},
    "text": {*SOUND, *DATABASE, *SCREEN, "pydantic"},
    "settings": {*SOUND, *DATABASE, *SCREEN},
    "session": {*SOUND, *DATABASE, *SCREEN, "player.timeline"},
    "timeline": {*SOUND, *DATABASE, *SCREEN, "player.protocol"},
    "protocol": {*SOUND, *DATABASE, *SCREEN, "player.sound"},
    "sound": {*SCREEN, "player.library", "player.engine"},
    "library": {*SCREEN, "player.programme", "player.engine"},
    "voice": {*SCREEN, "player.programme", "player.engine"},
    "programme": {*SCREEN, "player.engine"},
    "engine": SCREEN,
    "listening": {*SCREEN, "player.engine"},
    "render": {*SCREEN, "player.engine"},
    "screens": {*SOUND, "player.sound", "player.library.measure", "player.cli"},
    "commands": {*SOUND, *DATABASE, *SCREEN, "pydantic"},
    "cli": {*SOUND, *DATABASE, *SCREEN - {"player.cli"}, "pydantic"},
}
"""By part, what may never be loaded by importing it, whole modules or packages by name."""

LOADED_AFTER = """
import importlib, json, sys
for name in sys.argv[1:]:
    importlib.import_module(name)
json.dump(sorted(sys.modules), sys.stdout)
"""

HELP = """
import json, sys
sys.argv = ["stillroom", "--help"]
from player.cli import main
try:
    main()
except SystemExit as left:
    json.dump([left.code, sorted(sys.modules)], sys.stderr)
"""

CHECK = HELP.replace('["stillroom", "--help"]', '["stillroom", "check", *sys.argv[1:]]')

CHOOSER = """
import json, sys
sys.argv = ["stillroom"]
import player.screens.app
def instead(*given, **named):
    json.dump(sorted(sys.modules), sys.__stderr__)
    return 0
player.screens.app.run_app = instead
class Terminal:
    def __getattr__(self, name):
        return lambda *given: True
sys.stdin = sys.stdout = sys.stderr = Terminal()
from player.cli import main
main()
"""
"""The words up to where the chooser is drawn."""


def parts() -> list[str]:
    """The parts that stand in the house now."""
    return sorted(
        {
            entry.stem
            for entry in HOUSE.iterdir()
            if entry.suffix == ".py" or (entry / "__init__.py").is_file()
        }
        - {"__init__", "__main__"}
    )


def modules_of(part: str) -> list[str]:
    """All modules of a part, by name, but for those that run when they are imported."""
    single = HOUSE / f"{part}.py"
    files = [single] if single.is_file() else sorted((HOUSE / part).rglob("*.py"))
    names = [".".join(("player", *file.relative_to(HOUSE).with_suffix("").parts)) for file in files]
    return [name.removesuffix(".__init__") for name in names if not name.endswith("__main__")]


def loaded_after(*modules: str) -> set[str]:
    """What is in `sys.modules` of a fresh Python once it has imported these."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED_AFTER, *modules],
        capture_output=True,
        text=True,
        check=False,
        cwd=HOUSE.parent,
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout))


def found(loaded: set[str], never: set[str]) -> list[str]:
    """Which of the names that are never to be loaded are, themselves or by a module of theirs."""
    return sorted(
        name for name in never if any(one == name or one.startswith(f"{name}.") for one in loaded)
    )


def test_every_part_has_its_rule():
    assert set(parts()) <= set(NEVER)


@pytest.mark.parametrize("part", parts())
def test_a_part_loads_nothing_that_it_should_not_know(part):
    assert found(loaded_after(*modules_of(part)), NEVER[part]) == []


def test_the_look_into_loaded_modules_sees_what_is_there():
    loaded = loaded_after("sqlite3", "numpy")
    assert found(loaded, SOUND | DATABASE) == ["_sqlite3", "numpy", "sqlite3"]


def test_the_catalogue_is_free_of_sound():
    assert found(loaded_after("player.library.catalogue"), SOUND | SCREEN) == []


def test_help_is_printed_without_loading_sound_or_screen():
    done = subprocess.run(
        [sys.executable, "-c", HELP], capture_output=True, text=True, check=False, cwd=HOUSE.parent
    )
    code, loaded = json.loads(done.stderr)
    assert code in (0, None)
    assert "Usage" in done.stdout
    assert found(set(loaded), NEVER["cli"]) == []


def test_the_chooser_is_drawn_before_what_speaks_with_the_engine_is_loaded():
    done = subprocess.run(
        [sys.executable, "-c", CHOOSER],
        capture_output=True,
        text=True,
        check=False,
        cwd=HOUSE.parent,
    )
    loaded = set(json.loads(done.stderr))
    assert "player.screens.chooser" in loaded
    assert found(loaded, {*SOUND, *DATABASE, "pydantic", "yaml", "player.engine"}) == []


def test_a_faulty_session_is_answered_before_anything_that_decodes_is_loaded(tmp_path):
    (tmp_path / "bad.yaml").write_text("format: 1\n")
    done = subprocess.run(
        [sys.executable, "-c", CHECK, str(tmp_path / "bad.yaml")],
        capture_output=True,
        text=True,
        check=False,
        cwd=HOUSE.parent,
    )
    code, loaded = json.loads(done.stderr.splitlines()[-1])
    assert (code, "title: is missing" in done.stderr) == (2, True)
    assert found(set(loaded), {*SOUND, "player.programme"}) == []


def test_the_keeper_is_tiny_and_needs_the_standard_library_alone():
    bare = loaded_after()
    loaded = loaded_after("player.engine.keeper") - bare
    own = {name for name in loaded if name.partition(".")[0] == "player"}
    modules = {f"player.engine.{name}" for name in ("beat", "keeper", "locks")}
    assert own == {"player", "player.engine", "player.starting"} | modules
    foreign = {name.partition(".")[0] for name in loaded - own} - set(sys.stdlib_module_names)
    assert foreign == set()
