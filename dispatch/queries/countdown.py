"""Which limit of a ticket breaks next, and how it stands: for lists and headers, from the ticket's own columns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q

from tickets.clocks import SPELL_CLOCKS
from tickets.models import Ticket
from tickets.moves import RESOLVED

#: From when on a limit is shown as about to break. A matter of the eye alone; no verdict knows it.
SOON = {"accept": timedelta(minutes=10), "on_site": timedelta(minutes=15)}
SOON_OTHERWISE = timedelta(hours=1)


@dataclass(frozen=True)
class Countdown:
    """``state``: running, soon, late, standing (a request is undecided), review (handed in) or over."""

    state: str
    clock: str = ""
    due_at: datetime | None = None
    left: timedelta = timedelta(0)
    soon: timedelta = SOON_OTHERWISE


def countdown(ticket: Ticket, *, now: datetime) -> Countdown:
    """How the ticket's next limit stands at ``now``."""
    due, clock = ticket.next_due_at, ticket.next_clock
    if not ticket.live or due is None:
        return Countdown("over")
    soon = SOON.get(clock, SOON_OTHERWISE)
    left = due - now
    if ticket.status == RESOLVED:
        state = "review"
    elif _stands(ticket, clock, due):
        state = "standing"
    elif left < timedelta(0):
        state = "late"
    else:
        state = "soon" if left <= soon else "running"
    return Countdown(state, clock, due, left, soon)


def _stands(ticket: Ticket, clock: str, due: datetime) -> bool:
    if clock == "close":
        return ticket.delay_until is not None
    asked = ticket.return_asked_at
    return clock in SPELL_CLOCKS and asked is not None and due >= asked


#: The same questions, put to the database.
REVIEW = Q(status=RESOLVED)
STANDING = Q(next_clock="close", delay_until__isnull=False) | Q(
    next_clock__in=sorted(SPELL_CLOCKS), return_asked_at__isnull=False, next_due_at__gte=F("return_asked_at")
)


def late(now: datetime) -> Q:
    """Tickets whose next limit has passed."""
    return Q(next_due_at__lt=now) & ~REVIEW & ~STANDING


def soon(now: datetime) -> Q:
    """Tickets whose next limit is about to break."""
    near = Q(next_due_at__lte=now + SOON_OTHERWISE)
    for clock, length in SOON.items():
        near &= ~Q(next_clock=clock, next_due_at__gt=now + length)
    return Q(next_due_at__gte=now) & near & ~REVIEW & ~STANDING
