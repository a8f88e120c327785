"""Ambient: slow pads, far bells, no beat."""

from whisul_tui.studio.engine.genres.model import Genre, Mastering, Part, Progressions, groove

AMBIENT = Genre(
    name="ambient",
    bpm=(56, 76),
    modes=(("major", 3), ("lydian", 1.5), ("minor", 2.5), ("dorian", 1)),
    minor=Progressions(
        verse=("imadd9 VImaj7", "i7 iv9 VImaj7 iv9", "imadd9 VII VImaj7 imadd9", "imadd9 v7 iv9 imadd9"),
        chorus=("VImaj7 IIImaj7 imadd9 VII", "VImaj7 iv9 imadd9 imadd9", "IIImaj7 VII imadd9 VImaj7"),
        bridge=("iv9 v7 VImaj7 imadd9", "VImaj7 VII imadd9 imadd9", "iv9 iv9 imadd9 imadd9"),
    ),
    major=Progressions(
        verse=("Imaj9 IVmaj9", "Iadd9 vi9 IVmaj9 Iadd9", "Imaj9 iii7 IVmaj9 Iadd9", "Iadd9 Vsus4 IVmaj9 Iadd9"),
        chorus=("vi9 IVmaj9 Iadd9 Vsus4", "IVmaj9 Iadd9 vi9 Vadd9", "IVmaj9 Vsus4 Iadd9 Iadd9"),
        bridge=("ii9 IVmaj9 Imaj9 Imaj9", "vi9 iii7 IVmaj9 Iadd9", "IVmaj9 iv6 Iadd9 Iadd9"),
    ),
    forms=("i4 v8 c8 b4 c4 o4", "i4 v8 v4 c8 o4", "v8 c8 b8 o4", "i2 v8 c8 v4 c4 o4"),
    parts=(
        Part("pad", "pad", ("air pad", "glass pad"), -7, "ivpco", reverb=0.6, low=50),
        Part("pad", "pad", ("dark pad", "warm pad"), -9, "b", reverb=0.6, low=45, high=66, voices=3),
        Part("pad", "pad", ("choir",), -14, "c", pan=0.1, reverb=0.6, voices=3),
        Part("bass", "pedal", ("drone",), -8, "vco", reverb=0.2),
        Part("lead", "sparse", ("felt piano", "bell"), -9, "vc", pan=-0.1, reverb=0.5, delay=0.45),
        Part("arp", "sparkle", ("bell", "music box"), -19, "cb", pan=0.35, reverb=0.6, delay=0.5),
        Part(
            "arp",
            "arp",
            ("harp", "kalimba"),
            -16,
            "b",
            ("0...2...1...3...", "0..1..2..3..2...", "0.....2.....1..."),
            -0.3,
            0.5,
            0.4,
        ),
    ),
    grooves=(
        groove("light", h="x.......x......."),
        groove("light", p="....x.......x..."),
        groove("main", k="X...............", p="........x......."),
        groove("main", k="X.........x.....", h="....o.......o..."),
        groove("full", k="X.......x.......", h="..o...o...o...o."),
        groove("full", k="X.....x...x.....", p="....x.......x..."),
    ),
    kit="",
    mastering=Mastering(-16, 6.0, 14_000, 1.0, delay=1.5, bed="wind", step=3.5),
    seconds=90,
    timing=22,
    touch=0.15,
    bars_per_chord=2,
    density=0.2,
    fills=False,
)
