"""At a hundred thousand tickets no hot statement reads a whole table of tickets, milestones or events."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.test.utils import CaptureQueriesContext

from core.clock import SHANGHAI, Month
from penalties import gathering
from tests import bulk
from tests.core.sending import as_owner
from tests.factories import DISPATCHER, HANDLER, LEADER, T0, UNIT, minutes
from tickets.actions import field_work, following, overdue, system_faults
from tickets.models import Ticket
from tickets.queries.explaining import explain
from tickets.queries.visibility import visible_to
from units.actors import Actor, Role

GUARDED = {"tickets_ticket", "tickets_milestone", "tickets_event"}
PLAN = bulk.Plan(tickets=100_000, now=T0, due=1_000)
SINCE = T0.replace(year=2020, month=1, day=1, tzinfo=SHANGHAI)
EARLIER = T0 - timedelta(days=100)

pytestmark = pytest.mark.slow


@pytest.fixture
def city(committed: None) -> None:
    """A hundred thousand tickets."""
    with as_owner() as cursor:
        bulk.load_fast(cursor, PLAN)


def _queue(**conditions: Any) -> QuerySet[Ticket]:
    return Ticket.objects.live().filter(**conditions).soonest_first()


def _behind(due: Any) -> Q:
    return (Q(next_due_at__gt=due) | Q(next_due_at=due, id__gt=500)) & Q(next_due_at__gte=due)


def _newest(actor: Actor, *, before: Any = None) -> list[Ticket]:
    tickets = visible_to(actor).order_by("-reported_at", "-id")
    if before is not None:
        tickets = tickets.filter(Q(reported_at__lt=before) | Q(reported_at=before, id__lt=500), reported_at__lte=before)
    return list(tickets[:50])


def _whole_ticket(number: str) -> None:
    ticket = Ticket.objects.get(number=number)
    assert list(ticket.milestones.all())
    assert list(ticket.events.all())
    assert explain(ticket, now=T0)


def _some(status: str) -> Ticket:
    return Ticket.objects.filter(status=status, unit=UNIT, live=True).order_by("next_due_at", "id").last()


OFFICE = Actor(role=Role.UNIT_HEAD, unit="office-1", name="Olga")
AUDITOR = Actor(role=Role.AUDITOR, name="Aud")
PLATFORM = Actor(role=Role.INTEGRATION_CLIENT, name="platform", client="platform")

HOT: dict[str, Callable[[], Any]] = {
    "sweep": lambda: overdue.flag_all_due(now=T0),
    "idle sweep": lambda: overdue.flag_all_due(now=T0 - timedelta(days=30)),
    "queue": lambda: list(_queue()[:50]),
    "queue, next page": lambda: list(_queue().filter(_behind(T0))[:50]),
    "queue of a unit": lambda: list(_queue(unit=UNIT)[:50]),
    "queue of a unit, next page": lambda: list(_queue(unit=UNIT).filter(_behind(T0))[:50]),
    "queue by status": lambda: list(_queue(status="dispatched")[:50]),
    "queue by status, next page": lambda: list(_queue(status="dispatched").filter(_behind(T0))[:50]),
    "queue as the desk sees it": lambda: list(visible_to(DISPATCHER).filter(live=True).soonest_first()[:50]),
    "ticket by number": lambda: _whole_ticket("B000050000"),
    "newest, dispatcher": lambda: _newest(DISPATCHER),
    "newest, dispatcher, next page": lambda: _newest(DISPATCHER, before=EARLIER),
    "newest, duty leader, next page": lambda: _newest(LEADER, before=EARLIER),
    "newest, unit": lambda: _newest(HANDLER),
    "newest, unit, next page": lambda: _newest(OFFICE, before=EARLIER),
    "newest, auditor, next page": lambda: _newest(AUDITOR, before=EARLIER),
    "newest, platform": lambda: _newest(PLATFORM),
    "candidates of the month": lambda: gathering.tickets_with_misses(Month.of(T0).previous(), since=SINCE),
    "accept": lambda: field_work.accept(_some("dispatched"), by=HANDLER, at=T0),
    "urge": lambda: following.urge(_some("on_site"), by=DISPATCHER, at=T0),
    "system fault": lambda: system_faults.call(unit=UNIT, until=T0 + minutes(2), by=HANDLER, at=T0 + minutes(1)),
}


#: Lists whose planner reads more than the page, and what it reads; some do so only now and then.
GROWING = {
    "queue, next page": "all live tickets",
    "queue of a unit, next page": "all live tickets of the unit",
    "queue by status, next page": "all live tickets of the status",
    "newest, unit": "all spells the unit ever had",
    "newest, unit, next page": "all spells the unit ever had",
}


def test_no_hot_statement_reads_a_whole_table_and_a_list_reads_its_page(city: None, subtests: pytest.Subtests) -> None:
    """One test, for the city takes its time to build and parallel workers would build it twice."""
    for name, work in HOT.items():
        with subtests.test(name):
            statements = _sent(work)
            assert statements
            for statement in statements:
                assert not whole_reads(statement), statement
            if name.startswith(("queue", "newest")) and name not in GROWING:
                assert sum(map(buffers, statements)) <= 150, statements
    with subtests.test("a whole read would be seen"):
        assert whole_reads("SELECT count(content) FROM tickets_ticket") == {"tickets_ticket"}
        assert whole_reads("SELECT * FROM units_unit WHERE EXISTS (SELECT * FROM tickets_event WHERE data = '[]')")


def _sent(work: Callable[[], Any]) -> list[str]:
    with transaction.atomic(), CaptureQueriesContext(connection) as captured:
        work()
        transaction.set_rollback(True)
    return [query["sql"] for query in captured if query["sql"].lstrip().startswith(("SELECT", "WITH", "UPDATE"))]


def whole_reads(statement: str) -> set[str]:
    """The guarded tables that a statement would read from end to end."""
    return set(_seq_scans(_plan(statement, "FORMAT JSON")))


def buffers(statement: str) -> int:
    """How many pages a statement touches."""
    plan = _plan(statement, "ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON")
    return plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]


def _plan(statement: str, options: str) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN ({options}) {statement}")
        (document,) = cursor.fetchone()
    plans = document if isinstance(document, list) else json.loads(document)
    return plans[0]["Plan"]


def _seq_scans(node: dict[str, Any]) -> Iterator[str]:
    if node["Node Type"] == "Seq Scan" and node["Relation Name"] in GUARDED:
        yield node["Relation Name"]
    for below in node.get("Plans", ()):
        yield from _seq_scans(below)
