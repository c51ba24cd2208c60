"""The sweep stamps what has passed, once, with its own due instant, whatever the hour it ran."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from tests import bulk
from tests.factories import (
    DISPATCHER,
    HANDLER,
    LEADER,
    T0,
    UNIT,
    accepted,
    dispatched,
    handler_of,
    milestone,
    minutes,
    reported,
)
from tickets.actions import delaying, ending, field_work, overdue, returning, system_faults
from tickets.models import Event, Milestone, Ticket

TICK = timedelta(microseconds=1)
DUE = T0 + minutes(20)

pytestmark = pytest.mark.django_db


def late_events(ticket: Ticket) -> list[tuple[str, datetime, str, str, Any]]:
    """What the timeline says of breaches."""
    rows = Event.objects.filter(ticket=ticket, verb="late").order_by("at", "clock_key")
    return list(rows.values_list("clock_key", "at", "by_role", "status", "data"))


def test_exactly_at_the_due_instant_nothing_is_late() -> None:
    ticket = dispatched()
    assert overdue.flag_all_due(now=DUE) == 0
    assert milestone(ticket, "accept").verdict == "pending"


def test_an_instant_later_it_is() -> None:
    ticket = dispatched()
    assert overdue.flag_all_due(now=DUE + TICK) == 1
    stamped = milestone(ticket, "accept")
    assert (stamped.verdict, stamped.breached_at, stamped.judged_from) == ("late", DUE, None)
    ticket.refresh_from_db()
    assert (ticket.late_at, ticket.last_seq, ticket.status) == (DUE, 3, "dispatched")
    said = {"milestone": "accept", "unit": UNIT}
    assert late_events(ticket) == [("2:accept", DUE, "system", "dispatched", said)]


@pytest.mark.parametrize("after", [TICK, minutes(2), timedelta(days=40)], ids=["at once", "two minutes down", "weeks"])
def test_the_stamp_is_the_due_instant_whenever_it_ran(after: timedelta) -> None:
    ticket = dispatched()
    overdue.flag_all_due(now=DUE + after)
    assert milestone(ticket, "accept").breached_at == DUE
    assert late_events(ticket)[0][1] == DUE
    assert Event.objects.get(ticket=ticket, clock_key="2:accept").recorded_at == DUE + after


def test_a_second_sweep_stamps_nothing() -> None:
    ticket = dispatched()
    overdue.flag_all_due(now=DUE + TICK)
    before = list(Milestone.objects.order_by("id").values()), list(Event.objects.order_by("id").values())
    assert overdue.flag_all_due(now=DUE + TICK) == 0
    assert overdue.flag_all_due(now=DUE + minutes(1)) == 0
    assert before == (list(Milestone.objects.order_by("id").values()), list(Event.objects.order_by("id").values()))
    ticket.refresh_from_db()
    assert ticket.last_seq == 3


def test_several_clocks_of_one_ticket_are_stamped_together_in_the_order_they_fell_due() -> None:
    ticket = dispatched()
    assert overdue.flag_all_due(now=T0 + timedelta(days=3)) == 4
    assert [(key, at - T0) for key, at, *_rest in late_events(ticket)] == [
        ("2:accept", minutes(20)),
        ("2:on_site", minutes(40)),
        ("2:repair", timedelta(hours=24)),
        ("1:close", timedelta(hours=48)),
    ]
    assert list(Event.objects.filter(ticket=ticket).order_by("seq").values_list("seq", "at")) == [
        (1, T0),
        (2, T0),
        *enumerate((T0 + length for length in (minutes(20), minutes(40), minutes(24 * 60), minutes(48 * 60))), start=3),
    ]
    ticket.refresh_from_db()
    assert (ticket.last_seq, ticket.late_at) == (6, DUE)


def test_an_action_that_sees_the_breach_first_leaves_the_same() -> None:
    swept, seen = dispatched(), dispatched()
    at = DUE + minutes(3)
    overdue.flag_batch(now=at, batch=1)
    assert (milestone(swept, "accept").verdict, milestone(seen, "accept").verdict) == ("late", "pending")
    for ticket in (swept, seen):
        field_work.accept(ticket, by=HANDLER, at=at)
    overdue.flag_all_due(now=at)

    def left(ticket: Ticket) -> tuple[Any, ...]:
        ticket.refresh_from_db()
        columns = [name.attname for name in Milestone._meta.concrete_fields if name.attname not in {"id", "ticket_id"}]
        rows = list(ticket.milestones.order_by("key").values_list(*columns))
        said = [(key, at_, role, data) for key, at_, role, _status, data in late_events(ticket)]
        return rows, said, ticket.status, ticket.last_seq, ticket.late_at, ticket.next_due_at

    assert left(swept) == left(seen)
    assert len(late_events(seen)) == 1


def test_a_step_after_the_breach_of_another_clock_records_that_breach_too() -> None:
    ticket = accepted()
    field_work.stop_water(ticket, by=HANDLER, at=T0 + minutes(41))
    assert [(key, at) for key, at, *_rest in late_events(ticket)] == [("2:on_site", T0 + minutes(40))]
    assert overdue.flag_all_due(now=T0 + minutes(42)) == 0


def test_the_case_clock_is_late_for_the_centre_while_nobody_holds_the_ticket() -> None:
    ticket = reported()
    overdue.flag_all_due(now=T0 + timedelta(days=3))
    assert late_events(ticket)[0][4] == {"milestone": "close", "unit": "dispatch-centre"}


def test_what_turns_out_to_be_met_carries_no_breach_but_history_keeps_it() -> None:
    """A sweep may look a blink before the step that was just in time is on record."""
    ticket = dispatched()
    overdue.flag_all_due(now=DUE + TICK)
    field_work.accept(ticket, by=HANDLER, at=DUE)
    stored = milestone(ticket, "accept")
    assert (stored.verdict, stored.met_at, stored.breached_at) == ("met", DUE, None)
    ticket.refresh_from_db()
    assert ticket.late_at is None
    assert len(late_events(ticket)) == 1


def _return_asked(ticket: Ticket) -> None:
    returning.ask(ticket, by=HANDLER, at=T0 + minutes(5), reason="another unit's pipe")


def _delay_declared(ticket: Ticket) -> None:
    until = T0 + timedelta(days=9)
    delaying.declare(ticket, by=HANDLER, at=T0 + minutes(5), until=until, reason="no spare part")


def _system_down(ticket: Ticket) -> None:
    system_faults.call(unit=UNIT, until=T0 + timedelta(days=30), by=HANDLER, at=T0 + minutes(5))


def _withdrawn(ticket: Ticket) -> None:
    ending.withdraw(ticket, by=DISPATCHER, at=T0 + minutes(5))


def _resolved(ticket: Ticket) -> None:
    field_work.accept(ticket, by=HANDLER, at=T0 + minutes(5))
    field_work.resolve(ticket, by=HANDLER, at=T0 + minutes(5))


LEFT_ALONE: dict[str, tuple[Callable[[Ticket], None], set[str]]] = {
    "standing still under a return": (_return_asked, {"accept", "on_site", "repair"}),
    "under an undecided delay": (_delay_declared, {"close"}),
    "under a system fault": (_system_down, {"accept", "close"}),
    "withdrawn": (_withdrawn, {"accept", "on_site", "repair", "close"}),
    "done": (_resolved, {"accept", "on_site", "repair", "close"}),
}


@pytest.mark.parametrize(("happens", "kinds"), LEFT_ALONE.values(), ids=LEFT_ALONE.keys())
def test_it_leaves_alone_what_waits_or_is_done(happens: Callable[[Ticket], None], kinds: set[str]) -> None:
    ticket = dispatched()
    happens(ticket)
    overdue.flag_all_due(now=T0 + timedelta(days=5))
    late = set(Milestone.objects.filter(ticket=ticket, verdict="late").values_list("kind", flat=True))
    assert late == {"accept", "on_site", "repair", "close"} - kinds
    assert {data["milestone"] for *_row, data in late_events(ticket)} == late


def test_after_a_refused_return_a_clock_is_late_at_its_moved_due() -> None:
    ticket = dispatched()
    _return_asked(ticket)
    overdue.flag_all_due(now=T0 + minutes(60))
    returning.refuse(ticket, by=DISPATCHER, at=T0 + minutes(65))
    assert overdue.flag_all_due(now=T0 + minutes(80)) == 0
    assert overdue.flag_all_due(now=T0 + minutes(80) + TICK) == 1
    assert milestone(ticket, "accept").breached_at == T0 + minutes(80)


def test_a_delay_refused_after_the_due_is_judged_at_that_due_by_the_refusal_itself() -> None:
    ticket = accepted()
    _delay_declared(ticket)
    overdue.flag_all_due(now=T0 + timedelta(hours=49))
    delaying.refuse(ticket, by=LEADER, at=T0 + timedelta(hours=50))
    assert milestone(ticket, "close").breached_at == T0 + timedelta(hours=48)
    assert overdue.flag_all_due(now=T0 + timedelta(hours=51)) == 0


def test_a_fault_is_judged_when_it_has_passed_and_stamped_with_the_due() -> None:
    ticket = dispatched(category="general")
    system_faults.call(unit=UNIT, until=T0 + minutes(90), by=HANDLER, at=T0 + minutes(5))
    assert overdue.flag_all_due(now=T0 + minutes(90)) == 0
    assert overdue.flag_all_due(now=T0 + minutes(90) + TICK) == 1
    assert milestone(ticket, "accept").breached_at == DUE


def test_an_idle_sweep_stamps_nothing_and_writes_nothing() -> None:
    reported()
    events = Event.objects.count()
    assert overdue.flag_all_due(now=T0 + minutes(1)) == 0
    assert Event.objects.count() == events


def test_a_sweep_of_nothing_at_all_ends() -> None:
    assert overdue.flag_all_due(now=T0) == 0


def test_no_clock_of_any_unit_is_stamped_for_another() -> None:
    here, there = dispatched(), dispatched(unit="meter-replacement")
    field_work.accept(there, by=handler_of("meter-replacement"), at=DUE)
    overdue.flag_all_due(now=DUE + TICK)
    assert (len(late_events(here)), len(late_events(there))) == (1, 0)


@pytest.mark.parametrize(("due", "spread"), [(1000, 540), (1001, 540), (1001, 0)], ids=["1000", "1001", "1001 at once"])
def test_a_full_batch_is_followed_by_the_rest(due: int, spread: int) -> None:
    with connection.cursor() as cursor:
        bulk.load(cursor, bulk.Plan(tickets=due, now=T0, due=due, spread=spread))
    assert overdue.flag_all_due(now=T0) == due
    assert Milestone.objects.filter(kind="accept", verdict="late").count() == due
    assert Event.objects.filter(verb="late").count() == due
    assert overdue.flag_all_due(now=T0) == 0
