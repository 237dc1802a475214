"""Cathedral: the peak, open and bright. A wide choir and strings in E flat, one voice above."""

from circle import Circle
from measure import Sound
from pads import CHOIR, STRINGS, SUB, Pads, Timbre, warm
from room import Echo, Master, Send, mastered
from score import chord, line, phrases
from sung import SOPRANO, sing
from surf import air

TITLE = "Cathedral"
ENERGY = "high"
BIT_RATE = 64_000

CHORDS = [
    chord("Eb3 Bb3 Eb4 G4 Bb4 F5"),
    chord("D3 Bb3 F4 Bb4 D5 F5"),
    chord("C3 G3 Eb4 G4 Bb4 D5"),
    chord("Ab2 Eb3 C4 G4 Bb4 Eb5"),
    chord("G2 Eb3 Bb3 Eb4 Bb4 G5"),
    chord("F3 C4 Eb4 Ab4 C5 G5"),
    chord("Db3 Ab3 F4 Ab4 C5 Eb5"),
    chord("Bb2 F3 Bb3 F4 C5 D5"),
    chord("Ab2 Eb3 C4 Eb4 Bb4 F5"),
    chord("Bb2 F3 Ab3 Eb4 Bb4 C5"),
]
BASS = line("Eb2 D2 C2 Ab1 G1 F2 Db2 Bb1 Ab1 Bb1")
HIGH = [(notes[-1][:-1] + "6", notes[-2][:-1] + "5") for notes in CHORDS]
"""The two upper voices again, at the height of an organ's small pipes."""
SMALL_PIPES = Timbre(warm(2600, 0.8), warm(4200, 0.8), 5.0, highest_hz=8000)
SONGS = {
    20: "Bb4:3 F5:4 Eb5:2 D5:6",
    80: "C5:2 D5:2 Eb5:4 G5:4 F5:3 Bb4:6",
    128: "G5:3 F5:2 Eb5:3 C5:3 Eb5:7",
    182: "F5:4 D5:2 C5:2 Bb4:3 C5:3 Eb5:7",
}
"""What the single voice sings, by the second at which it begins."""
BEAT_S = 1.6


def compose() -> Sound:
    """240 s: ten chords of 24 s, fullest at 150 s; the single voice comes four times."""
    nave = Circle(240, seed=105)
    Pads(nave, "choir", CHOIR).chords([c[1:] for c in CHORDS], level=0.5, fade_s=11, spread=0.85)
    Pads(nave, "strings", STRINGS).chords([c[:5] for c in CHORDS], level=0.34, fade_s=11)
    Pads(nave, "sub", SUB).chords(BASS, level=0.34, fade_s=5)
    Pads(nave, "pipes", SMALL_PIPES).chords(HIGH, level=0.3, fade_s=12, spread=0.9)
    nave.bus("choir")[:] *= nave.arc((0, 0.65), (60, 0.85), (150, 1.05), (200, 0.8))
    nave.bus("pipes")[:] *= nave.arc((0, 0.5), (70, 1.0), (100, 0.4), (155, 1.1), (210, 0.5))
    for number, (start_s, song) in enumerate(SONGS.items()):
        for phrase in phrases(song):
            sing(nave, "song", start_s, phrase, BEAT_S, SOPRANO, 0.3, pan=(0.3, -0.3)[number % 2])
    air(nave, "air", 0.1, 500, 6000, depth=0.6, cycles=11)
    sends = {
        "choir": Send(dry=0.25, wet=0.85),
        "strings": Send(dry=0.35, wet=0.65),
        "sub": Send(dry=0.8, wet=0.0),
        "pipes": Send(dry=0.15, wet=0.85),
        "air": Send(dry=0.2, wet=0.6),
        "song": Send(dry=0.2, wet=0.9, echo=Echo(0.3, 2.4, 2600)),
    }
    return mastered(nave, sends, decay_s=8.5, master=Master(fall_db_per_octave=-10.6, alike=0.4))
