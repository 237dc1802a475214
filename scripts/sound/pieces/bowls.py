"""Bowls: arrival and grounding. Singing bowls close by over open fifths; much air, no beat."""

from circle import Circle
from measure import Sound
from pads import DRONE, GLASS, Pads
from room import Master, Send, mastered
from score import chord, hz
from strikes import bowl, chime
from surf import air

TITLE = "Bowls"
ENERGY = "low"
BIT_RATE = 64_000

CHORDS = [
    chord("A2 E3 A3 E4"),
    chord("F#2 C#3 A3 E4"),
    chord("D3 A3 E4 F#4"),
    chord("E2 B2 G#3 E4"),
    chord("A2 E3 B3 C#4"),
    chord("C#3 G#3 B3 E4"),
    chord("D3 F#3 A3 C#4"),
    chord("E3 A3 B3 F#4"),
]
STRUCK = [
    chord("A3 E4 C#5"),
    chord("F#3 C#4 A4 E4"),
    chord("D4 A3 F#4"),
    chord("E3 B4 G#4"),
    chord("A3 C#5 B4 E4"),
    chord("C#4 G#3 E5"),
    chord("D4 F#4 A3 C#5"),
    chord("E4 B3 A4"),
]
"""What is struck while each chord sounds."""
RUBBED = chord("E5 C#5 A4 B4 C#5 E5 F#5 B4")
"""One bowl in each chord is rubbed round its rim instead."""
CHIMES = {20: "E6 B6 C#7", 71: "A6 F#6", 118: "E6 G#6 B6", 166: "F#6 C#7 A6"}
"""Glass far away, by the second."""


def compose() -> Sound:
    """192 s: eight chords of 24 s, 27 strokes, eight rubbed bowls, a little glass."""
    bowls = Circle(192, seed=102)
    each_s = bowls.length_s / len(CHORDS)
    Pads(bowls, "drone", DRONE).chords(CHORDS, level=0.42, fade_s=13, spread=0.5)
    bowls.steady("drone", 0.7)
    rims = Pads(bowls, "rim", GLASS)
    for number, (notes, rubbed) in enumerate(zip(STRUCK, RUBBED, strict=True)):
        for place, note in enumerate(notes):
            start_s = (number + (place + bowls.between(0.1, 0.35)) / len(notes)) * each_s
            strike(bowls, start_s, note)
        side = 0.6 * (-1) ** number
        for beat_hz, pan in ((-0.3, side - 0.2), (0.3, side + 0.2)):
            rims.note(number * each_s + 5, 26, hz(rubbed) + beat_hz, 0.11, 11, pan)
    for start_s, notes in CHIMES.items():
        for place, note in enumerate(notes.split()):
            side = bowls.between(-0.8, 0.8)
            chime(bowls, "glass", start_s + place * 1.7, hz(note), 0.16, pan=side)
    air(bowls, "air", 0.07, 300, 2400, depth=0.6, cycles=7)
    sends = {
        "drone": Send(dry=0.4, wet=0.4),
        "bowl": Send(dry=0.6, wet=0.5),
        "touch": Send(dry=0.6, wet=0.4),
        "rim": Send(dry=0.3, wet=0.8),
        "glass": Send(dry=0.1, wet=0.9),
        "air": Send(dry=0.3, wet=0.7),
    }
    return mastered(bowls, sends, decay_s=6.5, master=Master(fall_db_per_octave=-10, alike=0.4))


def strike(bowls: Circle, start_s: float, note: str) -> None:
    """One stroke with a soft beater: the touch at once, then the bowl's own note blooms.

    Low bowls are louder, longer and more in the middle.
    """
    pitch_hz = hz(note)
    low = (220 / pitch_hz) ** 0.3
    pan = bowls.between(-0.6, 0.6) / low
    bowl(bowls, "bowl", start_s, pitch_hz, 1.2 * low, rise_s=0.85 + 0.4 * low, pan=pan,
         light=0.75, beat_hz=bowls.between(0.35, 0.9), decay_s=26 + 6 * low)  # fmt: skip
    chime(bowls, "touch", start_s, 2.76 * pitch_hz, 0.3 * low, pan=pan)
