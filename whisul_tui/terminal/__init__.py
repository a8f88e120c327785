"""What leaves for the terminal, and how the terminal is left."""
