"""The sessions that can be chosen by name, for `stillroom sessions`."""

from __future__ import annotations

from typing import Any

from player.errors import InputWrong, SessionFaulty
from player.session.find import everything
from player.session.loader import load
from player.units import span


def session_rows() -> list[dict[str, Any]]:
    """One row a session: its name, file, whose it is, title, length, or how many faults it has."""
    return [_row(each.path, own=each.own) for each in everything()]


def session_lines() -> list[str]:
    """The same in aligned lines."""
    lines = []
    for row in session_rows():
        whose = "own" if row["own"] else "shipped"
        what = row.get("title") or f"cannot be played: stillroom check {row['name']}"
        length = span(row["length_s"]) if "length_s" in row else ""
        lines.append(f"{row['name']:<16} {length:>7}  {whose:<8} {what}")
    return lines


def _row(path: Any, *, own: bool) -> dict[str, Any]:
    row: dict[str, Any] = {"name": path.stem, "path": str(path), "own": own}
    try:
        session = load(path)
    except SessionFaulty as faulty:
        return row | {"faults": [fault.text(str(path)) for fault in faulty.faults]}
    except InputWrong as fault:
        return row | {"faults": [str(fault)]}
    return row | {
        "title": session.title,
        "about": session.about,
        "length_s": session.length_s,
        "phases": [phase.name for phase in session.phases],
    }
