"""The trace every step of the assessment leaves."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from core.clock import Month
from penalties.models import AssessmentEvent
from units.actors import Actor


def trace(
    verb: str, *, month: Month | str, by: Actor, at: datetime, finding: int | None = None, **data: Any
) -> AssessmentEvent:
    """An unsaved trace row; the caller saves it in the transaction of what it tells."""
    return AssessmentEvent(
        month=str(month),
        finding=finding,
        verb=verb,
        at=at,
        by_role=by.role,
        by_name=by.name,
        by_user=by.user_id,
        data=data,
    )
