"""Hear and keep a song: links, players, the clipboard, downloads. Nothing here knows the screen."""
