"""What the month pages show: months, their findings, and what they add up to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum

from core.clock import Month
from penalties.models import AssessmentMonth, Finding
from penalties.models.finding import UNDECIDED
from tickets.queries.visibility import DISCIPLINE
from units.actors import Actor

PAGE = 50

FINDING_TABS: dict[str, Q] = {
    "all": Q(),
    "undecided": Q(status__in=UNDECIDED),
    "undetermined": Q(status="undetermined"),
    "confirmed": Q(status="confirmed"),
    "dismissed": Q(status="dismissed"),
}


@dataclass(frozen=True)
class Findings:
    """One page of a month's findings. ``after`` asks for the next page."""

    rows: list[Finding]
    after: str


@dataclass(frozen=True)
class Totals:
    """What a month's findings add up to so far."""

    counts: dict[str, int]
    confirmed: Decimal
    proposed: Decimal


def months(now: datetime) -> list[AssessmentMonth]:
    """The months on record and the running one, newest first; ten years at most."""
    found = list(AssessmentMonth.objects.order_by("-code")[:120])
    running = str(Month.of(now))
    if all(month.code != running for month in found):
        found = sorted([*found, AssessmentMonth(code=running)], key=lambda month: month.code, reverse=True)
    return found


def month_row(month: Month, now: datetime) -> AssessmentMonth | None:
    """The record of a month; unsaved where nothing was assessed yet; None if it is ahead."""
    if month.starts_at > now:
        return None
    return AssessmentMonth.objects.filter(pk=str(month)).first() or AssessmentMonth(code=str(month))


def findings_of(month: str, actor: Actor, *, tab: str, after: str) -> Findings:
    """One page, by time. Raises ValueError for an ``after`` that is none."""
    wanted = _visible(actor).filter(FINDING_TABS[tab], month_id=month)
    wanted = wanted.select_related("clause", "unit", "ticket", "of_unit").order_by("occurred_at", "id")
    if after:
        instant, _sign, pk = after.rpartition("~")
        at = datetime.fromisoformat(instant)
        wanted = wanted.filter(Q(occurred_at__gt=at) | Q(occurred_at=at, id__gt=int(pk)), occurred_at__gte=at)
    found = list(wanted[: PAGE + 1])
    rows = found[:PAGE]
    more = f"{rows[-1].occurred_at.isoformat()}~{rows[-1].pk}" if len(found) > PAGE else ""
    return Findings(rows, more)


def totals_of(month: str, actor: Actor) -> Totals:
    """Counts by tab and sums in yuan."""
    sums = (
        _visible(actor)
        .filter(month_id=month)
        .aggregate(
            confirmed_sum=Sum("amount", filter=Q(status="confirmed")),
            proposed_sum=Sum("proposed", filter=Q(status__in=UNDECIDED)),
            **{tab: Count("id", filter=only) for tab, only in FINDING_TABS.items()},
        )
    )
    zero = Decimal("0.00")
    confirmed, proposed = sums.pop("confirmed_sum") or zero, sums.pop("proposed_sum") or zero
    return Totals(sums, confirmed, proposed)


def finding_of(pk: int, actor: Actor) -> Finding:
    """One finding. Raises Finding.DoesNotExist, also for one this reader may not see."""
    return _visible(actor).select_related("clause", "unit", "ticket", "of_unit", "month", "reading").get(pk=pk)


def _visible(actor: Actor) -> QuerySet[Finding]:
    """Findings of tickets the reader may see, and those of no ticket.

    Not by ``visible_to``: a month would be laid beside every ticket there is. Who reads months sees all tickets but
    the confidential ones, and the discipline office those as well.
    """
    findings = Finding.objects.all()
    return findings if actor.unit == DISCIPLINE else findings.exclude(ticket__category__confidential=True)
