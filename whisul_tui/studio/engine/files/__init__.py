"""Files: the master as MP3 or WAV, the score as MIDI; all as bytes."""
