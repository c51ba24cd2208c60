"""Which limit of a ticket breaks next, and how it stands: for lists and headers, from the ticket's own columns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q, Subquery

from core.clock import local
from tickets.clocks import EXCUSABLE, SPELL_CLOCKS
from tickets.models import Milestone, SystemFault, Ticket
from tickets.moves import RESOLVED
from tickets.queries.rulebook import rulebook

#: The clocks that have a figure of their own among the parameters, ``soon_<clock>_minutes``.
WARNED_APART = ("accept", "on_site")


@dataclass(frozen=True)
class Countdown:
    """``state``: running, soon, late, fault (past its due, but judged only when the reported system fault ends),
    standing (a request is undecided), review (handed in) or over.
    """

    state: str
    clock: str = ""
    due_at: datetime | None = None
    left: timedelta = timedelta(0)
    soon: timedelta = timedelta(0)
    #: The instant up to which it is not late, where that is later than the due.
    judged_from: datetime | None = None


def warning(clock: str, now: datetime) -> timedelta:
    """From when on before its due a limit is shown as about to break. A matter of the eye; no verdict knows it.

    Where no figure is in force nothing is announced.
    """
    code = f"soon_{clock if clock in WARNED_APART else 'other'}_minutes"
    try:
        return timedelta(minutes=float(rulebook().parameter(code, local(now).date())))
    except LookupError:
        return timedelta(0)


def countdown(ticket: Ticket, *, now: datetime, judged_from: datetime | None = None) -> Countdown:
    """How the ticket's next limit stands at ``now``; ``judged_from`` as its milestone has it, where known."""
    due, clock = ticket.next_due_at, ticket.next_clock
    if not ticket.live or due is None:
        return Countdown("over")
    soon = warning(clock, now)
    left = due - now
    excused_until = judged_from if judged_from and judged_from > due else None
    if ticket.status == RESOLVED:
        state = "review"
    elif _stands(ticket, clock, due):
        state = "standing"
    elif left < timedelta(0):
        state = "fault" if excused_until and now <= excused_until else "late"
    else:
        state = "soon" if left <= soon else "running"
    return Countdown(state, clock, due, left, soon, excused_until)


def _stands(ticket: Ticket, clock: str, due: datetime) -> bool:
    if clock == "close":
        return ticket.delay_until is not None
    asked = ticket.return_asked_at
    return clock in SPELL_CLOCKS and asked is not None and due >= asked


def judged_from() -> Subquery:
    """The instant from which the next limit of each listed ticket is judged: one look by key a row that is shown."""
    rows = Milestone.objects.filter(
        ticket=OuterRef("pk"), kind=OuterRef("next_clock"), due_at=OuterRef("next_due_at"), judged_from__isnull=False
    )
    return Subquery(rows.values("judged_from")[:1])


def tier_due() -> Subquery:
    """When the tier of each listed ticket is due, while it is not met."""
    rows = Milestone.objects.filter(ticket=OuterRef("pk"), kind="close", met_at=None).order_by("-round")
    return Subquery(rows.values("due_at")[:1])


#: The same questions, put to the database.
REVIEW = Q(status=RESOLVED)
STANDING = Q(next_clock="close", delay_until__isnull=False) | Q(
    next_clock__in=sorted(SPELL_CLOCKS), return_asked_at__isnull=False, next_due_at__gte=F("return_asked_at")
)


def late(now: datetime) -> Q:
    """Tickets whose next limit has passed, and that no reported system fault may still excuse.

    What was late once stays in the list: it is looked at anyhow, and the sweep settles within seconds whose miss it is.
    """
    reported = SystemFault.objects.filter(unit=OuterRef("unit"), until__gte=now, at__lte=OuterRef("next_due_at"))
    return Q(next_due_at__lt=now) & ~REVIEW & ~STANDING & ~(_excusable() & Q(Exists(reported)))


def _excusable() -> Q:
    return Q(late_at__isnull=True, next_clock__in=sorted(EXCUSABLE))


def soon(now: datetime) -> Q:
    """Tickets whose next limit is about to break."""
    near = Q(next_due_at__lte=now + warning("", now))
    for clock in WARNED_APART:
        near &= ~Q(next_clock=clock, next_due_at__gt=now + warning(clock, now))
    return Q(next_due_at__gte=now) & near & ~REVIEW & ~STANDING
