"""Moods, and how each moves the music: a table."""

from __future__ import annotations

from dataclasses import dataclass

from whisul_tui.studio.engine.reading.text import table


@dataclass(frozen=True, slots=True)
class Mood:
    """`tempo` multiplies the genre's bpm; `energy` and `brightness` shift from -1 to 1; `major` tilts the mode.

    `genres` are where the mood is at home when the prompt names none.
    """

    tempo: float
    energy: float
    brightness: float
    major: float
    genres: tuple[str, ...]


MOODS = {
    "happy": Mood(1.09, 0.3, 0.6, 1.0, ("acoustic", "house", "chiptune")),
    "sad": Mood(0.90, -0.35, -0.6, -1.0, ("cinematic", "acoustic", "lofi")),
    "dark": Mood(0.97, 0.05, -0.7, -1.0, ("techno", "trap", "cinematic")),
    "calm": Mood(0.93, -0.4, -0.3, 0.2, ("lofi", "ambient", "acoustic")),
    "epic": Mood(1.03, 0.6, 0.3, 0.0, ("cinematic",)),
    "energetic": Mood(1.06, 0.6, 0.4, 0.1, ("techno", "rock", "dnb")),
    "aggressive": Mood(1.04, 0.7, 0.2, -0.6, ("rock", "dnb", "trap")),
    "romantic": Mood(0.95, -0.1, 0.0, 0.4, ("acoustic", "jazz")),
    "nostalgic": Mood(0.98, 0.0, -0.1, -0.1, ("synthwave", "lofi")),
    "mysterious": Mood(0.95, -0.1, -0.4, -0.7, ("ambient", "cinematic")),
    "dreamy": Mood(0.94, -0.3, 0.1, 0.3, ("ambient", "lofi")),
    "playful": Mood(1.06, 0.2, 0.5, 0.9, ("chiptune", "acoustic", "jazz")),
    "hopeful": Mood(1.02, 0.1, 0.4, 0.8, ("acoustic", "cinematic")),
    "tense": Mood(1.03, 0.2, -0.3, -0.9, ("cinematic", "techno")),
}

MOOD_WORDS = table("""
happy: happy, joy*, cheer*, sunny, upbeat, feel good, good mood, bright, celebrat*, party, festive, jolly, feelgood
sad: sad, sadness, melanchol*, heartbreak*, heartbroken, lonely, loneliness, sorrow*, tear*, grief, mourn*, gloomy,
    depress*, wistful, bittersweet, crying
dark: dark, darker, ominous, sinister, evil, menac*, horror, creepy, gothic, scary, brooding
calm: calm, calming, chill*, relax*, peace*, gentle, soft, softly, serene, sooth*, quiet, study*, studying, sleepy,
    mellow, tranquil, cozy, cosy, lazy, laid back, zen, focus
epic: epic, hero*, triumph*, massive, powerful, victor*, majestic, anthemic, grand, legendary
energetic: energetic, intense, driving, workout, hype, pumping, banging, high energy, energy, dynamic, gym, running,
    danceable, lively, exciting
aggressive: aggressive, angry, anger, rage, furious, brutal, heavy, hard, fierce, raging
romantic: romantic, love, tender, warm, sensual, sexy, intimate, wedding, in love
nostalgic: nostalg*, night drive, retro, vintage, memor*, neon, old school, childhood
mysterious: myster*, eerie, haunt*, spooky, space, cosmic, enigmatic, mystical
dreamy: dream*, ethereal, floating, hazy, airy, magical, magic
playful: playful, fun, funny, quirky, silly, whimsical, bouncy, cute, kids, children's
hopeful: hope*, uplift*, inspir*, optimis*, motivat*, sunrise
tense: tense, tension, suspense*, anxious, urgent, thriller, dramatic, chase
""")
