"""Renders every word the shipped sessions say, and writes playlists/voice and voice.yaml.

The sessions are the source: each text is spoken once, in a file named after its cue.
Run it where hibari-tts 0.2.1 is installed: python3 scripts/sound/make_voice.py [CUE...]
Without names all clips are made and clips that nothing says any more are removed.
"""

from __future__ import annotations

import re
import sys
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import ogg_opus
import yaml
from hibari import Hibari
from measure import SAMPLE_RATE, Sound, decode, loudness
from pydub import AudioSegment
from pydub.silence import detect_leading_silence
from scipy import signal

PLAYLISTS = Path(__file__).parents[2] / "playlists"
VOICE, SPEED = "heart", 0.75
"""127 words a minute: a human pace."""
PAUSE_MS = 5_000
"""Silence after a sentence, part of the clip: the lower end of what a grounding cue wants."""
LUFS = -23.0
PEAK_DBTP = -3.5
"""Half a dB under what is promised, since the codec may raise a peak."""
BIT_RATE = 24_000
"""Near 29 kbit/s while somebody speaks, 4 in the silences."""
RIGHTS = "CC0 1.0, made by scripts/sound with hibari-tts 0.2.1, voice heart"
FULL_SCALE = 2**31 - 1


def main(names: list[str]) -> None:
    """Renders the named cues, or all, and writes the index of all that are there."""
    words = shipped_words(PLAYLISTS)
    if unknown := [name for name in names if name not in words]:
        sys.exit(f"no shipped session has a cue named {', '.join(unknown)}")
    voice = Hibari(voice=VOICE)
    for name in names or words:
        path = clip_path(name)
        tags = {"TITLE": name, "LICENSE": RIGHTS, "DESCRIPTION": words[name]}
        clip = speak(voice, words[name])
        ogg_opus.write(path, clip, bit_rate=BIT_RATE, tags=tags, application="lowdelay")
        print(f"{path.name}: {path.stat().st_size // 1000} kB")
    rows = [row(name, text) for name, text in words.items() if clip_path(name).is_file()]
    index = yaml.safe_dump(rows, sort_keys=False, width=92, allow_unicode=True)
    (PLAYLISTS / "voice.yaml").write_text("# Made by scripts/sound/make_voice.py.\n" + index)
    if not names:
        remove_all_but([clip_path(name) for name in words])


def shipped_words(playlists: Path) -> dict[str, str]:
    """What each cue of the shipped sessions says, by the cue's name; a name says one thing."""
    words: dict[str, str] = {}
    for path in sorted(playlists.glob("*.yaml")):
        session: Any = yaml.safe_load(path.read_text())
        for cue in session.get("cues", []) if isinstance(session, dict) else []:
            text = " ".join(cue["say"].split())
            if words.setdefault(cue["name"], text) != text:
                sys.exit(f"{path.name}: another session says something else at {cue['name']!r}")
    return dict(sorted(words.items()))


def clip_path(name: str) -> Path:
    """Where the clip of a cue stands: ``Eye shades`` is eye-shades.opus."""
    return PLAYLISTS / "voice" / f"{re.sub('[^a-z0-9]+', '-', name.lower()).strip('-')}.opus"


def speak(voice: Hibari, text: str) -> Sound:
    """A text as one mono clip: sentences of equal loudness, with silence between them."""
    sentences = [sentence(voice, words) for words in re.split(r"(?<=[.?!])\s+", text)]
    pause = AudioSegment.silent(PAUSE_MS, SAMPLE_RATE).set_sample_width(4)
    clip = sentences[0]
    for spoken in sentences[1:]:
        clip = clip + pause + spoken
    return levelled(samples_of(clip))


def sentence(voice: Hibari, words: str) -> AudioSegment:
    """One sentence: high-passed, sibilants softened, levelled, trimmed, with soft edges."""
    # The seed comes from the words: the same sentence sounds the same in every clip.
    seed = zlib.crc32(words.encode())
    spoken = [voice.from_phonemes(part, SPEED, seed=seed) for part in voice.phonemize(words)]
    at_24k = np.concatenate(spoken).astype(np.float64)
    clear = softened(signal.resample_poly(at_24k, 2, 1))
    clip = segment_of(levelled(clear[np.newaxis].astype(np.float32)))
    lead_ms = detect_leading_silence(clip, silence_threshold=-45, chunk_size=5)
    tail_ms = detect_leading_silence(clip.reverse(), silence_threshold=-50, chunk_size=5)
    trimmed = clip[max(0, lead_ms - 60) : len(clip) - max(0, tail_ms - 250)]
    return trimmed.fade_in(30).fade_out(200)


def softened(spoken: np.ndarray) -> np.ndarray:
    """Without rumble under 70 Hz, and 2.5 dB less above 5.5 kHz, where a synthetic voice hisses."""
    high_pass = signal.butter(2, 70, "highpass", fs=SAMPLE_RATE, output="sos")
    clear = signal.sosfilt(high_pass, np.pad(spoken, SAMPLE_RATE // 4))
    hiss = signal.butter(1, 5500, "highpass", fs=SAMPLE_RATE, output="sos")
    return clear - 0.25 * signal.sosfilt(hiss, clear)


def levelled(clip: Sound) -> Sound:
    """A clip at the wanted loudness, or lower where its peaks ask for it."""
    now = loudness(clip)
    gain_db = min(LUFS - now.lufs, PEAK_DBTP - now.true_peak_dbtp)
    return (clip * 10 ** (gain_db / 20)).astype(np.float32)


def segment_of(clip: Sound) -> AudioSegment:
    """Mono float samples as a pydub segment of 32 bits."""
    pcm = (np.clip(clip[0].astype(np.float64), -1, 1) * FULL_SCALE).astype("<i4")
    return AudioSegment(pcm.tobytes(), sample_width=4, frame_rate=SAMPLE_RATE, channels=1)


def samples_of(segment: AudioSegment) -> Sound:
    """A pydub segment of 32 bits as float samples of shape (1, frames)."""
    pcm = np.frombuffer(segment.raw_data, "<i4")
    return (pcm / FULL_SCALE).astype(np.float32)[np.newaxis]


def row(name: str, text: str) -> dict[str, Any]:
    """What the index says of a clip, measured on the file as it decodes."""
    clip = decode(clip_path(name))
    figures = loudness(clip)
    return {
        "text": text,
        "file": f"voice/{clip_path(name).name}",
        "frames": clip.shape[1],
        "lufs": round(figures.lufs, 1),
        "true_peak_dbtp": round(figures.true_peak_dbtp, 1),
        "rights": RIGHTS,
    }


def remove_all_but(wanted: list[Path]) -> None:
    """Clips that no session speaks any more do not travel."""
    for path in (PLAYLISTS / "voice").glob("*.opus"):
        if path not in wanted:
            path.unlink()


if __name__ == "__main__":
    main(sys.argv[1:])
