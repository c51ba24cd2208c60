"""Verdicts, and whose they are."""

from __future__ import annotations

from dataclasses import dataclass

from tests.oracle import book
from tests.oracle.countdown import Countdown
from tests.oracle.ticket import Ticket


@dataclass(frozen=True)
class Fault:
    """A unit's call that its system is down, until an instant."""

    unit: str
    call: int
    until: int


def judge(ticket: Ticket, clock: Countdown, faults: list[Fault], now: int) -> tuple[str, str]:
    """The verdict and the unit judged, or the one holding it."""
    if clock.cancelled:
        return "cancelled", _last(ticket, clock)
    if clock is ticket.close and ticket.delay is not None:
        return "pending", _now(ticket, clock)
    overdue = clock.ran_out if clock.met_at is None or clock.still else clock.met_at > clock.due
    if not overdue:
        if clock.met_at is None:
            return "pending", _now(ticket, clock)
        return "met", _of(ticket, clock, clock.met_in)
    blamed = ticket.spells[clock.spell].unit if clock.spell is not None else ticket.holder(clock.due) or book.CENTRE
    if clock.kind in {"accept", "close"}:
        covering = [f for f in faults if f.unit == blamed and f.call <= clock.due <= f.until]
        if clock.met_at is not None and any(clock.met_at <= fault.until for fault in covering):
            return "excused", blamed
        if clock.open and any(now <= fault.until for fault in covering):
            return "pending", blamed
    return "late", blamed


def _of(ticket: Ticket, clock: Countdown, index: int | None) -> str:
    index = clock.spell if clock.spell is not None else index
    return book.CENTRE if index is None else ticket.spells[index].unit


def _now(ticket: Ticket, clock: Countdown) -> str:
    return _of(ticket, clock, len(ticket.spells) - 1 if ticket.spell else None)


def _last(ticket: Ticket, clock: Countdown) -> str:
    ended_with = [i for i, spell in enumerate(ticket.spells) if spell.end == clock.ended_at and spell.blame_end is None]
    return _of(ticket, clock, ended_with[-1] if ended_with else None)
