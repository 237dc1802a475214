"""The counsellor's settings, one small YAML file in the data folder; every line is optional."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from player.errors import InputWrong
from player.units import Decibels


class Settings(BaseModel):
    """All settings with their defaults."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    device: str | None = None
    """The output's name as `stillroom devices` lists it; None is the system's own choice."""
    robust: bool = False
    """Start with the deep buffer: slower to answer, steadier on a busy machine."""
    volume_ceiling_db: Decibels = Field(default=0.0, ge=-40, le=12)
    """The volume never goes above this."""
    keys: dict[str, str] = {}
    """Keys of the session screen by the name of what they do: ``{next: n}``."""


def read(file: Path) -> Settings:
    """The settings in a file, or the defaults where there is none. Raises InputWrong."""
    import yaml

    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Settings()
    except (OSError, UnicodeDecodeError) as fault:
        raise InputWrong(f"{file}: cannot be read: {fault}") from None
    try:
        body = yaml.load(text, Loader=yaml.CSafeLoader)
        return Settings() if body is None else Settings.model_validate(body)
    except yaml.YAMLError as fault:
        raise InputWrong(f"{file}: is not YAML: {str(fault).splitlines()[0]}") from None
    except ValidationError as fault:
        first = fault.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise InputWrong(f"{file}: {key}: {first['msg']}") from None
