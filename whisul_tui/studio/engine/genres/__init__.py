"""The genres the studio plays, each a table of its own."""

from whisul_tui.studio.engine.genres.ambient import AMBIENT
from whisul_tui.studio.engine.genres.house import HOUSE
from whisul_tui.studio.engine.genres.jazz import JAZZ
from whisul_tui.studio.engine.genres.lofi import LOFI
from whisul_tui.studio.engine.genres.model import Genre
from whisul_tui.studio.engine.genres.rock import ROCK

GENRES: dict[str, Genre] = {genre.name: genre for genre in (LOFI, HOUSE, AMBIENT, ROCK, JAZZ)}

__all__ = ["GENRES", "Genre"]
