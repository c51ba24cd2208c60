"""The board and the lists behind it: every figure opens exactly its tickets."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.clock import Month
from dispatch.demo import city
from dispatch.queries import board, lists
from tests import bulk, factories
from tests.conftest import empty_everything
from tests.core.sending import as_owner
from tests.dispatch.conftest import NOW, SignIn
from tests.factories import HANDLER, T0, UNIT, minutes
from tests.tickets.test_plans import whole_reads
from tickets.actions import closing, field_work, overdue, returning, system_faults
from tickets.models import Ticket
from tickets.queries.visibility import visible_to
from units.actors import CENTRE, Actor, Role

UNTIL = datetime.fromisoformat("2026-03-18T10:30:00+08:00")
MARCH, FEBRUARY = Month(2026, 3), Month(2026, 2)
AUDITOR = Actor(role=Role.AUDITOR, name="Aud")

Statements = Callable[[Client, str], list[str]]


def figures(page: str) -> list[tuple[str, int]]:
    """Every number of the tables that links somewhere: where to, and the number."""
    found = re.findall(r'<a href="(/tickets/\?[^"]+)">(\d+)</a>', page)
    return [(html.unescape(path), int(number)) for path, number in found]


def numbers(page: str) -> list[str]:
    """The tickets a list shows, in order."""
    return re.findall(r'id="number-\d+"[^>]*>([^<]+)<', page)


def listed(client: Client, path: str) -> list[str]:
    """The tickets of a list, all pages of it."""
    found: list[str] = []
    while path:
        page = client.get(path).text
        found += numbers(page)
        following = re.search(r'id="pager-next"[^>]*href="([^"]+)"', page)
        path = "/tickets/" + html.unescape(following[1]) if following else ""
    return found


def charts(page: str) -> dict[str, Any]:
    """What the page gives its charts."""
    found = re.search(r'<script id="charts" type="application/json">(.*?)</script>', page, re.DOTALL)
    assert found
    return json.loads(found[1])


def shares(clock: str, *, unit: str = UNIT, month: Month = MARCH, actor: Actor = AUDITOR) -> tuple[int, int, int, int]:
    """Met, late, excused and decided of one unit."""
    (row,) = [row for row in board.timeliness(actor, month=month)[clock].units if row.key == unit]
    return tuple(getattr(row.this, name).number for name in ("met", "late", "excused", "decided"))


READERS = [
    (Role.DUTY_LEADER, None),
    (Role.LEADER, None),
    (Role.ASSESSOR, None),
    (Role.AUDITOR, "discipline"),
    (Role.UNIT_HEAD, "pipe-network"),
    (Role.UNIT_HEAD, "discipline"),
    (Role.UNIT_HEAD, CENTRE),
]


@pytest.mark.slow
def test_every_figure_opens_exactly_its_tickets(
    sign_in: SignIn, reading_at: Callable[[datetime], None], django_assert_max_num_queries: Any
) -> None:
    city.build_week(until=UNTIL, per_day=6, seed=7)
    overdue.flag_all_due(now=UNTIL)
    reading_at(UNTIL)
    seen = 0
    for role, unit in READERS:
        client = sign_in(role, unit)
        for clock in board.CLOCKS:
            for path, number in figures(client.get("/board/", {"milestone": clock}).text):
                found = listed(client, path)
                assert len(set(found)) == len(found) == number, (role, unit, path)
                seen += 1
    assert seen > 300
