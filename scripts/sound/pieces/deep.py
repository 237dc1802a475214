"""Deep: the peak, dark and slow. A just-tuned drone on C, low humming, overtones, low bowls."""

from circle import Circle
from measure import Sound
from pads import CHOIR, DRONE, OO, SUB, Pads, Timbre
from room import Master, Send, mastered
from score import Note, chord, hz, line
from strikes import bowl
from sung import HUM, sing
from surf import air

TITLE = "Deep"
ENERGY = "mid"
BIT_RATE = 64_000

ROOT_HZ = hz("C2")
DRONE_TONES = [(1, 0.55), (1.5, 0.32), (2, 0.36), (3, 0.22), (4, 0.12), (6, 0.06), (8, 0.035)]
"""Harmonics of the root, each with its level."""
CHORDS = [
    chord("C3 G3 C4 Eb4 G4"),
    chord("Ab2 Eb3 C4 Eb4 G4"),
    chord("F2 C3 Ab3 C4 G4"),
    chord("Bb2 F3 Bb3 D4 F4"),
    chord("Eb3 Bb3 Eb4 F4 G4"),
    chord("G2 D3 Bb3 D4 F4"),
    chord("Ab2 C3 Ab3 Bb3 Eb4"),
    chord("F2 Db3 Ab3 C4 F4"),
]
BASS = line("C2 Ab1 F1 F1 Eb2 G1 Ab1 F1")
"""Never a step from the drone: two low notes that near would throb."""
OVERTONES = ((8, 9, 10), (8, 10, 9), (6, 8, 9), (10, 9, 8), (9, 10, 12), (9, 8, 6), (8, 6, 7),
             (7, 8, 9))  # fmt: skip
"""A slow tune of three harmonics of the root in each chord, eight seconds each."""
SINGING = Timbre(OO, OO, 0.8)


def compose() -> Sound:
    """240 s: eight chords of 30 s over one drone, a tune of overtones, ten low bowls."""
    deep = Circle(240, seed=106)
    each_s = deep.length_s / len(CHORDS)
    drone = Pads(deep, "drone", DRONE)
    for ratio, level in DRONE_TONES:
        side = deep.between(-0.6, 0.6) if ratio > 2 else 0.0
        drone.drone(ROOT_HZ * ratio, 1.25 * level, cycles=int(deep.rng.integers(6, 12)), pan=side)
    Pads(deep, "choir", CHOIR).chords(CHORDS, level=0.3, fade_s=14, spread=0.8)
    deep.steady("choir", 0.8, over_s=3)
    Pads(deep, "sub", SUB).chords(BASS, level=0.3, fade_s=5)
    for number, harmonics in enumerate(OVERTONES):
        notes = [Note(8.0 * i, 8.0, ROOT_HZ * ratio) for i, ratio in enumerate(harmonics)]
        side = 0.5 * (-1) ** number
        sing(deep, "overtones", number * each_s + 3, notes, 0.95, HUM, 0.24, pan=side)
    for number in range(10):
        start_s = (number + 0.4 + deep.between(-0.2, 0.2)) * deep.length_s / 10
        pitch_hz = ROOT_HZ * (2, 3, 2, 4, 3)[number % 5]
        bowl(deep, "bowl", start_s, pitch_hz, 1.6, rise_s=1.8, pan=deep.between(-0.4, 0.4),
             light=0.5, beat_hz=0.4, decay_s=32)  # fmt: skip
    air(deep, "air", 0.4, 60, 260, depth=0.7, cycles=11)
    sends = {
        "drone": Send(dry=0.5, wet=0.45),
        "choir": Send(dry=0.2, wet=0.85),
        "overtones": Send(dry=0.2, wet=0.9),
        "sub": Send(dry=0.6, wet=0.0),
        "bowl": Send(dry=0.4, wet=0.7),
        "air": Send(dry=0.5, wet=0.3),
    }
    return mastered(deep, sends, decay_s=8, master=Master(fall_db_per_octave=-13, ride=0.3))
