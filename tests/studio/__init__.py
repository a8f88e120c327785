"""Tests of the embedded studio."""
