"""Reads of the API: one ticket whole, pages of tickets, and the feed of changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BooleanField, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from core.refusals import Refused
from tickets.models import Event, Milestone, Spell, Ticket
from tickets.queries.visibility import visible_to
from units.actors import Actor, Role

#: Steps that a platform learns of. What stays inside: who is assigned, requests and their refusal, supervision,
#: callbacks, corrections of time, and the units' own clocks.
OUTWARD = (
    "report",
    "answer",
    "dispatch",
    "accept",
    "arrive",
    "start_repair",
    "finish_repair",
    "resolve",
    "close",
    "reject",
    "reopen",
    "grant_return",
    "grant_delay",
    "urge",
    "supplement",
    "merge",
    "withdraw",
)

#: Rows are numbered when they are written and seen when they are committed. A feed that passed a row still in flight
#: would never come back for it, so it ends before the oldest transaction that is still writing.
SETTLED = "age(tickets_event.xmin) > age(pg_snapshot_xmin(pg_current_snapshot())::xid)"


@dataclass(frozen=True)
class Case:
    """A ticket with what belongs to it."""

    ticket: Ticket
    milestones: list[Milestone]
    spells: list[Spell]


def find(actor: Actor, number: str) -> Ticket:
    """The ticket of a number. Raises Refused ``unknown_ref`` where there is none that the actor may see."""
    ticket = visible_to(actor).filter(number=number).select_related("merged_into", "reporter").first()
    if ticket is None:
        raise Refused("unknown_ref", _("There is no such ticket."))
    return ticket


def case_of(ticket: Ticket) -> Case:
    """A ticket that was found, with its milestones and spells."""
    return Case(ticket, milestones_of(ticket), list(Spell.objects.filter(ticket=ticket)))


def milestones_of(ticket: Ticket) -> list[Milestone]:
    """The clocks of a ticket, as they started."""
    return list(Milestone.objects.filter(ticket=ticket))


def page_before(tickets: QuerySet[Ticket], place: tuple[datetime, int] | None, size: int) -> list[Ticket]:
    """Up to ``size`` tickets, newest report first, after the place a page before ended with."""
    if place is not None:
        instant, row = place
        # The first condition is what the index descends by; the second settles reports of one instant.
        tickets = tickets.filter(reported_at__lte=instant).filter(Q(reported_at__lt=instant) | Q(id__lt=row))
    lines = tickets.order_by("-reported_at", "-id").select_related("reporter").defer("content", "facts", "extra")
    return list(lines[:size])


def events_of(actor: Actor, ticket: Ticket, *, after: int, size: int) -> list[Event]:
    """Up to ``size`` recorded steps of a ticket as far as the actor may know of them, oldest first."""
    return list(_told(actor, Event.objects.filter(ticket=ticket, seq__gt=after)).order_by("seq")[:size])


def changes(actor: Actor, *, after: int, size: int) -> Sequence[Mapping[str, Any]]:
    """Up to ``size`` steps of the tickets an actor may see, in the order they were written, after a row."""
    events = Event.objects.filter(ticket__in=visible_to(actor), id__gt=after)
    settled = RawSQL(SETTLED, [], output_field=BooleanField())
    return list(
        _told(actor, events)
        .filter(settled)
        .order_by("id")
        .values("id", "verb", "at", "status", "ticket__number", "ticket__external_no")[:size]
    )


def _told(actor: Actor, events: QuerySet[Event]) -> QuerySet[Event]:
    if actor.role != Role.INTEGRATION_CLIENT:
        return events
    # Of the clocks a platform learns of the tier alone.
    return events.filter(Q(verb__in=OUTWARD) | Q(verb="late", clock_key__endswith=":close"))
