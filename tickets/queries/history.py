"""The recorded history of a ticket, as the clocks read it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from tickets import clocks
from tickets.clocks import Fault, Start, Step
from tickets.models import Event, SystemFault
from units.actors import CENTRE


def history(ticket_id: int) -> tuple[list[Step], frozenset[str]]:
    """The recorded steps of a ticket, and the keys of the clocks whose breach is on record."""
    steps: list[Step] = []
    breached: set[str] = set()
    rows = Event.objects.filter(ticket_id=ticket_id).order_by("seq")
    for seq, verb, at, clock_key, data in rows.values_list("seq", "verb", "at", "clock_key", "data"):
        if verb == "late":
            breached.add(clock_key)
        else:
            steps.append(step_of(seq, verb, at, data))
    return steps, frozenset(breached)


def step_of(seq: int, verb: str, at: datetime, data: dict[str, Any]) -> Step:
    """An event as the clocks read it."""
    until = data.get("until")
    return Step(
        seq=seq,
        verb=verb,
        at=at,
        unit=data.get("unit"),
        until=datetime.fromisoformat(until) if until else None,
        kind=data.get("kind", ""),
        starts=tuple(
            Start(start["kind"], datetime.fromisoformat(start["starts_at"]), start["minutes"], start["rule"])
            for start in data.get("clocks", ())
        ),
    )


def faults_of(steps: Iterable[Step]) -> list[Fault]:
    """The system faults called by the units that held the ticket, and by the centre, which holds it between them."""
    units = {CENTRE, *(step.unit for step in steps if step.unit)}
    rows = SystemFault.objects.filter(unit__in=units).order_by("at")
    return [Fault(unit, at, until) for unit, at, until in rows.values_list("unit_id", "at", "until")]


def states_of(ticket_ids: Collection[int]) -> dict[int, clocks.State]:
    """The states of many tickets, replayed from their events in one read."""
    steps: dict[int, list[Step]] = defaultdict(list)
    events = Event.objects.filter(ticket__in=ticket_ids).exclude(verb="late").order_by("ticket_id", "seq")
    for ticket_id, seq, verb, at, data in events.values_list("ticket_id", "seq", "verb", "at", "data"):
        steps[ticket_id].append(step_of(seq, verb, at, data))
    return {ticket_id: clocks.run(recorded) for ticket_id, recorded in steps.items()}
