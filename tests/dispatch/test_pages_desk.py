"""The desk and my tickets: order, tabs, pages, refreshing, and what they cost."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from tests import factories
from tests.dispatch.conftest import NOW, SignIn
from tests.factories import HANDLER, T0, minutes
from tickets.actions import delaying, field_work, returning
from tickets.models import Ticket
from units.actors import Role

Statements = Callable[[Client, str], list[str]]


def numbers(page: str) -> list[str]:
    """The tickets a list shows, in order."""
    return re.findall(r'id="number-\d+"[^>]*>(\d{8}-\d{6})<', page)


def test_what_breaks_next_comes_first(sign_in: SignIn) -> None:
    three_days = factories.reported(category="general")
    twenty_minutes = factories.dispatched()
    late = factories.dispatched(at=T0 - minutes(60))
    assert numbers(sign_in(Role.DISPATCHER).get("/desk/").text) == [
        t.number for t in (late, twenty_minutes, three_days)
    ]


@pytest.fixture
def one_of_each() -> dict[str, Ticket]:
    registered = factories.reported()
    soon = factories.dispatched(at=NOW - minutes(15))
    late = factories.dispatched(at=NOW - minutes(25))
    resolved = field_work.resolve(factories.accepted(at=T0 - minutes(60 * 50)), by=HANDLER, at=T0, answer="done")
    returned = returning.ask(factories.dispatched(at=NOW - minutes(25)), by=HANDLER, at=NOW - minutes(20), reason="no")
    handed_in = factories.accepted(at=NOW - minutes(48 * 60 - 30), category="general", unit="legal")
    delayed = delaying.declare(
        handed_in, by=factories.handler_of("legal"), at=NOW, until=NOW + minutes(60 * 60), reason="waiting"
    )
    return {
        "registered": registered,
        "soon": soon,
        "late": late,
        "resolved": resolved,
        "return": returned,
        "delay": delayed,
    }


@pytest.mark.parametrize(
    ("tab", "names"),
    [
        ("all", {"registered", "soon", "late", "resolved", "return", "delay"}),
        ("registered", {"registered"}),
        ("soon", {"soon"}),
        # Handed in late or standing still is not running out.
        ("late", {"late"}),
        ("resolved", {"resolved"}),
        ("requests", {"return", "delay"}),
        ("nonsense", {"registered", "soon", "late", "resolved", "return", "delay"}),
    ],
)
def test_a_tab_holds_its_tickets_and_counts_them(
    sign_in: SignIn, one_of_each: dict[str, Ticket], tab: str, names: set[str]
) -> None:
    page = sign_in(Role.DUTY_LEADER).get("/desk/", {"tab": tab}).text
    assert set(numbers(page)) == {one_of_each[name].number for name in names}
    shown = re.search(rf'id="tab-{tab}".*?<b>(\d+)</b>', page, re.DOTALL)
    assert shown is None or int(shown[1]) == len(names)


def test_a_countdown_says_in_words_how_it_stands(sign_in: SignIn, one_of_each: dict[str, Ticket]) -> None:
    page = sign_in(Role.DUTY_LEADER).get("/desk/").text
    for words in ("05:00 left", "5 min late", "Verdict on hold", "Awaits the check"):
        assert words in page


def test_a_page_holds_fifty_and_leads_to_the_next(sign_in: SignIn) -> None:
    tickets = [factories.reported(category="general", at=T0 + minutes(n // 10)) for n in range(53)]
    client = sign_in(Role.DISPATCHER)
    first = client.get("/desk/").text
    following = re.search(r'id="pager-next"[^>]*href="([^"]+)"', first)
    assert following
    second = client.get("/desk/" + following[1].replace("&amp;", "&")).text
    assert numbers(first) + numbers(second) == [ticket.number for ticket in tickets]
    assert len(numbers(first)) == 50
    assert client.get("/desk/?after=nonsense").status_code == 302


@pytest.mark.parametrize(("role", "path"), [(Role.DISPATCHER, "/desk/"), (Role.HANDLER, "/my/")])
def test_refreshing_swaps_only_what_changed(sign_in: SignIn, role: str, path: str) -> None:
    ticket = factories.dispatched()
    client = sign_in(role)
    seen = re.search(r"seen=([0-9a-f.]+)", client.get(path).text)
    assert seen
    again = {"seen": seen[1]}
    assert client.get(path, again, headers={"HX-Request": "true"}).status_code == 204
    field_work.assign(ticket, by=HANDLER, at=NOW, person="second crew")
    answer = client.get(path, again, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "<html" not in answer.text


def test_buttons_follow_rights(sign_in: SignIn) -> None:
    ticket = factories.reported()
    link = f'href="/tickets/{ticket.number}/dispatch/"'
    assert link in sign_in(Role.DISPATCHER).get("/desk/").text
    assert link not in sign_in(Role.LEADER).get("/desk/").text


def test_only_the_centre_reads_where_somebody_lives(sign_in: SignIn) -> None:
    factories.reported(address="城东区东湖路12号3单元502", title="漏水 13812342317")
    dispatcher, leader = (sign_in(role).get("/desk/").text for role in (Role.DISPATCHER, Role.LEADER))
    assert "3单元502" in dispatcher
    assert "13812342317" in dispatcher
    assert "3单元502" not in leader
    assert "13812342317" not in leader


@pytest.mark.parametrize(("role", "path"), [(Role.DISPATCHER, "/desk/"), (Role.HANDLER, "/my/")])
def test_a_list_asks_as_much_for_fifty_as_for_one(
    sign_in: SignIn, statements: Statements, role: str, path: str
) -> None:
    client = sign_in(role)
    factories.dispatched(reporter_name="Li")
    one = statements(client, path)
    for _ in range(49):
        factories.dispatched(reporter_name="Li")
    fifty = statements(client, path)
    assert len(one) == len(fifty) <= 3, fifty


def test_my_tickets_are_the_units_by_what_is_to_be_done(sign_in: SignIn) -> None:
    waiting, taken = factories.dispatched(), factories.accepted()
    done = field_work.resolve(factories.accepted(), by=HANDLER, at=NOW, answer="done")
    factories.dispatched(unit="water-quality")
    client = sign_in(Role.UNIT_HEAD)
    for tab, ticket in (("dispatched", waiting), ("accepted", taken), ("resolved", done)):
        assert numbers(client.get("/my/", {"tab": tab}).text) == [ticket.number]


def test_misconduct_sent_to_the_wrong_unit_is_not_on_its_list(sign_in: SignIn) -> None:
    ticket = factories.dispatched(category="staff_misconduct", unit="pipe-network")
    assert ticket.number not in sign_in(Role.HANDLER).get("/my/").text
    right = factories.dispatched(category="staff_misconduct", unit="discipline")
    assert numbers(sign_in(Role.HANDLER, "discipline").get("/my/").text) == [right.number]


def test_the_next_step_is_one_tap_away_and_comes_back_to_the_list(sign_in: SignIn) -> None:
    ticket = factories.dispatched()
    client = sign_in(Role.HANDLER)
    action = f"/tickets/{ticket.number}/accept/"
    assert f'action="{action}"' in client.get("/my/").text
    answer = client.post(action, {"next": "/my/?tab=dispatched"})
    assert (answer.status_code, answer["Location"]) == (302, "/my/?tab=dispatched")
    assert f'action="/tickets/{ticket.number}/arrive/"' in client.get("/my/?tab=accepted").text
    outside = client.post(f"/tickets/{ticket.number}/arrive/", {"next": "https://elsewhere.example/"})
    assert outside["Location"] == f"/tickets/{ticket.number}/"


def test_the_caller_of_a_held_ticket_can_be_called(sign_in: SignIn) -> None:
    factories.dispatched(reporter_name="李建华", reporter_phone="13812342317")
    assert 'href="tel:13812342317"' in sign_in(Role.HANDLER).get("/my/").text


def test_a_delay_is_the_duty_leaders_to_decide(sign_in: SignIn, one_of_each: dict[str, Ticket]) -> None:
    number = one_of_each["delay"].number
    link = f'href="/tickets/{number}/grant_delay/"'
    assert link in sign_in(Role.DUTY_LEADER).get("/desk/").text
    assert link not in sign_in(Role.DISPATCHER).get("/desk/").text
