"""What the desk and the units' pages list: live tickets, what breaks next first."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from core.masking import mask_address, may_see_address
from dispatch.queries.countdown import Countdown, countdown, judged_from, late, soon
from dispatch.queries.reporters import veil
from tickets.models import Ticket
from tickets.moves import ACCEPTED, DISPATCHED, ON_SITE, REGISTERED, RESOLVED, available
from tickets.queries.visibility import DISCIPLINE, visible_to
from units.actors import Actor

PAGE = 50
#: Numbers above are shown as "999+": a count is never worth reading more rows.
MOST = 999

Filter = Callable[[datetime], Q]

DESK_TABS: dict[str, Filter] = {
    "all": lambda now: Q(),
    "registered": lambda now: Q(status=REGISTERED),
    "soon": soon,
    "late": late,
    "resolved": lambda now: Q(status=RESOLVED),
    "requests": lambda now: Q(return_asked_at__isnull=False) | Q(delay_until__isnull=False),
}
UNIT_TABS: dict[str, Filter] = {
    "dispatched": lambda now: Q(status=DISPATCHED),
    "accepted": lambda now: Q(status__in=[ACCEPTED, ON_SITE]),
    "resolved": lambda now: Q(status=RESOLVED),
}


@dataclass(frozen=True)
class Row:
    """A ticket in a list, as this reader may see it."""

    ticket: Ticket
    countdown: Countdown
    title: str
    address: str
    verbs: list[str]


@dataclass(frozen=True)
class Queue:
    """One page of a list. ``after`` asks for the next page; ``print`` changes when anything shown does."""

    rows: list[Row]
    after: str
    print: str


def desk_tickets(actor: Actor) -> QuerySet[Ticket]:
    """All live tickets this reader may see."""
    return visible_to(actor).filter(live=True)


def unit_tickets(actor: Actor) -> QuerySet[Ticket]:
    """Live tickets that the reader's unit holds, and may see.

    Not by ``visible_to``, which looks through all that the unit ever held: what it holds now it sees, but for a case of
    misconduct that came to it by mistake.
    """
    held = Ticket.objects.live().filter(unit=actor.unit)
    return held if actor.unit == DISCIPLINE else held.exclude(category__confidential=True)


def queue(
    tickets: QuerySet[Ticket], actor: Actor, *, only: Q, after: str, now: datetime, related: tuple[str, ...] = ()
) -> Queue:
    """One page, what breaks next first, from behind ``after``. Raises ValueError for an ``after`` that is none."""
    wanted = tickets.filter(only).select_related("category", "unit", *related).order_by("next_due_at", "id")
    wanted = wanted.annotate(judged_from=judged_from())
    if after:
        instant, _sign, pk = after.rpartition("~")
        due = datetime.fromisoformat(instant)
        wanted = wanted.filter(Q(next_due_at__gt=due) | Q(next_due_at=due, id__gt=int(pk)), next_due_at__gte=due)
    found = list(wanted[: PAGE + 1])
    rows = [row(ticket, actor, now=now) for ticket in found[:PAGE]]
    more = ""
    if len(found) > PAGE and (last := found[PAGE - 1]).next_due_at:
        more = f"{last.next_due_at.isoformat()}~{last.pk}"
    seen = hashlib.sha256()
    for shown in rows:
        ticket = shown.ticket
        seen.update(f"{ticket.pk}:{ticket.last_seq}:{shown.countdown.state};".encode())
    return Queue(rows, more, seen.hexdigest()[:16])


def row(ticket: Ticket, actor: Actor, *, now: datetime) -> Row:
    """A ticket as this reader may see it in a list."""
    whole = may_see_address(actor.role, unit=actor.unit, holder=ticket.holder)
    return Row(
        ticket=ticket,
        countdown=countdown(ticket, now=now, judged_from=getattr(ticket, "judged_from", None)),
        title=ticket.title if whole else veil(ticket.title, address=ticket.address),
        address=ticket.address if whole else mask_address(ticket.address),
        verbs=verbs_of(ticket, actor),
    )


def verbs_of(ticket: Ticket, actor: Actor) -> list[str]:
    """What this person may do to the ticket now."""
    return available(
        status=ticket.status, holder=ticket.holder, pending=ticket.pending, role=actor.role, unit=actor.unit
    )


def counts(tickets: QuerySet[Ticket], tabs: dict[str, Filter], *, now: datetime) -> dict[str, int]:
    """How many tickets each tab holds, counted no further than one above ``MOST``, in one statement."""
    parts: list[str] = []
    values: list[Any] = []
    for only in tabs.values():
        # In the order of the list, so that the list's index answers; without one the whole table would be read.
        bounded = tickets.filter(only(now)).order_by("next_due_at", "id").values("pk")[: MOST + 1]
        sql, parameters = bounded.query.sql_with_params()
        parts.append(f"(SELECT count(*) FROM ({sql}) AS bounded)")
        values.extend(parameters)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", values)
        return dict(zip(tabs, cursor.fetchone(), strict=True))
