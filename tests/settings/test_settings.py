"""The settings file: what it may hold, every fault of it with its line, and what still holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from player import paths
from player.errors import SettingsFaulty
from player.screens.own_settings import own_settings, usable_settings
from player.settings import Settings, read, written

BAD = {
    "not YAML": ("keys: [b\n", ["1: a [ is opened and never closed"]),
    "a list": ("- robust\n", ["1: settings are keys with values (known here: device, robust"]),
    "unknown": ("robust: yes\nrobbust: no\n", ['2: robbust: is not a setting (do you mean "rob']),
    "unknown within": (
        "avoid: {artist: Ann}\n",
        ['1: avoid.artist: is not a setting (do you mean "artists"'],
    ),
    "no switch": ("robust: maybe\n", ['1: robust: "maybe" is neither yes nor no']),
    "no number": ("volume_ceiling_db: soft\n", ['1: volume_ceiling_db: "soft" is not a number']),
    "no figure": ("volume_ceiling_db: .nan\n", ['1: volume_ceiling_db: ".nan" is not a number']),
    "too loud": ("\nvolume_ceiling_db: 20\n", ['2: volume_ceiling_db: "20" is too high (at most']),
    "too soft": ("volume_ceiling_db: -90\n", ['1: volume_ceiling_db: "-90" is too low (at least']),
    "a list of names": ("device: [a]\n", ["1: device: wants a text"]),
    "keys a text": ("keys: n\n", ["1: keys: wants keys with values"]),
    "twice": ("robust: yes\nrobust: no\n", ["2: robust: stands twice, first on line 1"]),
    "two documents": ("robust: yes\n---\nrobust: no\n", ["2: a second document begins here"]),
    "a tag": ("robust: !!python/name:os.system\n", ["1: a tag"]),
    "deep": ("device: " + "[" * 99 + "]" * 99 + "\n", ["1: nested deeper than 32 levels"]),
    "all at once": (
        "robust: maybe\nvolume_ceiling_db: x\nkeys:\n  next: [n]\n",
        ["1: robust:", "2: volume_ceiling_db:", "4: keys.next:"],
    ),
    "no key": (
        "keys:\n  next: n\n  nxt: m\n",
        ["3: keys.nxt: “nxt” is not the name of a key"],
    ),
    "no sign": ("keys:\n  next: nn\n  dose: ää\n", ["2: keys.next: “nn” is", "3: keys.dose: “ää”"]),
    "taken": ("robust: yes\nkeys: {next: d}\n", ["2: keys: next: D is the key of “dose” already"]),
}


def in_place(text: str | bytes) -> Path:
    file = paths.settings_file()
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return file


@pytest.mark.parametrize(("text", "told"), BAD.values(), ids=BAD.keys())
def test_every_fault_of_the_settings_is_told_with_its_line(text: str, told: list[str]) -> None:
    file = in_place(text)
    with pytest.raises(SettingsFaulty) as faulty:
        own_settings()
    lines = str(faulty.value).splitlines()
    assert len(lines) == len(told)
    for line, begin in zip(lines, told, strict=True):
        assert line.startswith(f"{file}:{begin}")
    assert faulty.value.exit_code == 2


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"device: caf\xe9\n", "1: bytes that are not UTF-8"),
        (b"# \0\n", "1: a control character"),
        (b"x" * 300_000, "1: is larger than 256 kB"),
        (b"a: &a [x]\n" + b"b: [" + b"*a," * 101 + b"]\n", "2: more than 100 aliases"),
    ],
)
def test_a_hostile_settings_file_costs_little_and_is_told(body: bytes, told: str) -> None:
    file = in_place(body)
    with pytest.raises(SettingsFaulty) as faulty:
        read(file)
    assert str(faulty.value).startswith(f"{file}:{told}")


def test_a_folder_in_place_of_the_settings_is_told() -> None:
    paths.settings_file().mkdir()
    with pytest.raises(SettingsFaulty, match="is a folder, not a file"):
        read(paths.settings_file())


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "device:\nrobust: ~\nkeys: null\n"])
def test_an_empty_file_and_empty_values_are_the_defaults(text: str) -> None:
    assert read(in_place(text)) == Settings()


def test_no_file_is_the_defaults() -> None:
    assert read(paths.settings_file()) == Settings()


def test_good_settings_are_taken_as_written() -> None:
    text = "device: 12\nrobust: on\nvolume_ceiling_db: -6\nkeys: {next: y, dose: space}\n"
    own = read(in_place(text))
    assert own == Settings(
        device="12", robust=True, volume_ceiling_db=-6, keys={"next": "y", "dose": "space"}
    )
    assert own_settings()[1].name_of("y") == "next"


def test_what_is_right_beside_a_fault_still_holds() -> None:
    file = in_place("robust: yes\nvolume_ceiling_db: -6\nkeys: {next: nn}\nfoo: bar\n")
    found = written(file)
    assert (found.settings.robust, found.settings.volume_ceiling_db) == (True, -6)
    own, keyboard, wrong = usable_settings()
    assert own.robust
    assert keyboard.name_of("space") == "next"
    assert [line.split(":")[1] for line in wrong] == ["3", "4"]


def test_a_fault_behind_very_many_others_is_left_out_too() -> None:
    devices = "".join(f"  device {number}: loud\n" for number in range(60))
    found = written(in_place(f"robust: yes\ncalibration:\n{devices}keys: 3\nfoo: bar\n"))
    assert found.settings == Settings(robust=True)
    assert [fault.line for fault in found.faults] == list(range(3, 53))
