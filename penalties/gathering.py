"""The one place where the assessment reads tickets: late milestones in, facts out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from core.clock import Month
from penalties import clauses
from penalties.facts import Matter, Miss
from tickets import clocks
from tickets.models import Milestone
from tickets.queries.history import states_of
from tickets.queries.rulebook import Rulebook


def tickets_with_misses(month: Month, *, since: datetime) -> set[int]:
    """Tickets with a late milestone of the month, or of an earlier closed one, that no finding rests on yet, and those
    whose undecided findings of the month may have changed. ``since`` is the regulation's first instant.
    """
    late = Milestone.objects.filter(
        verdict="late",
        kind__in=clauses.CLAIMED,
        breached_at__gte=since,
        breached_at__lt=month.ends_at,
        finding_miss=None,
    )
    undecided = Milestone.objects.filter(
        finding_miss__finding__month_id=str(month),
        finding_miss__finding__status__in=("proposed", "undetermined"),
    )
    return {*late.values_list("ticket_id", flat=True), *undecided.values_list("ticket_id", flat=True)}


def misses_of(ticket_ids: Iterable[int], *, since: datetime, book: Rulebook) -> dict[int, dict[int, Miss]]:
    """The late milestones of these tickets as facts: ticket id → milestone id → miss."""
    wanted = list(ticket_ids)
    rows = Milestone.objects.filter(ticket__in=wanted, verdict="late", breached_at__gte=since).select_related("ticket")
    found: dict[int, dict[int, Miss]] = defaultdict(dict)
    states: dict[int, clocks.State] = {}
    with_tier = {row.ticket_id for row in rows if row.kind == "close"}
    if with_tier:
        states = states_of(with_tier)
    for row in rows:
        ticket = row.ticket
        nature = book.categories[book.matter_of(ticket.category_id, ticket.facts)]
        clock = None
        if row.kind == "close":
            clock = next(c for c in states[row.ticket_id].clocks if c.key == row.key)
        found[row.ticket_id][row.pk] = Miss(
            matter=Matter(ticket.number, ticket.channel, ticket.category_id, nature.public_facility),
            key=row.key,
            milestone=row.kind,
            unit=row.unit_id,
            starts_at=row.starts_at,
            due_at=row.due_at,
            met_at=row.met_at,
            rule=row.rule,
            first_length=row.first_due_at - row.starts_at,
            shares=clocks.shares(states[row.ticket_id], clock) if clock else {},
        )
    return dict(found)
