"""The table of a scan: the worst first, what to do, and nothing that could steer a terminal."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from player.library.findings import Rise, Silence, Survey
from player.screens.scan_table import safe, table
from player.timeline.plan import Broken, TrackFacts

MUSIC = Path("/music")


class Line(NamedTuple):
    """As the rows of a scan are."""

    place: str
    found: Survey | Broken
    not_music: str = ""


def piece(name: str, minutes: float = 4, tail_s: int = 0, **more: object) -> Line:
    tail = tail_s * 48000
    facts = TrackFacts(round(minutes * 60 * 48000) - tail, -18.25, -1.0, tail=tail)
    return Line(str(MUSIC / name), Survey(facts, **more))  # type: ignore[arg-type]


def test_the_worst_comes_first_and_each_says_what_to_do() -> None:
    lines = [
        piece("calm.flac"),
        piece("gap.flac", tail_s=7, silences=(Silence(65, 8.4),), trailing_silence_s=7.0),
        piece("hush.flac", leading_silence_s=9.0),
        piece("loud.mp3", clipped_samples=2345),
        piece("broken/off.mp3", faults=("it breaks off: 2m of its 4m are there",)),
        Line(str(MUSIC / "zero.mp3"), Broken("is empty")),
        piece("storm.flac", 75, rises=tuple(Rise(60.0 * n, 9.0 + n) for n in range(1, 6))),
        piece("jump.flac", rises=(Rise(31.4, 10.0),), clipped_samples=500),
        Line(str(MUSIC / "cover.jpg"), Broken("is not music: picture"), "picture"),
        Line(str(MUSIC / "back.jpg"), Broken("is not music: picture"), "picture"),
    ]
    assert "\n".join(table(lines)) == TABLE.strip("\n")


TABLE = """
 Length   LUFS  File, what was found, and what to do
1:15:00  -18.2  storm.flac
                grows louder suddenly: 14 LU at 5:00, 13 LU at 4:00, 12 LU at
                    3:00, and 2 more
                  > choose another piece, or let the session ease it
                    (sudden_rises: soften)
   4:00  -18.2  jump.flac
                grows louder suddenly: 10 LU at 0:31
                  > choose another piece, or let the session ease it
                    (sudden_rises: soften)
                was recorded too loud: 500 samples are cut off
                  > it may sound harsh; try another copy of it
      -      -  zero.mp3
                cannot be played: is empty
                  > sessions pass over it
   4:00  -18.2  broken/off.mp3
                it breaks off: 2m of its 4m are there
                  > try another copy of it
   4:00  -18.2  loud.mp3
                was recorded too loud: 2,345 samples are cut off
                  > it may sound harsh; try another copy of it
   4:00  -18.2  gap.flac
                is silent within: 8 s at 1:05
                  > no fault of the player: know it beforehand, or choose
                    another
                ends with 7 s of silence: trimmed where tracks join
   4:00  -18.2  hush.flac
                begins with 9 s that are too soft to be heard
   4:00  -18.2  calm.flac

8 files, 1:39:00 of music: 7 with something to note, 1 without.
Not music, and left alone: 2 pictures.
"""


def test_of_a_large_library_the_worst_are_shown_and_the_rest_counted() -> None:
    lines = [piece(f"{number}.flac", rises=(Rise(5, 9),) * (number % 2)) for number in range(100)]
    shown = list(table(lines))
    assert sum(line.endswith(".flac") for line in shown) == 40
    assert any("and 60 more, 10 of them with something to note" in line for line in shown)
    assert sum(line.endswith(".flac") for line in table(lines, whole=True)) == 100


def test_no_name_can_steer_the_terminal() -> None:
    name = "a\x1b[31m\nb\u202etxt\u2028\x9bc\udce9🎵.mp3"
    (line,) = (row for row in table([piece(name)]) if ".mp3" in row)
    assert line.endswith("a?[31m?b?txt??c\ufffd🎵.mp3")
    assert safe("plain é [x]") == "plain é [x]"


def test_nothing_at_all_is_said_in_one_line() -> None:
    assert [line for line in table([]) if line] == ["0 files, 0:00 of music: nothing to note."]
