"""Genre words and sub-styles: which of the studio's genres each is played as."""

from __future__ import annotations

from whisul_tui.studio.engine.reading.text import table

GENRE_WORDS = table("""
lofi: lofi, lo fi, lofi hip hop, lo fi hip hop, chillhop, study beats, boom bap, jazzhop, lofi beats
ambient: ambient, drone, meditation, meditative, new age, soundscape, sleep music, dark ambient, spa music, sleep
house: house, deep house, tech house, french house, edm, dance, dance music, uk garage, garage, club, nu disco
rock: rock, punk, pop punk, grunge, indie rock, hard rock, alternative rock, alt rock, classic rock, metal, heavy
    metal, garage rock, punk rock, rock and roll, rock n roll, post rock
jazz: jazz, swing, bebop, big band, noir, smooth jazz, cool jazz, jazzy
""")

# What a decade sounds like when nothing else names a genre.
DECADES = {
    "20": "jazz",
    "30": "jazz",
    "40": "jazz",
    "50": "jazz",
    "60": "rock",
    "70": "rock",
    "80": "house",
    "90": "house",
}
