"""Sound: one note of an instrument, one stroke of a drum; nothing here knows of songs."""
