"""Every key of a session file, once: loader and schema both read these tables.

Defaults stand in `model`; here is what may be written, in which bounds, and what it is for.
"""

from __future__ import annotations

from player.session.kinds import (
    Choice,
    Length,
    Level,
    Place,
    ScriptName,
    SoundFile,
    Version,
    Words,
)
from player.session.model import After, Ends, Play, Role, SuddenRises
from player.session.music_keys import AVOID, ENTRY, MUSIC, SHELF
from player.session.tables import Key, MusicEntries, Part, Parts, Table, words_of

FORMAT = 1
MOST_PHASES = 100
MOST_CUES = 500


_FADE = Length(zero=True, most_s=600)

DUCK = Table(
    "duck",
    (
        Key("by", Level("dB", 0, 40), "How far the bed goes down under a voice.", "9 dB", "by_db"),
        Key("down", Length(zero=True, most_s=30), "How long it takes down.", "1.5s", "down_s"),
        Key("up", Length(zero=True, most_s=60), "How long it takes back up.", "3s", "up_s"),
    ),
    {"level": "by", "depth": "by", "amount": "by", "attack": "down", "release": "up"},
)

SOUND = Table(
    "sound",
    (
        Key(
            "bed",
            Level("LUFS", -30, -16),
            "Loudness of the music: each track gets one static gain to this.",
            "-23 LUFS",
            "bed_lufs",
        ),
        Key("voice", Level("LUFS", -36, -10), "Loudness of clips.", "-19 LUFS", "voice_lufs"),
        Key(
            "ceiling", Level("dBTP", -12, 0), "No true peak above this.", "-1 dBTP", "ceiling_dbtp"
        ),
        Key(
            "crossfade",
            _FADE,
            "Between two tracks of a phase. No fade is shorter than 50 ms: 0s means that.",
            "10s",
            "crossfade_s",
        ),
        Key("phase_crossfade", _FADE, "Between two phases.", "25s", "phase_crossfade_s"),
        Key("first_fade", _FADE, "How the first phase fades in.", "10s", "first_fade_s"),
        Key("end_fade", _FADE, "How the last phase fades out.", "30s", "end_fade_s"),
        Key("duck", Part(DUCK), "The bed under a voice.", {"by": "9 dB", "down": "1.5s"}),
    ),
    {
        "music": "bed",
        "loudness": "bed",
        "lufs": "bed",
        "volume": "bed",
        "speech": "voice",
        "peak": "ceiling",
        "limit": "ceiling",
        "fade": "crossfade",
        "fade_in": "first_fade",
        "fade_out": "end_fade",
        "ducking": "duck",
    },
)

PHASE = Table(
    "a phase",
    (
        Key("name", Words(80), "Its name, one of a kind.", "Peak", needed=True),
        Key("role", words_of(Role), "What it is for, if it is one of these.", "peak"),
        Key(
            "length",
            Length(least_s=0.1),
            "How long it lasts, or is planned to: at most 24h.",
            "30m",
            "length_s",
            needed=True,
        ),
        Key(
            "ends",
            words_of(Ends),
            "What ends it: the clock, the counsellor, or the mark of the dose. "
            "By hand and at dose, its music goes on past its length.",
            "by hand",
        ),
        Key(
            "music",
            MusicEntries(MUSIC, ENTRY),
            "A file, a folder, an .m3u8 or .xspf list, a shipped piece, a list of these, "
            "or silence. Relative to this file; ~ is the home folder.",
            "shipped:shore",
            needed=True,
        ),
        Key("level", Level("dB", -40, 12), "Relative to the bed.", "+1 dB", "level_db"),
        Key(
            "voice",
            Choice({"on": True, "off": False}),
            "Off: no cue begins in this phase by itself.",
            "off",
        ),
        Key(
            "script",
            ScriptName(),
            "A whole guided piece, as long as the phase, spoken over its music once that has "
            "faded in.",
            "grounding-10",
        ),
    ),
    {
        "title": "name",
        "phase": "name",
        "type": "role",
        "kind": "role",
        "minutes": "length: 10m",
        "seconds": "length: 10s",
        "hours": "length: 1h",
        "duration": "length",
        "time": "length",
        "lasts": "length",
        "end": "ends",
        "until": "ends",
        "file": "music",
        "files": "music",
        "folder": "music",
        "path": "music",
        "track": "music",
        "tracks": "music",
        "playlist": "music",
        "songs": "music",
        "sound": "music",
        "audio": "music",
        "shipped": '"music: shipped:NAME", without a space',
        "volume": "level",
        "gain": "level",
        "order": "music: {from: …, order: …}",
        "shuffle": "music: {from: …, order: shuffle}",
        "loop": "music: {from: …, loop: …}",
        "cue": "cues, beside phases",
        "cues": "cues, beside phases",
    },
)

