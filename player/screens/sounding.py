"""Keys that change what is heard: talk, silence, pause, music, volume, and the end."""

from __future__ import annotations

from player.screens.panels import Menu, Question
from player.screens.reply import Hands, Reply, Then
from player.timeline.commands import (
    BackToPlan,
    BeginTalk,
    ChangeVolume,
    ClientLeft,
    Deeper,
    End,
    EndTalk,
    NotThis,
    Pause,
    Resume,
    RoomCommand,
    Silence,
    Skip,
    Softer,
    TakeFromShelf,
)
from player.timeline.status import State, Status

VOLUME_STEP_DB = 1.0

CANNOT_WAIT = frozenset({"dose", "talk", "silence", "pause", "cue", "louder", "quieter", "lock"})
"""What is done at once, though it is asked whether to leave: a press of that key was a slip."""


def talk(status: Status, hands: Hands) -> Reply:
    """Soften the bed, or bring it back."""
    if status.talking:
        return Reply((EndTalk(),), "bringing the music back…")
    return Reply((BeginTalk(),), "softening for talk…")


def silence(status: Status, hands: Hands) -> Reply:
    """Fade to silence, or back."""
    if status.resting == State.PAUSED:
        return Reply(says=f"paused: {hands.keyboard.shown('pause')} goes on")
    if status.resting == State.SILENCED:
        return Reply((Resume(),), "bringing the music back…")
    return Reply((Silence(),), "fading to silence…")


def pause(status: Status, hands: Hands) -> Reply:
    """Pause, or go on."""
    if status.resting == State.SILENCED:
        return Reply(says=f"silenced: {hands.keyboard.shown('silence')} brings the music back")
    if status.resting == State.PAUSED:
        return Reply((Resume(),), "going on…")
    return Reply((Pause(),), "pausing…")


def music(status: Status, hands: Hands) -> Reply:
    """Skip this track or leave it out, bring in something softer or deeper, or the shelf."""
    name = status.track or "what plays now"
    rows: list[tuple[str, str, RoomCommand, str]] = [
        ("s", f"skip {name}", Skip(), "bringing in the next track…"),
        ("n", "not this: leave it out from now on", NotThis(), "bringing in the next track…"),
        ("f", "softer: less energy", Softer(), "bringing in something softer…"),
        ("r", "deeper: more energy", Deeper(), "bringing in something deeper…"),
    ]
    if status.shelf_held is not None:
        rows.append(("0", "back to the plan", BackToPlan(), "going back to the plan…"))
    rows += [
        (
            str(at + 1),
            _on_shelf(name, held=at == status.shelf_held),
            TakeFromShelf(piece=at),
            f"{name}…",
        )
        for at, name in enumerate(status.shelf)
    ]
    entries = [
        (key, words, Reply((command,), says, closes=True)) for key, words, command, says in rows
    ]
    return Reply(opens=Menu("Music", entries))


def _on_shelf(name: str, *, held: bool) -> str:
    return f"{name}, held now" if held else name


def end(status: Status, hands: Hands) -> Reply:
    """End the music, or say that the client has left; both want a second press."""
    key = hands.keyboard.shown("end")
    if status.state == State.ENDING:
        return Reply(says="fading out already")
    over = status.state == State.MUSIC_ENDED
    if not hands.guard.sure("end", "left" if over else "music"):
        what = "the client has left, the session ends" if over else "fade the music out and end it"
        return Reply(says=f"{key} again: {what}")
    return Reply((ClientLeft(),), "ending…") if over else Reply((End(),), "fading out…")


def leave(status: Status, hands: Hands) -> Reply:
    """Ask what leaving the screen means; the same key once more leaves it."""
    keyboard = hands.keyboard
    over = status.state == State.MUSIC_ENDED
    goes_on = "the clocks go on" if over else "the music goes on"
    out = Reply(then=Then.LEAVE)
    end = Reply((ClientLeft() if over else End(),), "ending…", closes=True)
    ends = "the client has left" if over else "end: fade the music out"
    return Reply(
        opens=Question(
            f"Leave the screen? {goes_on[0].upper()}{goes_on[1:]}",
            (
                (keyboard.shown("leave"), f"leave: {goes_on}, stillroom attach comes back", out),
                (keyboard.shown("end"), ends, end),
            ),
            keyboard.name_of,
            {"leave": out, "end": end, "no": Reply(closes=True)},
            CANNOT_WAIT,
        )
    )


def louder(status: Status, hands: Hands) -> Reply:
    """1 dB up."""
    return Reply((ChangeVolume(by_db=VOLUME_STEP_DB),), "volume up…")


def quieter(status: Status, hands: Hands) -> Reply:
    """1 dB down."""
    return Reply((ChangeVolume(by_db=-VOLUME_STEP_DB),), "volume down…")
