"""Makes a session file of lists of music: a template's phases, cues and reminders, their pieces.

Knows lengths only where they are told to it. Writes one file, whole or not at all.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from player.errors import InputWrong, SessionFaulty
from player.session.find import ENDINGS
from player.session.loader import load
from player.session.model import Phase, Session
from player.session.music import Shelf
from player.session.spread import spread
from player.session.template import filled
from player.text.small_files import absolute, read_bytes
from player.text.whole_files import draft_of
from player.text.words import Misread, nearest_hint, same, shown
from player.text.yaml_nodes import MOST_BYTES
from player.units import Seconds

LengthOf = Callable[[Path], Seconds | None]


@dataclass(frozen=True, slots=True)
class Imported:
    """What was written, and what of the lists could not be used."""

    session: Session
    given: Mapping[str, Sequence[Path]]
    """Pieces by the name of their phase, where the lists gave them."""
    notes: tuple[str, ...]
    lengths_s: Mapping[str, Seconds]
    """How much music each phase has, where the list or the files tell."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What to make: from which lists, on which template."""

    template: Path
    whole: str | None
    """A list or a folder to spread over all phases that have no list of their own."""
    own: Mapping[str, str]
    """Lists or folders by the name or role of a phase."""
    title: str | None = None


def make_session(wishes: Wishes, out: Path, length_of: LengthOf, *, force: bool) -> Imported:
    """Write a session file. Raises InputWrong; then nothing is written or changed."""
    out = absolute(out.expanduser())
    _refuse(out, wishes.template, force=force)
    template = load(wishes.template)
    notes: list[str] = []
    music = _own_lists(template, wishes.own, notes)
    lengths_s: dict[str, Seconds] = {}
    if wishes.whole is not None:
        spread_out = _spread(template, wishes.whole, set(music), length_of, notes)
        music |= {name: [track for track, _ in share] for name, share in spread_out.items()}
        lengths_s = {
            name: sum(length_s for _, length_s in share if length_s)
            for name, share in spread_out.items()
            if all(length_s for _, length_s in share)
        }
    if not music:
        raise InputWrong("name a list to spread over the phases, or --phase NAME=LIST")
    what = wishes.whole or next(iter(wishes.own.values()))
    title = wishes.title or f"{template.title}: {Path(what).stem}"
    text = filled(
        read_bytes(wishes.template, MOST_BYTES).decode("utf-8-sig"),
        title=" ".join(title.split())[:120],
        music=music,
        old=absolute(wishes.template).parent,
        new=out.parent,
    )
    return Imported(_written(text, out, music), music, tuple(notes), lengths_s)


def _refuse(out: Path, template: Path, *, force: bool) -> None:
    if out.suffix.casefold() not in ENDINGS:
        raise InputWrong(f"{out}: a session file ends in .yaml")
    if not out.parent.is_dir():
        raise InputWrong(f"{out.parent}: there is no such folder")
    if out.exists() and out.samefile(template):
        raise InputWrong(f"{out}: this is the template itself; give the new file another name")
    if out.is_dir() or (os.path.lexists(out) and not force):
        raise InputWrong(f"{out}: is there already; another name, or --force to write over it")


def _own_lists(
    template: Session, own: Mapping[str, str], notes: list[str]
) -> dict[str, Sequence[Path]]:
    music: dict[str, Sequence[Path]] = {}
    for wanted, entry in own.items():
        name = _phase_called(wanted, template.phases).name
        if name in music:
            raise InputWrong(f"--phase {wanted}: {name} has a list already")
        music[name] = _opened(entry, notes)[0]
    return music


def _phase_called(wanted: str, phases: Sequence[Phase]) -> Phase:
    for phase in phases:
        if same(phase.name) == same(wanted):
            return phase
    for phase in phases:
        if phase.role and phase.role.value == same(wanted):
            return phase
    hint = nearest_hint(wanted, (phase.name for phase in phases))
    raise InputWrong(f"--phase: {shown(wanted)} is no phase of this template ({hint})")


def _spread(
    template: Session, entry: str, taken: set[str], length_of: LengthOf, notes: list[str]
) -> dict[str, list[tuple[Path, Seconds | None]]]:
    phases = [row for row in template.phases if not row.music.silence and row.name not in taken]
    if not phases:
        raise InputWrong(f"{shown(entry)}: every phase has a list already")
    tracks, told_s = _opened(entry, notes)
    lengths_s = [told or length_of(track) for track, told in zip(tracks, told_s, strict=True)]
    shares = spread(lengths_s, [phase.length_s for phase in phases])
    return {
        phase.name: [(tracks[piece], lengths_s[piece]) for piece in share]
        for phase, share in zip(phases, shares, strict=True)
    }


def _opened(entry: str, notes: list[str]) -> tuple[tuple[Path, ...], Sequence[Seconds | None]]:
    try:
        opened = Shelf(Path.cwd()).open(entry)
    except Misread as fault:
        raise InputWrong(f"{fault}") from None
    if not opened.lengths_s and not Path(entry).expanduser().is_dir():
        raise InputWrong(
            f"{shown(entry)} is no list: one ends in .m3u, .m3u8 or .xspf, or is a folder"
        )
    notes += opened.notes
    return opened.tracks, opened.lengths_s or [None] * len(opened.tracks)


def _written(text: str, out: Path, music: Mapping[str, Sequence[Path]]) -> Session:
    """Write beside the place, read it back as any session, and only then put it there."""
    body = text.encode("utf-8", "surrogateescape")
    if len(body) > MOST_BYTES:
        count = sum(len(tracks) for tracks in music.values())
        raise InputWrong(
            f"{count} pieces are more than a session file can name one by one; "
            'name the list itself there instead: "music: my-list.m3u8"'
        )
    try:
        with draft_of(out, body) as draft:
            session = load(draft)
            _same_music(session, music)
    except SessionFaulty as fault:
        listed = "\n".join(row.text(out.name) for row in fault.faults)
        raise InputWrong(
            f"the session would not be right, so it is not written:\n{listed}"
        ) from None
    return session.model_copy(update={"source": out})


def _same_music(session: Session, music: Mapping[str, Sequence[Path]]) -> None:
    for phase in session.phases:
        wanted = music.get(phase.name)
        if wanted is not None and tuple(wanted) != phase.music.tracks:
            raise InputWrong(
                f"{phase.name}: its pieces cannot be named in a session file, so none is written; "
                "look for unusual signs in their names"
            )
