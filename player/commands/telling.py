"""What several commands share: their arguments, and how they answer."""

from __future__ import annotations

import json
import sys
from typing import Any

import click

SESSION = click.argument("session", metavar="SESSION")
AS_JSON = click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")


def tell_fault(told: str) -> None:
    """In words on stderr; where JSON was asked for, as its one document too."""
    if "--json" in sys.argv:
        print_json({"error": told})
    click.echo(told, err=True)


def settings_faults() -> list[str]:
    """What is wrong in the settings, each fault as one line."""
    from player import paths

    if not paths.settings_file().exists():
        return []
    from player.screens.own_settings import usable_settings

    return usable_settings()[2]


def print_json(body: Any) -> None:
    click.echo(json.dumps(body, indent=2, ensure_ascii=False))
