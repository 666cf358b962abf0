"""Plausibility flags: they warn, they never block."""
