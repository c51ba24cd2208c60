"""Reads of the assessment."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from core.clock import Month, iso
from penalties.models import AssessmentMonth, Finding
from penalties.models.finding import UNDECIDED
from tickets.models import Ticket
from tickets.queries.visibility import DISCIPLINE
from units.actors import Actor, Role

#: Who reads the assessment; two of them decide.
READERS = frozenset({Role.ASSESSOR, Role.APPROVER, Role.LEADER, Role.AUDITOR})


def findings_of(month: Month, *, among: QuerySet[Finding] | None = None) -> QuerySet[Finding]:
    """The findings of a month, or those of them that are ``among`` others, in the order a reviewer reads them."""
    findings = Finding.objects.all() if among is None else among
    rows = findings.filter(month_id=str(month)).select_related("clause", "unit", "ticket")
    return rows.order_by("occurred_at", "clause__order", "unit_id", "person", "id")


def visible_to(actor: Actor) -> QuerySet[Finding]:
    """Findings of tickets a reader of months may see, and those of no ticket.

    Not by the tickets' ``visible_to``: a month would be laid beside every ticket there is. Who reads months sees all
    tickets but the confidential ones. The findings of those are for the discipline office and for the approver, who
    could close no month otherwise; he sees limits and times of such a case, and neither its words nor its ticket.
    """
    findings = Finding.objects.all()
    if actor.unit == DISCIPLINE or actor.role == Role.APPROVER:
        return findings
    # As an anti-join: sums hash the few confidential tickets, a page looks up the tickets of its lines.
    return findings.exclude(Exists(Ticket.objects.filter(pk=OuterRef("ticket"), category__confidential=True)))


def page_after(findings: QuerySet[Finding], place: tuple[datetime, int] | None, size: int) -> list[Finding]:
    """Up to ``size`` findings in the order of time, after the place a page before ended with."""
    if place is not None:
        instant, row = place
        findings = findings.filter(Q(occurred_at__gt=instant) | Q(id__gt=row), occurred_at__gte=instant)
    return list(findings.select_related("ticket").order_by("occurred_at", "id")[:size])


def totals_of(findings: QuerySet[Finding]) -> list[dict[str, Any]]:
    """What findings come to by unit; persons and units to be named are one. Amounts are text with two decimals."""
    undecided = Q(status__in=UNDECIDED)
    rows: Any = (
        findings.values("unit")
        .annotate(
            count=Count("id"),
            undecided=Count("id", filter=undecided),
            proposed=Sum("proposed", filter=undecided, default=Decimal(0)),
            confirmed=Sum("amount", default=Decimal(0)),
        )
        .order_by("unit")
    )
    return [row | {name: f"{row[name]:.2f}" for name in ("proposed", "confirmed")} for row in rows]


def in_order(finding: Finding) -> tuple[Any, ...]:
    """The order of findings and of the ledger lines they become: time, clause, unit, person."""
    return (finding.occurred_at, finding.clause_id, finding.unit_id or "", finding.person, finding.pk)


def summary(month: Month) -> dict[str, Any]:
    """A month as data: status, findings, totals by unit; amounts are text with two decimals."""
    row = AssessmentMonth.objects.filter(pk=str(month)).first()
    findings = list(findings_of(month))
    proposed: dict[str, Decimal] = {}
    confirmed: dict[str, Decimal] = {}
    for finding in findings:
        subject = finding.unit_id or finding.person or ""
        if finding.status == Finding.Status.PROPOSED:
            proposed[subject] = proposed.get(subject, Decimal(0)) + finding.proposed
        elif finding.amount is not None:
            confirmed[subject] = confirmed.get(subject, Decimal(0)) + finding.amount
    return {
        "month": str(month),
        "status": row.status if row else None,
        "findings": [as_data(finding) for finding in findings],
        "totals": {
            "count": len(findings),
            "undecided": sum(finding.status in {"proposed", "undetermined"} for finding in findings),
            "proposed": {subject: f"{amount:.2f}" for subject, amount in sorted(proposed.items())},
            "confirmed": {subject: f"{amount:.2f}" for subject, amount in sorted(confirmed.items())},
        },
    }


def as_data(finding: Finding) -> dict[str, Any]:
    """A finding as data."""
    return {
        "id": finding.pk,
        "clause": finding.clause_id,
        "unit": finding.unit_id,
        "person": finding.person or None,
        "ticket": finding.ticket.number if finding.ticket else None,
        "occurred_at": iso(finding.occurred_at),
        "misses": finding.misses,
        "shares_seconds": finding.shares,
        "alternatives": finding.alternatives,
        "sentence": finding.sentence,
        "low": f"{finding.low:.2f}",
        "high": f"{finding.high:.2f}",
        "proposed": f"{finding.proposed:.2f}",
        "amount": None if finding.amount is None else f"{finding.amount:.2f}",
        "status": finding.status,
        "reason": finding.reason or None,
    }
