"""Rock: two distorted guitars, a loud kit, a singing lead."""

from whisul_tui.studio.engine.genres.model import Genre, Mastering, Part, Progressions, groove

_CHUGS = ("X-x-x-x-X-x-x-x-", "X--x--x-X--x--x-", "X-----x-X-----x-", "X-xxX-xxX-xxX-xx", "X-..x-x-X-..x-x-")
_OPEN = ("X-------X-------", "X-----X-----X---", "X---X---X---X---", "X-x-X-x-X-x-X-x-")

ROCK = Genre(
    name="rock",
    bpm=(108, 152),
    modes=(("minor", 3), ("major", 3), ("mixolydian", 1)),
    minor=Progressions(
        verse=("i VI III VII", "i VII VI VII", "i III VII IV", "i i VI VII", "i iv i VII"),
        chorus=("VI VII i i", "VI III VII i", "i VI III VII", "III VII i VI"),
        bridge=("iv v VI VII", "iv iv VI VII", "VI VI VII VII"),
    ),
    major=Progressions(
        verse=("I V vi IV", "I bVII IV I", "I IV V IV", "I I IV V", "I vi IV V"),
        chorus=("IV V I I", "vi IV I V", "I V IV IV", "IV I V vi"),
        bridge=("ii IV V V", "vi vi IV V", "bVI bVII I I"),
    ),
    forms=(
        "i4 v8 c8 v8 c8 b8 c8 o4",
        "i4 v8 p4 c8 v8 p4 c8 b4 c8 o2",
        "c4 v8 c8 v8 c8 b8 c8 o4",
        "i2 v8 v8 c8 v8 c8 b4 c8 o4",
        "i8 v8 c8 b8 c16 o4",
    ),
    parts=(
        Part(
            "bass",
            "bass",
            ("picked bass",),
            -10,
            "vpcbo",
            ("RrrrRrrrRrrrRrrr", "R-r-r-r-R-r-r-r-", "R---r-r-R---r-5-"),
            reverb=0.02,
        ),
        Part("chords", "power", ("distorted guitar",), -6, "cio", _OPEN, -0.8, 0.08),
        Part("chords", "power", ("distorted guitar 2",), -6, "cio", _OPEN, 0.8, 0.08),
        Part("chords", "power", ("distorted guitar",), -9, "pb", _CHUGS, -0.6, 0.08),
        Part("chords", "power", ("distorted guitar 2",), -10, "v", _CHUGS, 0.55, 0.08),
        Part(
            "chords",
            "arp",
            ("clean guitar",),
            -11,
            "vb",
            ("0.2.1.3.2.3.1.2.", "b.1.2.1.3.1.2.1.", "0-2.3-2.1-2.3-2."),
            -0.35,
            0.2,
            0.15,
            low=50,
            high=72,
        ),
        Part("lead", "melody", ("lead guitar",), -10, "cb", pan=0.1, reverb=0.25, delay=0.25),
        Part("pad", "pad", ("organ",), -21, "c", reverb=0.3),
    ),
    grooves=(
        groove("light", k="X.......X.......", h="X...x...X...x..."),
        groove("light", h="X.x.x.x.X.x.x.x.", s="............x..."),
        groove("main", k="X.......X.x.....", s="....X.......X...", h="X.x.X.x.X.x.X.x."),
        groove("main", k="X..x....X.x.....", s="....X.......X..o", h="X.x.X.x.X.x.X.x."),
        groove("main", k="X.x.....X.......", s="....X.......X...", h="x.X.x.X.x.X.x.X."),
        groove("full", k="X..x..x.X.x...x.", s="....X..o....X..o", r="X.x.X.x.X.x.X.x."),
        groove("full", k="X.x.....X.xx....", s="....X.......X...", o="X...X...X...X..."),
        groove("full", k="X.x.x...X.x.x...", s="....X.......X.x.", r="X...X...X...X...", o="..x...x...x...x."),
    ),
    kit="rock",
    mastering=Mastering(-11, 1.4, 17_000, 1.7, step=3.0),
    seconds=90,
    timing=6,
    touch=0.1,
    density=0.55,
    melody_register=-3,
)
