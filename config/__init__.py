"""Wiring: settings, URLs, the periodic schedule. Imported by no app."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
