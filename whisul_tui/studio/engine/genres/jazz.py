"""Jazz: walking bass, comping piano, a swinging ride and someone soloing."""

from whisul_tui.studio.engine.genres.model import Genre, Mastering, Part, Progressions, groove

JAZZ = Genre(
    name="jazz",
    bpm=(96, 168),
    modes=(("major", 4), ("minor", 3), ("dorian", 1)),
    minor=Progressions(
        verse=(
            "im6 ii7b5,V7b9 im6 im6",
            "i7 iv7 ii7b5 V7b9",
            "im6 VImaj7 ii7b5 V7b9",
            "i9 iv9 VII9 IIImaj7",
            "im6 iv7 im6 V7b9",
        ),
        chorus=("iv7 VII9 IIImaj7 VImaj7", "VImaj7 V7b9 im6 im6", "iv9 iv9 im6 im6", "IIImaj7 VImaj7 ii7b5 V7b9"),
        bridge=("iv7 VII9 IIImaj7 ii7b5,V7b9", "VI7 VI7 V7b9 V7b9", "iv9 im6 ii7b5 V7b9"),
    ),
    major=Progressions(
        verse=(
            "Imaj7 vi7 ii7 V7",
            "Imaj9 VI7b9 ii9 V13",
            "Imaj7 Imaj7 ii7 V7",
            "iii7 VI7b9 ii9 V13",
            "Imaj7 #idim7 ii7 V7",
        ),
        chorus=("IVmaj7 iv6 iii7 VI7b9", "ii9 V13 Imaj9 VI7b9", "IVmaj7 #ivdim7 I6 VI7", "ii7 V7 Imaj7 Imaj7"),
        bridge=("iii7 VI7 ii7 V7", "IVmaj7 iv6 Imaj7 I7", "vi7 II7 ii7 V7"),
    ),
    forms=(
        "i4 v8 v8 c8 v8 o4",
        "v8 v8 c8 v8 b8 v8 o4",
        "i4 v8 c8 v8 c8 o4",
        "i2 v8 v8 c8 b8 c8 v8 o4",
        "i4 c8 v8 b8 c8 o4",
    ),
    parts=(
        Part("bass", "walk", ("upright bass",), -6, "ivpcbo", pan=0.05, reverb=0.08),
        Part("chords", "comp", ("piano",), -9, "ivpcbo", pan=-0.3, reverb=0.2, low=53, high=74),
        Part("lead", "improvise", ("saxophone", "trumpet"), -8, "c", pan=0.12, reverb=0.3, delay=0.05),
        Part("lead", "melody", ("saxophone", "clarinet", "muted trumpet"), -9, "v", pan=0.12, reverb=0.3, delay=0.05),
        Part("lead", "improvise", ("vibraphone", "piano"), -9, "b", pan=0.35, reverb=0.3),
    ),
    grooves=(
        groove("light", r="X...x...X...x...", h="....x.......x..."),
        groove("light", h="....X.......X...", p="..............?."),
        groove("main", r="X...X.x.X...X.x.", h="....x.......x...", k="o.......o......."),
        groove("main", r="X...X.x.X...X.x.", h="....x.......x...", s="......?....?..?."),
        groove("main", r="X...x.x.X...x.x.", h="....x.......x...", k="o..?....o.....?.", s="...........?...."),
        groove("full", r="X...X.x.X...X.x.", h="....X.......X...", k="x.....?.x...?...", s="..?...x...?..?x."),
        groove("full", r="X.x.X.x.X.x.X.x.", h="....X.......X...", k="x..?....x..?....", s="......x..?....x."),
    ),
    kit="jazz",
    mastering=Mastering(-15, 1.5, 16_000, 1.1, step=2.0),
    seconds=84,
    swing=0.64,
    swing_unit=1.0,
    timing=9,
    touch=0.14,
    density=0.7,
    melody_register=-3,
)
