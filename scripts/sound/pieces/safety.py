"""Safety: what plays where a list has nothing left. Two soft chords of Shore and a far sea."""

from circle import Circle
from measure import Sound
from pads import WARM, Pads
from room import Master, Send, mastered
from score import chord
from surf import sea

TITLE = "Safety bed"
ENERGY = "low"
BIT_RATE = 40_000

CHORDS = [chord("D3 A3 D4 F#4 A4"), chord("G2 D3 B3 D4 A4")]


def compose() -> Sound:
    """48 s, kept decoded by the player for the whole of a session."""
    safety = Circle(48, seed=109)
    sea(safety, "sea", 0.35, every_s=12, floor=0.4)
    Pads(safety, "pad", WARM).chords(CHORDS, level=0.5, fade_s=14, spread=0.5)
    sends = {"sea": Send(dry=0.75, wet=0.15), "pad": Send(dry=0.45, wet=0.7)}
    return mastered(safety, sends, decay_s=5, master=Master(lufs=-23.0, fall_db_per_octave=-12.5))
