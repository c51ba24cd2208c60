"""From late clocks to misses: the clause each proposes, against whom, and what is named beside it."""

from __future__ import annotations

from dataclasses import dataclass

from tests.oracle import book
from tests.oracle.countdown import Countdown
from tests.oracle.ticket import Ticket
from tests.oracle.verdict import Fault, judge


@dataclass(frozen=True)
class Miss:
    """A late clock with the clause it proposes; no unit where nobody held it long enough."""

    clock: tuple[str, str, int | None]
    at: int
    clause: str
    unit: str | None
    alternatives: tuple[str, ...]


def misses(ticket: Ticket, faults: list[Fault], now: int) -> list[Miss]:
    """All that is late of a ticket."""
    found = []
    for clock in ticket.clocks:
        verdict, unit = judge(ticket, clock, faults, now)
        if verdict == "late":
            found.append(_miss(ticket, clock, unit))
    return found


def _miss(ticket: Ticket, clock: Countdown, unit: str) -> Miss:
    beside: tuple[str, ...] = ()
    subject: str | None = unit
    if clock.kind == "accept":
        clause = "36.2"
    elif clock.kind == "start_repair":
        clause = "36.10"
    elif clock.kind != "close" or ticket.matter in book.FACILITIES:
        clause, beside = "35.1", ("32",)
    else:
        clause, beside = "36.5", ("36.10", "34.2") if ticket.channel in book.OFFICIAL else ("36.10",)
    if clock.kind == "close" and 2 * ticket.held(unit, clock.due) < clock.length:
        subject = None
    return Miss((ticket.ref, clock.kind, clock.spell), clock.due, clause, subject, beside)
