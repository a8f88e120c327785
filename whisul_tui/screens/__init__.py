"""Arranging widgets, and deciding what a key means here."""
