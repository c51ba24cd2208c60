"""The months of the assessment: which there are, how each stands, and what closing one comes to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Min, Q, Sum

from core.clock import Month
from dispatch.queries.month_groups import FINDING_TABS, GROUP_OF_UNIT, ZERO, name_of
from dispatch.queries.month_steps import Step, step
from penalties.models import AssessmentEvent, AssessmentMonth, Finding
from penalties.queries import visible_to
from units.actors import Actor

#: Ten years.
MOST_MONTHS = 120
#: How many steps of a month are shown.
LATEST = 20


@dataclass(frozen=True)
class MonthLine:
    """A month in the list. A closed one has the sum that was posted, another the sum so far."""

    row: AssessmentMonth
    standing: str
    label: str
    findings: int | None = None
    undecided: int = 0
    net: Decimal | None = None


def months(actor: Actor, now: datetime) -> list[MonthLine]:
    """The months since the first on record, newest first, with the running one and the one before it."""
    running = Month.of(now)
    known = {row.code: row for row in AssessmentMonth.objects.order_by("-code")[:MOST_MONTHS]}
    first = min([*known, str(running.previous())])
    codes: list[str] = []
    month = running
    while str(month) >= first and len(codes) < MOST_MONTHS:
        codes.append(str(month))
        month = month.previous()
    rows = [known.get(code) or AssessmentMonth(code=code) for code in codes]
    posted = _posted([row.code for row in rows if row.closed_at])
    so_far = _so_far([row.code for row in rows if not row.closed_at], actor)
    lines = []
    for row in rows:
        counted = posted.get(row.code) or so_far.get(row.code) or {}
        lines.append(MonthLine(row, row.standing(now), row.standing_label(now), **counted))
    return lines


def _posted(codes: list[str]) -> dict[str, dict[str, Any]]:
    events = AssessmentEvent.objects.filter(month__in=codes, finding=None, verb="close_month")
    return {
        event.month: {"findings": int(event.data["entries"]), "net": Decimal(event.data["total"])} for event in events
    }


def _so_far(codes: list[str], actor: Actor) -> dict[str, dict[str, Any]]:
    rows: Any = (
        visible_to(actor)
        .filter(month__in=codes)
        .values("month_id")
        .annotate(
            findings=Count("id"),
            undecided=Count("id", filter=FINDING_TABS["undecided"]),
            net=Sum("amount", default=ZERO),
        )
        .order_by()
    )
    return {row.pop("month_id"): row for row in rows}


def month_row(month: Month, now: datetime) -> AssessmentMonth | None:
    """The record of a month; unsaved where nothing was assessed yet; None if it is ahead."""
    if month.starts_at > now:
        return None
    return AssessmentMonth.objects.filter(pk=str(month)).first() or AssessmentMonth(code=str(month))


@dataclass(frozen=True)
class Posting:
    """What the ledger will hold, or holds, of one unit or of all persons."""

    name: str
    confirmed: int
    dismissed: int
    rewards: Decimal
    penalties: Decimal

    @property
    def net(self) -> Decimal:
        """Rewards less penalties."""
        return self.rewards + self.penalties


@dataclass(frozen=True)
class Closing:
    """What closing a month comes to. ``hidden`` undecided findings are confidential: others decide them."""

    rows: list[Posting]
    undecided: int
    hidden: int
    total: Posting

    @property
    def seen(self) -> str:
        """Tells whether anything has changed since somebody looked."""
        return f"{self.total.confirmed}~{self.total.dismissed}~{self.total.net}"


def closing(month: str, actor: Actor) -> Closing:
    """The summary before a month is closed, and after. Sums tell no case, so confidential ones count."""
    rows: Any = (
        Finding.objects.filter(month_id=month)
        .annotate(key=GROUP_OF_UNIT)
        .values("key")
        .annotate(
            name=Min("unit__name"),
            name_en=Min("unit__name_en"),
            place=Min("unit_id"),
            undecided=Count("id", filter=FINDING_TABS["undecided"]),
            confirmed=Count("id", filter=FINDING_TABS["confirmed"]),
            dismissed=Count("id", filter=FINDING_TABS["dismissed"]),
            rewards=Sum("amount", filter=Q(amount__gt=0), default=ZERO),
            penalties=Sum("amount", filter=Q(amount__lt=0), default=ZERO),
        )
        .order_by("place", "key")
    )
    found = list(rows)
    postings = [
        Posting(name_of("unit", row), row["confirmed"], row["dismissed"], row["rewards"], row["penalties"])
        for row in found
        if row["confirmed"] or row["dismissed"]
    ]
    undecided = sum(row["undecided"] for row in found)
    hidden = 0
    if undecided:
        hidden = undecided - visible_to(actor).filter(FINDING_TABS["undecided"], month_id=month).count()
    total = Posting(
        "",
        sum(row.confirmed for row in postings),
        sum(row.dismissed for row in postings),
        sum((row.rewards for row in postings), ZERO),
        sum((row.penalties for row in postings), ZERO),
    )
    return Closing(postings, undecided, hidden, total)


def steps_of_month(month: str) -> list[Step]:
    """What was done with the month as a whole, the latest first."""
    events = AssessmentEvent.objects.filter(month=month, finding=None).order_by("-id")
    return [step(event, {}) for event in events[:LATEST]]
