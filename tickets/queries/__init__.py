"""Reads that join records or feed a screen. They never write."""
