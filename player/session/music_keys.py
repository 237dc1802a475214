"""The keys of a session file that have to do with music: what plays, the shelf, what is avoided.

Tables like those of `keys`, which holds all others.
"""

from __future__ import annotations

from player.session.kinds import Choice, Names, SoundFile, Words
from player.session.model import Energy, Order
from player.session.tables import Key, MusicEntries, Table, words_of

_ENERGY = Key(
    "energy",
    words_of(Energy),
    'How much it moves, for "softer" and "deeper"; without it tags and the loudness curve say so.',
    "low",
)

ENTRY = Table(
    "an entry of music",
    (
        Key("from", SoundFile(), "A file, folder, list or shipped piece.", "a.mp3", needed=True),
        _ENERGY,
    ),
    {"file": "from", "folder": "from", "path": "from", "level": "energy"},
)

MUSIC = Table(
    "music",
    (
        Key(
            "from",
            MusicEntries(Table("music", ()), ENTRY),
            "What to play: one entry, or a list of them.",
            ["shipped:cathedral", "~/Music/peak"],
            needed=True,
        ),
        Key(
            "order",
            words_of(Order),
            "How the tracks follow each other: as listed, shuffled (always the same way "
            "for this title and phase), or fitted to the phase's length.",
            "shuffle",
        ),
        Key(
            "loop",
            Choice({"crossfade": False, "seamless": True}),
            "How a list of one begins again: with a crossfade, or its end joined to its start.",
            "seamless",
            "seamless",
        ),
        _ENERGY,
    ),
    {
        "shipped": '"shipped:NAME", without a space',
        "file": "from",
        "files": "from",
        "folder": "from",
        "path": "from",
        "tracks": "from",
        "playlist": "from",
        "shuffle": "order: shuffle",
        "random": "order: shuffle",
        "repeat": "loop",
    },
)

SHELF = Table(
    "a piece of the shelf",
    (
        Key("name", Words(40), "What the music menu calls it.", "Calm piano", needed=True),
        Key(
            "music",
            MusicEntries(MUSIC, ENTRY),
            "What it plays, written as for a phase.",
            "~/Music/calm",
            needed=True,
        ),
    ),
    {"title": "name", "mood": "name", "file": "music", "folder": "music", "path": "music"},
)

AVOID = Table(
    "avoid",
    (
        Key("artists", Names(), "By their tags, or the names of file and folder.", ["Ann Example"]),
        Key("titles", Names(), "By their tags, or the names of files.", ["Silent Night"]),
        Key("tags", Names(), "Words in kind, mood, language or album.", ["christmas", "vocal"]),
        Key(
            "files",
            Names(),
            "Files and folders, relative to this file, or patterns of file names.",
            ["music/loud.mp3", "*live*"],
        ),
    ),
    {
        "artist": "artists",
        "title": "titles",
        "songs": "titles",
        "tag": "tags",
        "genre": "tags",
        "genres": "tags",
        "moods": "tags",
        "file": "files",
        "folders": "files",
        "paths": "files",
    },
)
