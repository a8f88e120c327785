"""The words titles are made of: a table."""

from __future__ import annotations

ADJECTIVES = {
    "lofi": ("Dusty", "Paper", "Rainy", "Slow", "Velvet", "Faded", "Quiet", "Half-Asleep"),
    "trap": ("Cold", "Midnight", "Black", "Chrome", "Heavy", "Gold", "Silent", "Crooked"),
    "ambient": ("Distant", "Weightless", "Silver", "Still", "Endless", "Soft", "Glass", "Northern"),
    "house": ("Golden", "Electric", "Late", "Deep", "Summer", "Open", "Warm", "Mirrored"),
    "techno": ("Concrete", "Static", "Parallel", "Raw", "Hollow", "Magnetic", "Grey", "Sleepless"),
    "synthwave": ("Neon", "Chrome", "Laser", "Violet", "Midnight", "Analog", "Lost", "Turbo"),
    "pop": ("Bright", "Paper", "Sugar", "Reckless", "Candy", "Borrowed", "Sunlit", "Brave"),
    "dnb": ("Liquid", "Rapid", "Fractal", "Terminal", "Subsonic", "Weightless", "Broken", "Hyper"),
    "cinematic": ("Rising", "Fallen", "Iron", "Last", "Eternal", "Silent", "Ancient", "Winter"),
    "classical": ("Gentle", "Solemn", "Autumn", "Candlelit", "Marble", "Little", "Royal", "Farewell"),
    "rock": ("Broken", "Burning", "Loud", "Wild", "Rusted", "Crooked", "Restless", "Blackout"),
    "jazz": ("Blue", "Smoky", "Uptown", "Amber", "Half-Past", "Crooked", "Slow", "Borrowed"),
    "funk": ("Greasy", "Sticky", "Golden", "Double", "Electric", "Sideways", "Platinum", "Saturday"),
    "reggae": ("Easy", "Golden", "Sunday", "Island", "Rising", "Barefoot", "Slow", "Coconut"),
    "acoustic": ("Wooden", "Morning", "Open", "Honest", "River", "Quiet", "Wild", "Homeward"),
    "chiptune": ("Pixel", "Turbo", "Star", "Mega", "Secret", "Final", "Hidden", "Super"),
}

NOUNS = {
    "lofi": ("Notebooks", "Window", "Coffee", "Sunday", "Lamp", "Pages", "Afternoon", "Headphones"),
    "trap": ("Crown", "Smoke", "Block", "Signal", "Throne", "Mirrors", "Diamonds", "Sirens"),
    "ambient": ("Tides", "Aurora", "Orbit", "Harbour", "Breath", "Snowfield", "Lanterns", "Horizon"),
    "house": ("Terrace", "Motion", "Hours", "Skyline", "Floor", "Mirrors", "Weekend", "Lights"),
    "techno": ("Grid", "Engine", "Tunnel", "Phase", "Turbine", "Signal", "Basement", "Circuit"),
    "synthwave": ("Highway", "Skyline", "Arcade", "Horizon", "Drive", "Chase", "Cassette", "Boulevard"),
    "pop": ("Hearts", "Summer", "Fireworks", "Weekend", "Lemonade", "Polaroids", "Balloons", "Daylight"),
    "dnb": ("Velocity", "Circuit", "Rain", "District", "Current", "Static", "Gravity", "Vapour"),
    "cinematic": ("Empire", "Dawn", "Oath", "Kingdom", "Storm", "Voyage", "Banner", "Ashes"),
    "classical": ("Garden", "Minuet", "Letter", "Snow", "Chapel", "Evening", "Swan", "Promenade"),
    "rock": ("Engines", "Highway", "Hearts", "Thunder", "Wires", "Kingdom", "Matches", "Sirens"),
    "jazz": ("Corner", "Avenue", "Hour", "Cigarette", "Ballroom", "Umbrella", "Taxi", "Raincoat"),
    "funk": ("Groove", "Shoes", "Strut", "Parade", "Sugar", "Machine", "Boulevard", "Sunglasses"),
    "reggae": ("Shore", "Harvest", "Mango", "Morning", "Lion", "Horizon", "Breeze", "Village"),
    "acoustic": ("Road", "Letters", "Fields", "Porch", "Orchard", "Lantern", "Valley", "Harbour"),
    "chiptune": ("Quest", "Runner", "Castle", "Comet", "Level", "Dungeon", "Power-Up", "Planet"),
}

# Words of a prompt that carry no meaning of their own.
COMMON = frozenset(
    """
    about above after again along also another around background based beat beats because been before being between
    both cannot catchy compose could create does doing dorian down during each else ever every feat feature
    featuring feel feeling flat from generate give good great harmonic have having here instrumental into just kind
    length like likes little long loop lydian major make makes making many maybe minor minute minutes mixolydian
    more most much music must need nice only other over phrygian play playing please plus quite really same second
    seconds sharp short should simple some something song songs sound sounds soundtrack style such sung tempo that
    their them theme then there these they thing things this those through time track tune under until upon using
    version very vibe vibes want wants what when where which while will with within without would write your
    """.split()  # noqa: SIM905 - fifty lines of quotes would hide the words
)
