"""Celery's door to the sweep."""

from __future__ import annotations

from celery import shared_task

from core import clock
from tickets.actions import overdue


@shared_task
def flag_overdue() -> int:
    """Stamp what has passed unmet. Safe twice, in parallel, or late."""
    return overdue.flag_all_due(now=clock.now())
