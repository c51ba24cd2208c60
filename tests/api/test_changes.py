"""The feed of changes: every step of the caller's tickets once, in order, and none passed over."""

from __future__ import annotations

import time

import pytest

from core import clock
from tests.api.conftest import DISPATCHER, TICKETS, Platform, admit, an_order, code_of, fields_of
from tests.api.contract import check
from tickets.actions import dispatching
from tickets.models import Event, Ticket
from tickets.queries.reading import SETTLED

CHANGES = "/api/v1/changes/"

pytestmark = pytest.mark.django_db(transaction=True)


def send(platform: Platform, **changed: object) -> Ticket:
    answer = platform.post(TICKETS, an_order(**changed))
    return Ticket.objects.get(number=answer.json()["number"])


def settled():
    """Wait until the feed may tell all there is.

    It stops before the oldest transaction on the whole server, and the tests of the other process write there too.
    """
    patience = time.monotonic() + 120
    while Event.objects.extra(where=[f"NOT ({SETTLED})"]).exists():
        assert time.monotonic() < patience, "somebody has been writing for two minutes"
        time.sleep(0.05)


def test_the_feed_is_read_on_from_where_it_was_left(committed):
    hotline = admit("hotline")
    first, second = send(hotline, external_no="1"), send(hotline, external_no="2")
    settled()
    page = check(hotline.get(CHANGES, page_size="1"))
    assert ([change["number"] for change in page["results"]], page["more"]) == ([first.number], True)
    page = check(hotline.get(CHANGES, after=page["next_after"]))
    assert ([change["number"] for change in page["results"]], page["more"]) == ([second.number], False)
    still = check(hotline.get(CHANGES, after=page["next_after"]))
    assert still == {"results": [], "next_after": page["next_after"], "more": False}
    dispatching.dispatch(first, unit="pipe-network", by=DISPATCHER, at=clock.now())
    settled()
    page = check(hotline.get(CHANGES, after=page["next_after"]))
    assert [(change["external_no"], change["verb"], change["status"]) for change in page["results"]] == [
        ("1", "dispatch", "dispatched")
    ]


def test_a_platform_is_told_of_its_own_tickets_only(committed):
    hotline, bureau = admit("hotline"), admit("bureau")
    send(hotline)
    assert check(bureau.get(CHANGES))["results"] == []


def test_a_feed_never_passes_a_step_still_in_flight(committed, in_flight):
    """The slow writer's row has the lower number but is committed later; a reader in between must not skip it."""
    hotline = admit("hotline")
    ticket = send(hotline, external_no="slow")
    settled()
    seen = check(hotline.get(CHANGES))["next_after"]
    columns = "ticket_id, seq, verb, at, recorded_at, by_role, by_unit, by_name, by_client, status, clock_key, data"
    values = f"{ticket.pk}, 2, 'urge', now(), now(), '', '', '', '', 'registered', '', '{{}}'"
    in_flight(f"INSERT INTO tickets_event ({columns}) VALUES ({values})")
    send(hotline, external_no="quick")
    between = check(hotline.get(CHANGES, after=seen))
    assert between["results"] == []
    in_flight.commit()
    settled()
    after = check(hotline.get(CHANGES, after=between["next_after"]))
    assert [change["external_no"] for change in after["results"]] == ["slow", "quick"]


@pytest.mark.parametrize("after", ["nonsense", "WyJhIl0", "WzEsMl0", "Wy0xXQ", "WzFlOTld"])
def test_a_cursor_that_is_none_of_ours_is_refused(after, committed):
    answer = admit("hotline").get(CHANGES, after=after)
    assert (answer.status_code, code_of(answer), fields_of(answer)) == (400, "invalid", {"after"})


def test_a_page_of_changes_costs_one_statement(committed, statements):
    hotline = admit("hotline")
    send(hotline)
    with statements() as counted:
        check(hotline.get(CHANGES))
    assert len(counted) == 1
