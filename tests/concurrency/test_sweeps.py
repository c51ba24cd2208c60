"""Sweeps beside sweeps and beside people at work: no breach twice, none lost."""

from __future__ import annotations

from datetime import timedelta
from threading import Thread

import pytest
from django.db import connection

from tests import bulk
from tests.concurrency.racing import PATIENCE, code, holding, race
from tests.factories import HANDLER, T0, dispatched, milestone, minutes
from tickets.actions import field_work, overdue
from tickets.models import Event, Milestone, Ticket

TICK = timedelta(microseconds=1)
DUE = T0 + minutes(20)

pytestmark = pytest.mark.usefixtures("committed")


def test_two_sweeps_at_once_stamp_each_breach_once() -> None:
    with connection.cursor() as cursor:
        bulk.load(cursor, bulk.Plan(tickets=2_000, now=T0, due=2_000))
    outcomes = race(*[lambda: overdue.flag_all_due(now=T0)] * 2)
    # Each leaves to the other what the other holds; what both left is there for the next.
    assert sum(outcomes) + overdue.flag_all_due(now=T0) == 2_000
    assert Milestone.objects.filter(kind="accept", verdict="late").count() == 2_000
    late = Event.objects.filter(verb="late")
    assert late.count() == late.values("ticket", "clock_key").distinct().count() == 2_000
    assert set(Ticket.objects.values_list("last_seq", flat=True)) == {3}


def test_an_acceptance_and_sweeps_at_the_due_instant_leave_one_breach_or_none() -> None:
    for _round in range(5):
        ticket = dispatched()
        accepts, *sweeps = race(
            lambda ticket=ticket: field_work.accept(ticket, by=HANDLER, at=DUE + TICK),
            lambda: overdue.flag_all_due(now=DUE + 2 * TICK),
            lambda: overdue.flag_all_due(now=DUE + 2 * TICK),
        )
        assert {code(outcome) for outcome in (accepts, *sweeps)} == {"done"}
        overdue.flag_all_due(now=DUE + 2 * TICK)
        stored = milestone(ticket, "accept")
        assert (stored.verdict, stored.met_at, stored.breached_at) == ("late", DUE + TICK, DUE)
        assert list(Event.objects.filter(ticket=ticket, verb="late").values_list("at", flat=True)) == [DUE]
        ticket.refresh_from_db()
        assert ticket.last_seq == Event.objects.filter(ticket=ticket).count() == 4


def test_met_exactly_at_the_due_is_met_whoever_was_first() -> None:
    for _round in range(5):
        ticket = dispatched()
        race(
            lambda ticket=ticket: field_work.accept(ticket, by=HANDLER, at=DUE),
            lambda: overdue.flag_all_due(now=DUE + TICK),
        )
        assert milestone(ticket, "accept").verdict == "met"


def test_a_ticket_somebody_writes_holds_up_no_other() -> None:
    held, *others = dispatched(), dispatched(), dispatched()
    with holding(held):
        assert overdue.flag_all_due(now=DUE + TICK) == 2
        assert milestone(held, "accept").verdict == "pending"
    assert {milestone(ticket, "accept").verdict for ticket in others} == {"late"}
    assert overdue.flag_all_due(now=DUE + TICK) == 1


def test_rows_that_are_held_do_not_end_the_sweep_of_what_lies_behind() -> None:
    tickets = [dispatched() for _each in range(3)]
    with holding(tickets[0]):
        stamped, position = overdue.flag_batch(now=DUE + TICK, batch=1)
        assert (stamped, position.id) == (0, milestone(tickets[0], "accept").pk)
        stamped, position = overdue.flag_batch(now=DUE + TICK, after=position, batch=1)
        assert (stamped, position.id) == (1, milestone(tickets[1], "accept").pk)


def test_a_reference_to_a_ticket_does_not_keep_the_sweep_away() -> None:
    """A foreign key's check locks the ticket's key alone, and stamping does not touch the key."""
    ticket = dispatched()
    with holding(ticket, "SELECT 1 FROM tickets_ticket WHERE id = %s FOR KEY SHARE"):
        assert overdue.flag_all_due(now=DUE + TICK) == 1


def test_who_must_know_all_waits_for_the_writer() -> None:
    ticket = dispatched()
    stamped: list[int] = []
    with holding(ticket) as let_go:
        thread = Thread(target=lambda: stamped.extend(race(lambda: overdue.flag_all_due(now=DUE + TICK, wait=True))))
        thread.start()
        thread.join(0.2)
        assert thread.is_alive()
        let_go()
        thread.join(PATIENCE)
    assert stamped == [1]
