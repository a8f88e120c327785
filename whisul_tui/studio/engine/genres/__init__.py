"""The genres the studio plays, each a table of its own."""

from whisul_tui.studio.engine.genres.acoustic import ACOUSTIC
from whisul_tui.studio.engine.genres.ambient import AMBIENT
from whisul_tui.studio.engine.genres.chiptune import CHIPTUNE
from whisul_tui.studio.engine.genres.cinematic import CINEMATIC
from whisul_tui.studio.engine.genres.classical import CLASSICAL
from whisul_tui.studio.engine.genres.dnb import DNB
from whisul_tui.studio.engine.genres.funk import FUNK
from whisul_tui.studio.engine.genres.house import HOUSE
from whisul_tui.studio.engine.genres.jazz import JAZZ
from whisul_tui.studio.engine.genres.lofi import LOFI
from whisul_tui.studio.engine.genres.model import Genre
from whisul_tui.studio.engine.genres.pop import POP
from whisul_tui.studio.engine.genres.reggae import REGGAE
from whisul_tui.studio.engine.genres.rock import ROCK
from whisul_tui.studio.engine.genres.synthwave import SYNTHWAVE
from whisul_tui.studio.engine.genres.techno import TECHNO
from whisul_tui.studio.engine.genres.trap import TRAP

GENRES: dict[str, Genre] = {
    genre.name: genre
    for genre in (
        *(LOFI, TRAP, AMBIENT, HOUSE, TECHNO, SYNTHWAVE, POP, DNB),
        *(CINEMATIC, CLASSICAL, ROCK, JAZZ, FUNK, REGGAE, ACOUSTIC, CHIPTUNE),
    )
}

__all__ = ["GENRES", "Genre"]
