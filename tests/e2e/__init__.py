"""Real processes in a real terminal: the program as a user starts it, judged by its screen and the studio's log."""
