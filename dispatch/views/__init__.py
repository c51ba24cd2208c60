"""Doors: parse, one call, answer."""
