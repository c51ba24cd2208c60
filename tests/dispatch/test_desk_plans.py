"""With forty thousand tickets no page of the desk, however narrowed, reads a whole table."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from dispatch.filters import DeskFilter
from dispatch.queries import desk
from tests import bulk
from tests.core.sending import as_owner
from tests.factories import DISPATCHER, T0, UNIT
from tests.tickets.test_plans import whole_reads
from tickets.queries.searching import live_of_caller

pytestmark = pytest.mark.slow

PAGES: dict[str, tuple[str, dict[str, str]]] = {
    "all": ("all", {}),
    "late": ("late", {}),
    "requests": ("requests", {}),
    "of a unit": ("late", {"unit": UNIT}),
    "of a category": ("all", {"category": "billing_dispute"}),
    "of a rare category": ("all", {"category": "compensation"}),
    "of a rare tier": ("all", {"tier": "5d"}),
    "of a rare channel": ("requests", {"channel": "media"}),
    "by number": ("all", {"q": "B000020000"}),
    "by phone": ("all", {"q": "2317"}),
}


@pytest.fixture
def many(committed: None) -> None:
    """Forty thousand tickets."""
    with as_owner() as cursor:
        bulk.load_fast(cursor, bulk.Plan(tickets=40_000, now=T0, due=500))


def test_the_desk_reads_no_whole_table(many: None, subtests: pytest.Subtests) -> None:
    """One test, so that parallel workers load the tickets once."""
    for name, (tab, asked) in PAGES.items():
        with subtests.test(name), CaptureQueriesContext(connection) as captured:
            narrowed = DeskFilter(
                QueryDict(urlencode(asked)), queryset=desk.desk_tickets(DISPATCHER), actor=DISPATCHER
            ).qs
            desk.queue(narrowed, DISPATCHER, only=desk.DESK_TABS[tab](T0), after="", now=T0)
            desk.counts(narrowed, desk.DESK_TABS, now=T0)
        for query in list(captured):
            if query["sql"].startswith("SELECT"):
                assert not whole_reads(query["sql"]), query["sql"]
    with subtests.test("caller"), CaptureQueriesContext(connection) as captured:
        live_of_caller("13812342317", DISPATCHER, most=5)
    assert len(captured) == 1
    assert not whole_reads(captured[0]["sql"])
