"""The counsellor's settings, one small YAML file in the data folder; every line is optional.

Read like a session: bounded, every fault at once, each with its line. A session that runs is
never stopped by a slip made in them meanwhile: what is right then still holds.
"""

from __future__ import annotations

from collections import abc
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from player.errors import Fault, SettingsFaulty
from player.text.small_files import kind_of
from player.text.words import nearest_hint, same, shown
from player.text.yaml_nodes import Listing, Mapping, Node, Scalar
from player.text.yaml_nodes import read as read_nodes
from player.units import Decibels

MOST_FAULTS = 50
"""A file with more is no settings file; the first ones are told."""
_NOTHING = ("", "~", "null")

Place = tuple[str | int, ...]


def _listed(value: object) -> object:
    """One text stands for a list of one."""
    return [value] if isinstance(value, str) else value


Names = Annotated[tuple[str, ...], BeforeValidator(_listed), Field(max_length=200)]


class Avoid(BaseModel):
    """Music that is not to be played: each list without case, by whole words."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    artists: Names = ()
    titles: Names = ()
    tags: Names = ()
    """Words in a kind of music, a mood, a language, an album."""
    files: Names = ()
    """Files, folders, or patterns of names such as ``*live*``."""


class Settings(BaseModel):
    """All settings with their defaults."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    device: str | None = None
    """The output's name as `stillroom devices` lists it; None is the system's own choice."""
    robust: bool = False
    """Start with the deep buffer: slower to answer, steadier on a busy machine."""
    volume_ceiling_db: Decibels = Field(default=0.0, ge=-40, le=12)
    """The volume never goes above this."""
    avoid: Avoid = Avoid()
    """What is not played in any session; files relative to the settings' folder."""
    calibration: dict[str, Annotated[Decibels, Field(ge=40, le=120)]] = {}
    """By the name of a device: the dBA that it gives with its headphone, measured at volume 0 dB
    with music at -23 LUFS."""
    keys: dict[str, str] = {}
    """Keys of the session screen by the name of what they do: ``{next: n}``."""


def calibrated(calibration: abc.Mapping[str, Decibels], device: str) -> Decibels | None:
    """What was measured of a device, by its name without case; None where nobody did."""
    known = {same(name): dba for name, dba in calibration.items()}
    return known.get(same(device))


@dataclass(frozen=True, slots=True)
class Written:
    """A settings file as it stands: what of it can be used, and what is wrong in it."""

    file: Path
    settings: Settings
    """Defaults where a value is wrong."""
    faults: tuple[Fault, ...]
    lines: dict[Place, int]
    """The line of each value, by the names that lead to it."""

    def fault(self, place: Place, message: str, hint: str = "") -> Fault:
        """A fault of the value at a place, or of what it stands in."""
        return _fault(self.lines, place, message, hint)

    def required(self) -> Settings:
        """The settings. Raises SettingsFaulty where anything is wrong."""
        if self.faults:
            raise SettingsFaulty(str(self.file), self.faults)
        return self.settings


def read(file: Path) -> Settings:
    """The settings in a file, or the defaults where there is none. Raises SettingsFaulty."""
    return written(file).required()


def written(file: Path) -> Written:
    """A settings file with all its faults. Never raises."""
    if kind_of(file) == "nothing":
        return Written(file, Settings(), (), {})
    document = read_nodes(file)
    if document.root is None:
        empty = [fault for fault in document.faults if fault.message != "the file is empty"]
        return Written(file, Settings(), tuple(empty), {})
    values = _Values()
    body = values.of(document.root, ())
    if not isinstance(body, dict):
        names = ", ".join(Settings.model_fields)
        values.faults.append(Fault(1, "", "settings are keys with values", f"known here: {names}"))
        body = {}
    settings, wrong = _validated(body, values.lines)
    faults = (*document.faults, *values.faults, *wrong)
    return Written(file, settings, faults[:MOST_FAULTS], values.lines)


