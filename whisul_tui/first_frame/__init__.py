"""The first frame: the table's rows, painted from the store before anything else of the program is loaded.

Nothing is imported here but what Python has at hand in a few milliseconds: sqlite3, termios, and the cached look.
"""
