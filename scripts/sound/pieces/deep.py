"""Deep: the peak. A just-tuned drone on C, a low choir over it, slow dark bowls; no pulse."""

from circle import Circle, chord, hz, line
from measure import Sound
from pads import CHOIR, DRONE, OO, SUB, Pads, Timbre
from room import Master, Send, mastered
from strikes import bowl
from surf import air

TITLE = "Deep"
BIT_RATE = 50_000

ROOT_HZ = hz("C2")
DRONE_TONES = [(1, 0.55), (1.5, 0.32), (2, 0.36), (3, 0.22), (4, 0.12), (6, 0.06), (8, 0.035)]
"""Harmonics of the root, each with its level."""
CHORDS = [
    chord("C3 G3 C4 Eb4 G4 D5"),
    chord("Ab2 Eb3 C4 Eb4 G4 C5"),
    chord("F2 C3 Ab3 C4 G4 Bb4"),
    chord("Bb2 F3 D4 F4 C5 D5"),
    chord("Eb3 Bb3 Eb4 G4 Bb4 F5"),
    chord("G2 D3 Bb3 D4 F4 C5"),
]
BASS = line("C2 Ab1 F1 Bb1 Eb2 G1")
OVERTONES = (6, 7, 8, 9, 12)
SINGING = Timbre(OO, OO, 0.8)


def compose() -> Sound:
    """192 s: six chords of 32 s over one drone, twelve sung overtones, nine low bowls."""
    deep = Circle(192, seed=106)
    drone, singing = Pads(deep, "drone", DRONE), Pads(deep, "singing", SINGING)
    for ratio, level in DRONE_TONES:
        side = deep.between(-0.6, 0.6) if ratio > 2 else 0.0
        drone.drone(ROOT_HZ * ratio, level, cycles=int(deep.rng.integers(5, 10)), pan=side)
    Pads(deep, "choir", CHOIR).chords(CHORDS, level=0.4, fade_s=15, spread=0.8)
    Pads(deep, "sub", SUB).chords(BASS, level=0.3, fade_s=15)
    for number in range(12):
        start_s = (number + deep.between(-0.2, 0.2)) * deep.length_s / 12
        pitch_hz = ROOT_HZ * float(deep.rng.choice(OVERTONES))
        singing.note(start_s, deep.between(26, 36), pitch_hz, 0.24, 12, deep.between(-0.7, 0.7))
    for number in range(9):
        start_s = (number + 0.4 + deep.between(-0.25, 0.25)) * deep.length_s / 9
        pitch_hz = ROOT_HZ * float(deep.rng.choice((2, 3, 4)))
        bowl(deep, "bowl", start_s, pitch_hz, 1.5, rise_s=1.2, pan=deep.between(-0.4, 0.4),
             light=0.5, beat_hz=0.4, decay_s=32)  # fmt: skip
    air(deep, "air", 0.1, 60, 260, depth=0.6, cycles=9)
    sends = {
        "drone": Send(dry=0.5, wet=0.45),
        "choir": Send(dry=0.2, wet=0.85),
        "singing": Send(dry=0.15, wet=0.9),
        "sub": Send(dry=0.6, wet=0.0),
        "bowl": Send(dry=0.4, wet=0.7),
        "air": Send(dry=0.5, wet=0.3),
    }
    return mastered(deep, sends, decay_s=8, master=Master(fall_db_per_octave=-13))
