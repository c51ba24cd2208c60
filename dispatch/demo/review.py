"""The demo's assessments: months before the last are closed, the last one is under review."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from core.clock import Month
from dispatch.demo.script import Stage
from penalties.actions import assessing, months, reviewing
from penalties.models import Finding
from penalties.queries import findings_of
from units.actors import CENTRE

HARDER = ("同一月内多次发生,情节较重。", "造成用户多次来电催办。")
DISMISSED = ("当日道路封闭,有现场照片为证。", "重复登记,已在另一工单认定。")


def review(stage: Stage, *, back: int) -> None:
    """Assess the ``back`` months before the present one, oldest first; decide and close all but the last."""
    month = Month.of(stage.until)
    past = []
    for _month in range(back):
        month = month.previous()
        past.append(month)
    for number, month in enumerate(reversed(past), start=1):
        last = number == len(past)
        # The assessor works through a month in its first days; nothing lies after the demo's present.
        at = min(month.ends_at + timedelta(days=4, hours=10), stage.until)
        assessing.assess(month=month, by=stage.cast["assessor"], at=at)
        for finding in findings_of(month).filter(status__in=["proposed", "undetermined"]):
            if not last or stage.rng.random() < 0.6:
                _decide(stage, finding, at)
        if not last:
            months.close(month=month, by=stage.cast["approver"], at=min(at + timedelta(hours=5), stage.until))


def _decide(stage: Stage, finding: Finding, at: datetime) -> None:
    by = stage.cast["approver" if finding.unit_id == CENTRE else "assessor"]
    if finding.status == "undetermined":
        held = {unit: seconds for unit, seconds in finding.shares.items() if unit != CENTRE}
        unit = max(held, key=lambda code: held[code]) if held else "pipe-network"
        reviewing.decide(finding, by=by, at=at, unit=unit, reason="占用时长最多。")
        return
    draw = stage.rng.random()
    if draw < 0.08:
        reason = stage.rng.choice(DISMISSED)
        reviewing.decide(finding, by=by, at=at, dismiss=True, reason=reason)
    elif draw < 0.22:
        amount = -Decimal(stage.rng.choice((150, 200, 300)))
        reviewing.decide(finding, by=by, at=at, amount=amount, reason=stage.rng.choice(HARDER))
    else:
        reviewing.decide(finding, by=by, at=at)
