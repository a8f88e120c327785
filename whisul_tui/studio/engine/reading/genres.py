"""Genre words and sub-styles: which of the studio's genres each is played as."""

from __future__ import annotations

from whisul_tui.studio.engine.reading.text import table

GENRE_WORDS = table("""
lofi: lofi, lo fi, lofi hip hop, lo fi hip hop, chillhop, study beats, boom bap, jazzhop, lofi beats, trip hop,
    chill beats, downtempo, chillout
trap: trap, hip hop, rap, drill, uk drill, phonk, grime, cloud rap, gangsta rap, g funk, hiphop
ambient: ambient, drone, meditation, meditative, new age, soundscape, sleep music, dark ambient, spa music, sleep,
    lullaby, space music, yoga, nature sounds, background music
house: house, deep house, tech house, french house, progressive house, edm, dance, dance music, uk garage, garage,
    club, electro, electronic, electronic music, electronica, electro house, future bass, eurodance, dubstep,
    tropical house, nu disco, rave
techno: techno, acid, acid techno, minimal techno, minimal, industrial, trance, psytrance, detroit techno,
    hardstyle, hardcore techno, ebm, warehouse
synthwave: synthwave, retrowave, outrun, vaporwave, cyberpunk, darkwave, chillwave, dreamwave, new wave, synth wave
pop: pop, synth pop, synthpop, electropop, dream pop, k pop, j pop, indie pop, power ballad, bubblegum, r&b, rnb,
    soul, boy band, top 40, chart hit, latin pop
dnb: drum and bass, drum & bass, drum n bass, drum'n'bass, dnb, d&b, jungle, breakbeat, liquid dnb, neurofunk,
    breakcore, liquid drum and bass
cinematic: cinematic, orchestral, orchestra, film score, soundtrack, trailer, trailer music, symphonic, film music,
    movie score, score, fantasy, battle music, adventure, movie
classical: classical, baroque, chamber music, string quartet, sonata, nocturne, waltz, minuet, symphony, mozart,
    bach, chopin, beethoven, piano piece, harpsichord, fugue, prelude, etude, concerto, viennese waltz
rock: rock, punk, pop punk, grunge, indie rock, hard rock, alternative rock, alt rock, classic rock, metal, heavy
    metal, garage rock, punk rock, rock and roll, rock n roll, post rock, progressive rock, prog rock, death metal,
    thrash, surf rock, blues, blues rock, rockabilly, shoegaze, indie, stoner rock
jazz: jazz, swing, bebop, big band, noir, smooth jazz, cool jazz, jazzy, bossa nova, bossa, samba, ragtime,
    dixieland, lounge, latin jazz, salsa, gypsy jazz
funk: funk, funky, disco, disco funk, boogie, motown, afrobeat, soul funk
reggae: reggae, dub, ska, dancehall, roots reggae, rocksteady, reggaeton, island
acoustic: acoustic, folk, country, singer songwriter, indie folk, bluegrass, celtic, irish, campfire, americana,
    unplugged, folk ballad, ballad, jig, irish jig, acoustic folk, sea shanty, medieval
chiptune: chiptune, 8 bit, 8bit, 16 bit, video game, retro game, nintendo, gameboy, game boy, arcade, nes,
    platformer, chip tune, snes, game music
""")

# Words that name a genre only where nothing else does: `jazz ballad` is jazz.
WEAK_WORDS = frozenset(
    (
        "ballad",
        "waltz",
        "indie",
        "movie",
        "score",
        "adventure",
        "fantasy",
        "dance",
        "club",
        "sleep",
        "lullaby",
        "minimal",
        "electronic",
    )
) | {
    "valse",
    "vals",
    "walzer",
    "valsa",
    "background music",
    "adventure",
    "downtempo",
    "electronica",
    "industrial",
    "island",
}

# What a decade sounds like when nothing else names a genre.
DECADES = {
    "20": "jazz",
    "30": "jazz",
    "40": "jazz",
    "50": "rock",
    "60": "rock",
    "70": "funk",
    "80": "synthwave",
    "90": "house",
    "00": "pop",
}
