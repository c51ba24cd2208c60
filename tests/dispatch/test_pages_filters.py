"""The desk's filters: what they find, for whom, and that they stay in the address."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests import factories
from tests.dispatch.conftest import NOW, SignIn
from tests.dispatch.test_pages_desk import numbers
from tests.factories import DISPATCHER, T0, minutes
from tickets.actions import dispatching, ending
from tickets.models import Ticket
from units.actors import Role

Statements = Callable[[Client, str], list[str]]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def mixed() -> dict[str, Ticket]:
    return {
        "leak": factories.dispatched(at=NOW - minutes(25), channel="phone", reporter_phone="13812342317"),
        "water": factories.dispatched(category="water_quality", unit="water-quality", channel="media"),
        "hidden": factories.reported(category="general", reporter_phone="13900002317", confidential=True),
        "city": factories.reported(category="meter_fault", channel="mayor_hotline", external_no="SZ2026030200001"),
    }


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"unit": "water-quality"}, {"water"}),
        ({"category": "public_pipe_leak"}, {"leak"}),
        ({"tier": "36h"}, {"city"}),
        ({"channel": "media"}, {"water"}),
        ({"unit": "water-quality", "channel": "phone"}, set()),
        ({"tab": "late", "unit": "pipe-network"}, {"leak"}),
        ({"tab": "late", "unit": "water-quality"}, set()),
        ({"q": "SZ2026030200001"}, {"city"}),
        ({"q": " sz2026030200001"}, set()),
        ({"q": "2317"}, {"leak"}),
        ({"q": "138-1234 2317"}, {"leak"}),
        ({"q": "317"}, set()),
        ({"q": "231"}, set()),
        ({"unit": "nowhere"}, set()),
    ],
)
def test_a_filter_finds_its_tickets_and_the_tabs_count_them(
    sign_in: SignIn, mixed: dict[str, Ticket], query: dict[str, str], names: set[str]
) -> None:
    page = sign_in(Role.DISPATCHER).get("/desk/", query).text
    assert set(numbers(page)) == {mixed[name].number for name in names}
    if "tab" not in query:
        assert f'data-tab="all" href="?tab=all&amp;{page_query(query)}"' in page
        assert f"<b>{len(names)}</b></a>" in page


def page_query(query: dict[str, str]) -> str:
    """As the page writes it on, in the order of its fields."""
    from urllib.parse import urlencode

    return urlencode({name: query[name].strip() for name in ("q", "unit", "category", "tier", "channel") if name in query}).replace("&", "&amp;")  # fmt: skip  # noqa: E501


def test_a_number_finds_its_ticket_and_one_that_has_ended_opens(sign_in: SignIn, mixed: dict[str, Ticket]) -> None:
    client = sign_in(Role.DISPATCHER)
    live = mixed["water"].number
    assert numbers(client.get("/desk/", {"q": live}).text) == [live]
    ended = ending.withdraw(mixed["leak"], by=DISPATCHER, at=NOW, reason="by mistake")
    assert client.get("/desk/", {"q": ended.number})["Location"] == f"/tickets/{ended.number}/"
    asked = client.get("/desk/", {"q": ended.number}, headers=HTMX)
    assert asked["HX-Redirect"] == f"/tickets/{ended.number}/"


@pytest.mark.parametrize(
    ("role", "names"),
    [
        (Role.DUTY_LEADER, {"leak", "hidden"}),
        # Who asked not to be known is not found by the phone either.
        (Role.DISPATCHER, {"leak"}),
        (Role.LEADER, set()),
        (Role.AUDITOR, set()),
        (Role.ADMINISTRATOR, set()),
    ],
)
def test_a_phone_is_searched_only_by_those_who_may_read_it(
    sign_in: SignIn, mixed: dict[str, Ticket], role: str, names: set[str]
) -> None:
    found = numbers(sign_in(role).get("/desk/", {"q": "2317"}).text)
    assert set(found) == {mixed[name].number for name in names}


def test_the_filter_goes_on_to_the_next_page_and_into_the_refreshing(sign_in: SignIn) -> None:
    for n in range(52):
        factories.reported(category="general", at=T0 + minutes(n / 100))
    page = sign_in(Role.DISPATCHER).get("/desk/", {"category": "general"}).text
    assert 'href="?tab=all&amp;category=general&amp;after=' in page
    assert 'hx-get="/desk/?tab=all&amp;category=general&amp;after=' in page
    assert 'data-address="/desk/?tab=all&amp;category=general"' in page
    assert '<option value="general" selected>' in page


@pytest.mark.parametrize(
    "query", ["", "?unit=pipe-network", "?category=general&tab=late", "?q=2317", "?tab=requests&channel=phone&tier=48h"]
)
def test_a_filtered_list_asks_no_more_than_three_times(
    sign_in: SignIn, statements: Statements, mixed: dict[str, Ticket], query: str
) -> None:
    client = sign_in(Role.DISPATCHER)
    asked = statements(client, f"/desk/{query}")
    assert len(asked) <= 3, asked
    counted = [sql for sql in asked if "count(" in sql.lower()]
    assert len(counted) == 1, counted
    assert counted[0].count("LIMIT 1000") == 6


def test_the_dispatchers_own_units_tickets_are_a_filter_like_others(sign_in: SignIn) -> None:
    ticket = dispatching.dispatch(
        factories.reported(category="general"), by=DISPATCHER, at=T0, unit="dispatch-centre", reason="ours"
    )
    assert numbers(sign_in(Role.DISPATCHER).get("/desk/", {"unit": "dispatch-centre"}).text) == [ticket.number]
