"""How many statements an action sends. A number that grows here is a round trip more for every order of the city."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from tests import bulk
from tests.core.counting import statements
from tests.factories import DISPATCHER, HANDLER, LEADER, T0, UNIT, accepted, dispatched, minutes, reported
from tickets.actions import closing, delaying, dispatching, ending, field_work, following, overdue, returning
from tickets.actions.reporting import Report, report
from tickets.models import Ticket
from tickets.queries.rulebook import rulebook

SOON = T0 + minutes(5)

pytestmark = pytest.mark.django_db


def _intake() -> Ticket:
    told = Report(category="public_pipe_leak", address="解放路1号", reporter_name="Zhang", reporter_phone="13800000000")
    return report(told, by=DISPATCHER, at=T0)


def _resolved() -> Ticket:
    return field_work.resolve(accepted(), by=HANDLER, at=SOON)


def _asked() -> Ticket:
    return returning.ask(accepted(), by=HANDLER, at=SOON)


ACTIONS: dict[str, tuple[int, Callable[[], Ticket], Callable[[Ticket], Any]]] = {
    "dispatch": (11, reported, lambda t: dispatching.dispatch(t, by=DISPATCHER, at=SOON, unit=UNIT)),
    "accept": (7, dispatched, lambda t: field_work.accept(t, by=HANDLER, at=SOON)),
    "arrive": (8, dispatched, lambda t: field_work.arrive(t, by=HANDLER, at=SOON)),
    "stop_water": (6, accepted, lambda t: field_work.stop_water(t, by=HANDLER, at=SOON)),
    "resolve": (9, accepted, lambda t: field_work.resolve(t, by=HANDLER, at=SOON)),
    "close": (7, _resolved, lambda t: closing.close(t, by=DISPATCHER, at=SOON + minutes(1), reason="seen")),
    "urge": (6, accepted, lambda t: following.urge(t, by=DISPATCHER, at=SOON)),
    "ask_return": (8, accepted, lambda t: returning.ask(t, by=HANDLER, at=SOON)),
    "refuse_return": (8, _asked, lambda t: returning.refuse(t, by=DISPATCHER, at=SOON + minutes(1))),
    "withdraw": (11, dispatched, lambda t: ending.withdraw(t, by=DISPATCHER, at=SOON)),
    "declare_delay": (
        7,
        accepted,
        lambda t: delaying.declare(t, by=HANDLER, at=SOON, until=T0 + minutes(9999), reason="no part"),
    ),
}


def test_intake_sends_no_more_than_eight() -> None:
    rulebook()
    assert len(statements(_intake)) <= 8


@pytest.mark.parametrize(("most", "made", "does"), ACTIONS.values(), ids=ACTIONS.keys())
def test_an_action_sends_no_more_than_it_did(
    most: int, made: Callable[[], Ticket], does: Callable[[Ticket], Any]
) -> None:
    ticket = made()
    rulebook()
    sent = statements(lambda: does(ticket))
    assert len(sent) <= most, "\n".join(sent)


def test_a_long_history_costs_no_statement_more() -> None:
    short, long = dispatched(), dispatched()
    for _time in range(30):
        following.supervise(long, by=LEADER, at=T0)
    counts = [len(statements(lambda t=t: field_work.accept(t, by=HANDLER, at=SOON))) for t in (short, long)]
    assert counts[0] == counts[1]


@pytest.mark.parametrize(("due", "expected"), [(0, 1), (10, 1), (999, 1), (1000, 2), (2500, 3)])
def test_a_sweep_sends_one_statement_a_batch_however_full(due: int, expected: int) -> None:
    with connection.cursor() as cursor:
        bulk.load(cursor, bulk.Plan(tickets=due + 50, now=T0, due=due))
    sent = statements(lambda: overdue.flag_all_due(now=T0))
    assert len(sent) == expected
