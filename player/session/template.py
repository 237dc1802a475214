"""A session file as a template: the same words with other music and another title.

Works on the text itself, so that comments, cues and reminders stay as they are written.
Knows nothing of where the music comes from.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from player.session.lists import is_address
from player.session.music import SHIPPED, SILENCE
from player.session.shipped import pieces
from player.text.small_files import absolute
from player.text.words import same

_PARSER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_Change: TypeAlias = tuple[int, int, str]
"""Which characters, from and to, and what stands there instead."""


def filled(
    text: str, *, title: str, music: Mapping[str, Sequence[Path]], old: Path, new: Path
) -> str:
    """The template's text with a title, and for each phase that is named the music given.

    `text` must be one that the loader takes. `old` and `new` are the folders of the template
    and of the file to be written: what the template names relative to the one is found again.
    """
    root = yaml.compose(text, Loader=_PARSER)
    wanted = {same(name): tracks for name, tracks in music.items()}
    named: list[Any] = []
    changes = [_title(text, root, title)]
    for phase in _rows(root, "phases"):
        name = same(_child(phase, "name")[1].value)
        named += _files_in(phase, old)
        key, node = _child(phase, "music")
        if name in wanted:
            rows = [_quoted(entry_of(track, new)) for track in wanted[name]]
            changes.append(_listed(text, node, rows, key.start_mark.column, phase.flow_style))
        else:
            named += _entries(node)
    for cue in _rows(root, "cues"):
        named += _files_in(cue, old)
    changes += [change for node in named for change in _moved(text, node, old, new)]
    for start, end, words in sorted(changes, reverse=True):
        text = text[:start] + words + text[end:]
    return text


def entry_of(track: Path, folder: Path) -> str:
    """A file as a session in a folder names it: relative to that where it lies in it."""
    for piece in pieces().values():
        if absolute(piece.file) == track:
            return f"{SHIPPED}{piece.name}"
    try:
        name = track.relative_to(folder).as_posix()
    except ValueError:
        return str(track)
    return f"./{name}" if name[0] in "~ " or ":" in name or same(name) == SILENCE else name


def _title(text: str, root: Any, title: str) -> _Change:
    return _over(text, _child(root, "title")[1], _quoted(title))


def _over(text: str, node: Any, words: str) -> _Change:
    """Other words for a node; white space and comments behind it stay."""
    start = node.start_mark.index
    return (start, start + len(text[start : _end(node)].rstrip()), words)


def _end(node: Any) -> int:
    """Where a node's last word ends: the end of one in block form lies behind all comments."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(last[1] if isinstance(last, tuple) else last)
    return int(node.end_mark.index)


def _listed(text: str, node: Any, rows: Sequence[str], column: int, flow: bool) -> _Change:
    """A list in place of a node, one entry a line unless it stands in braces."""
    start, end, _ = _over(text, node, "")
    if flow:
        return (start, end, f"[{', '.join(rows)}]")
    indent = "\n" + " " * (column + 2)
    return (len(text[:start].rstrip(" ")), end, "".join(f"{indent}- {row}" for row in rows))


def _quoted(words: str) -> str:
    """A text in double quotes, whose rules YAML shares with JSON."""
    return json.dumps(words, ensure_ascii=False)


def _moved(text: str, node: Any, old: Path, new: Path) -> Iterator[_Change]:
    """A relative path that the template names, as it is named from the new file's folder."""
    written = node.value.strip()
    stays = same(written) == SILENCE or same(written).startswith(SHIPPED) or written[:1] == "~"
    if not (stays or is_address(written) or Path(written).is_absolute()):
        yield _over(text, node, _quoted(entry_of(absolute(old / written), new)))


def _files_in(part: Any, old: Path) -> Iterator[Any]:
    """The recording or the script that a cue or a phase names as a file."""
    for key, node in part.value:
        if key.value == "audio" or (key.value == "script" and (old / node.value.strip()).is_file()):
            yield node


def _entries(node: Any) -> Iterator[Any]:
    """Every entry of a phase's music."""
    if isinstance(node, yaml.ScalarNode):
        yield node
    elif isinstance(node, yaml.SequenceNode):
        for each in node.value:
            yield from _entries(each)
    else:
        for key, value in node.value:
            if key.value == "from":
                yield from _entries(value)


def _rows(root: Any, name: str) -> list[Any]:
    return [row for key, node in root.value if key.value == name for row in node.value]


def _child(node: Any, name: str) -> tuple[Any, Any]:
    key, value = next(pair for pair in node.value if pair[0].value == name)
    return key, value
