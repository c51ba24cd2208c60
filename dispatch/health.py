"""Health, read from outcomes: does the sweep keep up, do database and broker answer. Never from a ping of a process."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import redis
from django.conf import settings
from django.db import Error as DatabaseError
from django.http import HttpRequest, JsonResponse

from core import clock
from dispatch.views.doors import for_anybody
from tickets.models import Milestone

#: A breach is to be visible within 15 s of its due instant.
SWEEP_LAG_LIMIT = 15.0


@for_anybody
def healthz(request: HttpRequest) -> JsonResponse:
    """200 while database, broker and sweep do their work, else 503; says which does not."""
    report = measure(now=clock.now())
    return JsonResponse(report, status=200 if report["ok"] else 503)


def measure(*, now: datetime) -> dict[str, Any]:
    """What works and how far the sweep is behind, in seconds."""
    report: dict[str, Any] = {"database": True, "broker": _broker_answers(), "sweep_lag_seconds": None}
    try:
        oldest = (
            Milestone.objects.filter(judged_from__lt=now)
            .order_by("judged_from")
            .values_list("judged_from", flat=True)
            .first()
        )
        report["sweep_lag_seconds"] = (now - oldest).total_seconds() if oldest else 0.0
    except DatabaseError:
        report["database"] = False
    lag = report["sweep_lag_seconds"]
    report["ok"] = report["database"] and report["broker"] and lag is not None and lag <= SWEEP_LAG_LIMIT
    return report


def _broker_answers() -> bool:
    try:
        return bool(redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2).ping())
    except (redis.RedisError, ValueError):
        return False