def _validated(body: dict[str, Any], lines: dict[Place, int]) -> tuple[Settings, list[Fault]]:
    """The settings with what is wrong left out, and what that is."""
    try:
        return Settings.model_validate(body), []
    except ValidationError as found:
        problems = found.errors(include_url=False)
    faults = [_told(problem, lines) for problem in problems[:MOST_FAULTS]]
    wrong = {problem["loc"][0] for problem in problems}
    right = {name: value for name, value in body.items() if name not in wrong}
    known = {name: value for name, value in right.items() if name in Settings.model_fields}
    return Settings.model_validate(known), faults


class _Values:
    """Makes plain values of nodes: texts, lists and dicts; what is left empty is left out."""

    def __init__(self) -> None:
        self.lines: dict[Place, int] = {}
        self.faults: list[Fault] = []

    def of(self, node: Node, place: Place) -> Any:
        self.lines.setdefault(place, node.line)
        if isinstance(node, Scalar):
            return None if node.plain and node.text.casefold() in _NOTHING else node.text
        if isinstance(node, Listing):
            return [self.of(item, (*place, number)) for number, item in enumerate(node.items)]
        return self._of_mapping(node, place)

    def _of_mapping(self, node: Mapping, place: Place) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key, value in node.pairs:
            if not isinstance(key, Scalar):
                self.faults.append(Fault(key.line, "", "a key is a word"))
            elif (*place, key.text) in self.lines:
                first = self.lines[(*place, key.text)]
                told = f"stands twice, first on line {first}"
                self.faults.append(Fault(key.line, _name((*place, key.text)), told, "keep one"))
            else:
                self.lines[(*place, key.text)] = key.line
                read_value = self.of(value, (*place, key.text))
                if read_value is not None:
                    values[key.text] = read_value
        return values


def _told(problem: Any, lines: dict[Place, int]) -> Fault:
    """A finding of pydantic in plain words."""
    place, kind, limits = problem["loc"], problem["type"], problem.get("ctx", {})
    found = shown(str(problem["input"]), 40)
    inner = Avoid.model_fields if place[0] == "avoid" else ()
    known = Settings.model_fields if len(place) == 1 else inner
    told = {
        "extra_forbidden": ("is not a setting", nearest_hint(str(place[-1]), known)),
        "bool_parsing": (f"{found} is neither yes nor no", "write yes or no"),
        "bool_type": ("wants yes or no", "write yes or no"),
        "float_parsing": (f"{found} is not a number", "write a number alone, such as -6"),
        "float_type": ("wants a number", "write a number alone, such as -6"),
        "int_parsing": (f"{found} is not a whole number", "write a number alone, such as 6"),
        "finite_number": (f"{found} is not a number", "write a number alone, such as -6"),
        "greater_than_equal": (f"{found} is too low", f"at least {limits.get('ge')}"),
        "less_than_equal": (f"{found} is too high", f"at most {limits.get('le')}"),
        "string_type": ("wants a text", "write one word or text behind the colon"),
        "tuple_type": ("wants a list", "write one below it, each line begun with: - "),
        "too_long": ("is too long a list", f"at most {limits.get('max_length')}"),
        "model_type": ("wants keys with values", "write one below it, two spaces in: name: value"),
        "dict_type": ("wants keys with values", "write one below it, two spaces in: name: value"),
    }
    plain = (str(problem["msg"]).removeprefix("Value error, "), "")
    message, hint = told.get(kind, plain)
    return _fault(lines, place, message, hint)


def _fault(lines: dict[Place, int], place: Place, message: str, hint: str) -> Fault:
    known = next((place[:n] for n in range(len(place), -1, -1) if place[:n] in lines), ())
    return Fault(lines.get(known, 1), _name(place), message, hint)


def _name(place: Place) -> str:
    return ".".join(shown(str(part), 40)[1:-1] for part in place)
