"""The keys of the session screen: one table that footer, help and remapping share.

Knows names, keys and words; not what a key does.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from copy import copy
from dataclasses import dataclass
from difflib import get_close_matches

from player.errors import InputWrong


@dataclass(frozen=True, slots=True)
class Key:
    """One thing that can be done with one key."""

    name: str
    """What settings call it."""
    keys: tuple[str, ...]
    """Every key that does it, as Textual names them; the first is the one shown."""
    short: str
    """For the footer; empty where the footer leaves it out."""
    long: str
    """For the help."""


TABLE: tuple[Key, ...] = (
    Key("next", ("space",), "go on", "go on; early: press twice"),
    Key("back", ("b",), "back", "undo a move within 30 s"),
    Key("dose", ("d",), "dose", "mark it; again: correct it"),
    Key("hold", ("h",), "hold", "hold this phase, or release"),
    Key("talk", ("t",), "talk", "soften the music for talk"),
    Key("silence", ("s",), "silence", "fade to silence, and back"),
    Key("pause", ("p",), "pause", "pause, and go on"),
    Key("music", ("m",), "music", "skip, softer, deeper, shelf"),
    Key("go", ("g",), "go to", "go to any phase"),
    Key("cue", ("c",), "cue", "speak next cue, or stop it"),
    Key("louder", ("up",), "volume", "volume up 1 dB"),
    Key("quieter", ("down",), "", "volume down 1 dB"),
    Key("longer", ("plus", "equals_sign"), "5 min", "this phase 5 min longer"),
    Key("shorter", ("minus",), "", "this phase 5 min shorter"),
    Key("answer", ("enter",), "yes", "say yes; tick a reminder"),
    Key("no", ("backspace",), "", "no; or take the yes back"),
    Key("end", ("e",), "end", "fade out; then: client left"),
    Key("lock", ("l",), "lock", "lock; three presses unlock"),
    Key("help", ("question_mark",), "help", "show or hide these keys"),
    Key("leave", ("q", "ctrl+q", "ctrl+c"), "leave", "twice: leave, it plays on"),
)

_SHOWN = {
    "space": "Space",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "plus": "+",
    "minus": "−",
    "equals_sign": "=",
    "enter": "Enter",
    "backspace": "Backspace",
    "question_mark": "?",
    "tab": "Tab",
    "delete": "Del",
    "insert": "Ins",
    "home": "Home",
    "end": "End",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "full_stop": ".",
    "comma": ",",
    "slash": "/",
}
_PLAIN_SIGNS = {
    " ": "space",
    "+": "plus",
    "-": "minus",
    "?": "question_mark",
    "=": "equals_sign",
    ".": "full_stop",
    ",": "comma",
    "/": "slash",
}
_FUNCTION_KEYS = frozenset(f"f{number}" for number in range(1, 13))
_ALWAYS = ("ctrl+q", "ctrl+c")


def shown(key: str) -> str:
    """A key as people read it: ``Space``, ``D``, ``↑``."""
    return _SHOWN.get(key, key.upper() if len(key) == 1 or key in _FUNCTION_KEYS else key)


class Keyboard:
    """Which key does what, the counsellor's own choices counted."""

    named: bool = True
    """False where no key is to be named beside what it does: it would do something else now."""

    def __init__(self, own: Mapping[str, str] | None = None) -> None:
        """`own` maps names to keys as in the settings. Raises InputWrong."""
        chosen = {name: read_key(name, key) for name, key in (own or {}).items()}
        self._keys = {
            entry.name: _with_own(entry, chosen[entry.name]) if entry.name in chosen else entry.keys
            for entry in TABLE
        }
        self._names: dict[str, str] = {}
        for name, keys in self._keys.items():
            for key in keys:
                self._claim(key, name, chosen)

    def unnamed(self) -> Keyboard:
        """The same keys, to be named nowhere."""
        other = copy(self)
        other.named = False
        return other

    def name_of(self, key: str) -> str | None:
        """What a key does; capitals count as small letters."""
        return self._names.get(key.lower() if len(key) == 1 else key)

    def shown(self, name: str) -> str:
        """The key to press for a name, as people read it."""
        return shown(self._keys[name][0])

    def footer(self, names: Collection[str] | None = None) -> list[tuple[str, str]]:
        """Key and short words, in the table's order; pairs of keys share one entry.

        Of all names, or only of these.
        """
        pairs = {"louder": "quieter", "longer": "shorter"}
        entries = []
        for entry in TABLE:
            if entry.short and (names is None or entry.name in names):
                other = f"{self.shown(pairs[entry.name])}" if entry.name in pairs else ""
                entries.append((self.shown(entry.name) + other, entry.short))
        return entries

    def help(self) -> list[tuple[str, str]]:
        """Key and long words, in the table's order."""
        return [(self.shown(entry.name), entry.long) for entry in TABLE]

    def _claim(self, key: str, name: str, chosen: Mapping[str, str]) -> None:
        other = self._names.setdefault(key, name)
        if other == name:
            return
        mine, theirs = (name, other) if name in chosen else (other, name)
        raise InputWrong(
            f"settings: keys: {mine}: {shown(key)} is the key of “{theirs}” already; "
            f"give “{theirs}” another one"
        )


def _with_own(entry: Key, key: str) -> tuple[str, ...]:
    kept = tuple(always for always in entry.keys if always in _ALWAYS)
    return (key, *kept)


def read_key(name: str, key: str) -> str:
    """A key as Textual names it, of what settings say for a name. Raises InputWrong."""
    names = [entry.name for entry in TABLE]
    if name not in names:
        near = get_close_matches(name, names, n=1)
        hint = f"did you mean “{near[0]}”?" if near else f"names are: {', '.join(names)}"
        raise InputWrong(f"settings: keys: “{name}” is not the name of a key; {hint}")
    told = _PLAIN_SIGNS.get(key, key.strip().lower())
    if told in _SHOWN or told in _FUNCTION_KEYS or (len(told) == 1 and told.isprintable()):
        return told
    raise InputWrong(
        f"settings: keys: {name}: “{key}” is not a key; "
        f"write one letter or sign, or one of: {', '.join(sorted(_SHOWN))}, f1 to f12"
    )
