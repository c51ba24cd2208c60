"""The oracle's word in the player's words."""

from __future__ import annotations

from typing import Any

from tests.oracle import book
from tests.oracle.countdown import Countdown
from tests.oracle.instants import written
from tests.oracle.months import Finding
from tests.oracle.ticket import Ticket
from tests.oracle.verdict import judge
from tests.oracle.world import World


def consult(steps: list[dict[str, Any]]) -> dict[str, Any]:
    """What the contract says of a scenario's steps; ``refused`` holds the codes each step may be refused with."""
    world = World()
    for step in steps:
        world.step(step)
    return {
        "tickets": {ref: _ticket(ticket, world) for ref, ticket in world.tickets.items()},
        "findings": [_finding(finding) for finding in world.findings()],
        "ledger": world.months.ledger,
        "refused": world.refused,
    }


def _ticket(ticket: Ticket, world: World) -> dict[str, Any]:
    unit = ticket.spell.unit if ticket.spell else None
    if ticket.spells and ticket.status in {"closed", "merged", "withdrawn"} and not ticket.returned:
        unit = ticket.spells[-1].unit
    return {
        "status": ticket.status,
        "unit": unit,
        "tier": book.TIER[ticket.category],
        "round": 1,
        "milestones": [_milestone(ticket, clock, world) for clock in ticket.clocks],
    }


def _milestone(ticket: Ticket, clock: Countdown, world: World) -> dict[str, Any]:
    verdict, unit = judge(ticket, clock, world.faults, world.now)
    return {
        "kind": clock.kind,
        "unit": unit,
        "starts_at": written(clock.started),
        "due_at": written(clock.due),
        "first_due_at": written(clock.first_due),
        "met_at": written(clock.met_at),
        "verdict": verdict,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "clause": finding.clause,
        "unit": finding.unit,
        "evidence": [finding.ref],
        "occurred_at": written(finding.first),
        "proposed": "-100.00",
        "amount": None if finding.amount is None else f"{finding.amount:.2f}",
        "status": finding.status,
        "alternatives": list(finding.alternatives),
    }