CUE = Table(
    "a cue",
    (
        Key("name", Words(80), "Its name; without one, its first words.", "Eye shades"),
        Key(
            "at",
            Place(),
            "When: start, end, dose, booster, or a phase's role or name, with + or - and a length; "
            '"rest end - 1m" counts back from the end of a phase.',
            "onset + 30s",
            needed=True,
        ),
        Key(
            "say",
            Words(10_000, lines=True),
            "The words.",
            "Whenever you are ready, you might put on the eye shades.",
        ),
        Key(
            "script",
            ScriptName(),
            "In place of say: a script that comes with Stillroom or your own, by its name, or the "
            "file of one.",
            "body-scan",
        ),
        Key(
            "length",
            Length(most_s=4 * 3600),
            "How long the script lasts: its silences stretch, its speech does not.",
            "6m",
            "length_s",
        ),
        Key(
            "audio",
            SoundFile(),
            "A recording, used instead of speech made from the words. Relative to this file.",
            "voice/eye-shades.opus",
        ),
        Key(
            "play",
            words_of(Play),
            "Who starts it: the clock, the clock once the counsellor has said yes, or a key.",
            "ask",
        ),
    ),
    {
        "text": "say",
        "words": "say",
        "speak": "say",
        "speech": "say",
        "scripts": "script",
        "duration": "length",
        "time": "at",
        "when": "at",
        "file": "audio",
        "recording": "audio",
        "sound": "audio",
        "ask": "play: ask",
    },
)

REMINDER = Table(
    "a reminder",
    (
        Key(
            "at",
            Place(),
            "When, as for a cue; it may lie beyond the end.",
            "dose + 40m",
            needed=True,
        ),
        Key("text", Words(200), "What to be reminded of.", "Blood pressure", needed=True),
    ),
    {"say": "text", "name": "text", "note": "text", "time": "at", "when": "at"},
)

SESSION = Table(
    "a session",
    (
        Key("format", Version(FORMAT), "The version of this format.", FORMAT, needed=True),
        Key("title", Words(120), "Shown in the chooser.", "Lozenge, ninety minutes", needed=True),
        Key(
            "about",
            Words(600),
            "One or two lines, shown in the chooser.",
            "A quiet ninety minutes.",
        ),
        Key("sound", Part(SOUND), "Levels and fades.", {"bed": "-23 LUFS", "crossfade": "10s"}),
        Key(
            "phases",
            Parts(PHASE, 1, MOST_PHASES),
            "The stretches of the session, in their order.",
            [{"name": "Peak", "role": "peak", "length": "30m", "music": "shipped:cathedral"}],
            needed=True,
        ),
        Key(
            "cues",
            Parts(CUE, 0, MOST_CUES),
            "Words in the client's ears.",
            [
                {
                    "name": "Eye shades",
                    "at": "onset + 30s",
                    "say": "You might put on the eye shades.",
                }
            ],
        ),
        Key(
            "reminders",
            Parts(REMINDER, 0, MOST_CUES),
            "Silent lines for the counsellor's eyes.",
            [{"at": "dose + 40m", "text": "Blood pressure"}],
        ),
        Key(
            "shelf",
            Parts(SHELF, 0, 9),
            "Up to nine pieces or moods for the music key and a digit, each held until "
            '"back to the plan".',
            [{"name": "Calm piano", "music": "~/Music/calm"}],
        ),
        Key(
            "avoid",
            Part(AVOID),
            "Music that is not played, though a folder or a list may hold it.",
            {"artists": ["Ann Example"], "files": ["*live*"]},
        ),
        Key(
            "after",
            words_of(After),
            "What the last phase does at its end: fade, or hold (music until the end key).",
            "hold",
        ),
        Key(
            "sudden_rises",
            words_of(SuddenRises),
            "Places where a track suddenly grows much louder: warn of them before the session, "
            "soften them (the track is eased down ahead of each and comes back after it), "
            "or leave them be.",
            "soften",
        ),
    ),
    {
        "version": "format: 1",
        "name": "title",
        "description": "about",
        "levels": "sound",
        "audio": "sound",
        "sections": "phases",
        "stages": "phases",
        "steps": "phases",
        "phase": "phases",
        "voice": "cues",
        "prompts": "cues",
        "alerts": "reminders",
        "notes": "reminders",
        "end": "after",
        "rises": "sudden_rises",
        "soften": "sudden_rises: soften",
    },
)
