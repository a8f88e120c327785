"""Showing domain objects, and posting domain messages."""
