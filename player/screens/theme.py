"""Colours for a dim room: dark, low in contrast, warm; nothing white, nothing that flashes."""

from __future__ import annotations

from textual.theme import Theme

EVENING = Theme(
    name="evening",
    primary="#8fae9b",
    secondary="#8a98ad",
    accent="#c9a26b",
    warning="#c98f6b",
    error="#b9776b",
    success="#8fae9b",
    foreground="#a9a295",
    background="#11110f",
    surface="#161613",
    panel="#1c1c18",
    boost="#1c1c18",
    dark=True,
    variables={"bright": "#cdc5b4", "quiet": "#7d776c", "faint": "#4a4740"},
)

OWN_VARIABLES = {"bright": "#cdc5b4", "quiet": "#7d776c", "faint": "#4a4740"}
"""For themes that do not say: the words' own shades, brightest first."""
