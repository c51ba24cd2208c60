"""What a scenario came to, in the contract's words."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from core.clock import iso
from dispatch.play.verbs import Stage, findings_in_order
from penalties.models import Finding, LedgerEntry
from tickets.models import Milestone, Ticket


def of(stage: Stage) -> dict[str, Any]:
    """Tickets by ref, findings and ledger as they stand."""
    refs = {pk: ref for ref, pk in stage.tickets.items()}
    tickets = Ticket.objects.in_bulk(list(refs))
    milestones: dict[int, list[Milestone]] = {pk: [] for pk in refs}
    for row in Milestone.objects.filter(ticket__in=list(refs)):
        milestones[row.ticket_id].append(row)
    return {
        "tickets": {ref: _ticket(tickets[pk], milestones[pk]) for ref, pk in stage.tickets.items()},
        "notices": {},
        "findings": [_finding(finding, refs) for finding in findings_in_order()],
        "ledger": [_entry(entry) for entry in LedgerEntry.objects.order_by("month_id", "id")],
    }


def _ticket(ticket: Ticket, milestones: list[Milestone]) -> dict[str, Any]:
    ordered = sorted(milestones, key=lambda m: (m.starts_at, m.kind, m.unit_id, m.pk))
    return {
        "number": ticket.number,
        "status": ticket.status,
        "unit": ticket.unit_id,
        "tier": ticket.tier,
        "round": ticket.round,
        "milestones": [_milestone(row) for row in ordered],
    }


def _milestone(row: Milestone) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "unit": row.unit_id,
        "starts_at": iso(row.starts_at),
        "due_at": iso(row.due_at),
        "first_due_at": iso(row.first_due_at),
        "met_at": iso(row.met_at),
        "verdict": row.verdict,
        "rule": row.rule,
    }


def _finding(finding: Finding, refs: dict[int, str]) -> dict[str, Any]:
    return {
        "clause": finding.clause_id,
        "unit": finding.unit_id,
        "person": finding.person or None,
        "of_unit": finding.of_unit_id,
        "evidence": [refs[finding.ticket_id]] if finding.ticket_id in refs else [],
        "occurred_at": iso(finding.occurred_at),
        "proposed": _money(finding.proposed),
        "amount": _money(finding.amount),
        "status": finding.status,
        "sentence": finding.sentence,
        "alternatives": finding.alternatives,
    }


def _entry(entry: LedgerEntry) -> dict[str, Any]:
    return {
        "month": entry.month_id,
        "clause": entry.clause_id,
        "unit": entry.unit_id,
        "person": entry.person or None,
        "amount": _money(entry.amount),
    }


def _money(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"
