"""Celery's door to the assessment."""

from __future__ import annotations

from celery import shared_task

from core import clock
from core.clock import Month
from core.refusals import Refused
from penalties.actions import assessing
from units.actors import SYSTEM


@shared_task
def assess_running_month() -> None:
    """Nightly: the month that is running, so far."""
    now = clock.now()
    _assess(Month.of(now))


@shared_task
def assess_past_month() -> None:
    """On the 1st: the month that has just ended."""
    _assess(Month.of(clock.now()).previous())


def _assess(month: Month) -> None:
    try:
        assessing.assess(month=month, by=SYSTEM, at=clock.now())
    except Refused as refused:
        if refused.code != "month_closed":  # closed early by hand: nothing left to propose
            raise
