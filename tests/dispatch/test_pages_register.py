"""Registering a report: the form, what it foretells, and what it makes."""

from __future__ import annotations

import re

import pytest

from tests.dispatch.conftest import NOW, SignIn
from tickets.models import Event, Reporter, Ticket
from units.actors import Role

HTMX = {"HX-Request": "true"}
LEAK = {
    "category": "public_pipe_leak",
    "channel": "mayor_hotline",
    "title": "路面冒水",
    "content": "影响通行",
    "address": "东湖路12号",
    "reporter_name": "李建华",
    "reporter_phone": "13812342317",
}


def test_a_report_becomes_a_ticket_and_the_page_leads_to_it(sign_in: SignIn) -> None:
    answer = sign_in(Role.DISPATCHER).post("/tickets/new/", LEAK | {"dn": "300"})
    ticket = Ticket.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/tickets/{ticket.number}/")
    assert ticket.title == LEAK["title"]
    assert ticket.channel == "mayor_hotline"
    assert ticket.facts == {"dn": 300}
    assert ticket.area_id == "east"
    assert ticket.reported_at == NOW
    reporter = Reporter.objects.get(ticket=ticket)
    assert (reporter.name, reporter.phone) == ("李建华", "13812342317")


def test_who_hears_it_first_is_first_contact(sign_in: SignIn) -> None:
    client = sign_in(Role.HANDLER, "office-2")
    answer = client.post("/tickets/new/", LEAK, follow=True)
    ticket = Ticket.objects.get()
    assert ticket.first_contact_id == "office-2"
    assert answer.request["PATH_INFO"] == f"/tickets/{ticket.number}/"
    assert f"Registered as {ticket.number}." in answer.text


def test_misconduct_is_not_shown_to_who_heard_of_it(sign_in: SignIn) -> None:
    client = sign_in(Role.HANDLER, "office-2")
    answer = client.post("/tickets/new/", LEAK | {"category": "staff_misconduct"}, follow=True)
    assert answer.request["PATH_INFO"] == "/my/"
    assert f"Registered as {Ticket.objects.get().number}." in answer.text


@pytest.mark.parametrize(
    ("typed", "status", "message"),
    [
        ({"category": ""}, 422, "This field is required."),
        ({"title": ""}, 422, "This field is required."),
        ({"channel": "pigeon"}, 422, "Select a valid choice."),
        ({"dn": "-3"}, 422, "Ensure this value is greater than or equal to 0."),
        ({"category": "major_emergency", "matter": "public_pipe_burst"}, 422, "only set by hand, with a reason."),
    ],
)
def test_a_refused_report_makes_nothing_and_loses_nothing(
    sign_in: SignIn, typed: dict[str, str], status: int, message: str
) -> None:
    answer = sign_in(Role.DISPATCHER).post("/tickets/new/", LEAK | typed)
    assert answer.status_code == status
    assert message in answer.text
    assert not Ticket.objects.exists()
    assert "影响通行" in answer.text
    assert 'value="东湖路12号"' in answer.text


def test_the_facts_kept_are_those_typed(sign_in: SignIn) -> None:
    typed = LEAK | {"category": "no_water", "buildings": "2", "pressure": "none"}
    sign_in(Role.DISPATCHER).post("/tickets/new/", typed)
    assert Ticket.objects.get().facts == {"buildings": 2, "pressure": "none"}
    paid = LEAK | {"category": "restore_after_arrears", "paid_at": "2026-03-02T09:03", "meter_removed": "no"}
    sign_in(Role.DISPATCHER).post("/tickets/new/", paid)
    facts = Ticket.objects.latest("id").facts
    assert facts == {"paid_at": "2026-03-02T09:03:00+08:00", "meter_removed": False}


def test_an_emergency_by_hand_keeps_its_reason(sign_in: SignIn) -> None:
    typed = LEAK | {"category": "major_emergency", "matter": "public_pipe_burst", "reason": "the road gives way"}
    sign_in(Role.DISPATCHER).post("/tickets/new/", typed)
    ticket = Ticket.objects.get()
    assert ticket.tier == "12h"
    assert Event.objects.get(ticket=ticket).data["reason"] == "the road gives way"


@pytest.mark.parametrize(
    ("typed", "tier", "unit"),
    [
        ({"category": "public_pipe_leak"}, "48 h", "Pipe network management"),
        ({"category": "no_water", "buildings": "5"}, "3 days", "Dispatch centre"),
        ({"category": "no_water", "address": "西山路8号"}, "3 days", "West business office"),
        ({"category": "billing_dispute", "in_warranty": "yes"}, "3 days", "Engineering company"),
        ({"category": "general"}, "3 days", "to be chosen"),
        ({"category": "superior_urgent", "matter": "water_quality"}, "24 h", "Water quality monitoring"),
    ],
)
def test_tier_and_unit_are_told_while_typing(sign_in: SignIn, typed: dict[str, str], tier: str, unit: str) -> None:
    answer = sign_in(Role.DISPATCHER).post("/tickets/new/advice/", LEAK | {"title": ""} | typed, headers=HTMX)
    assert answer.status_code == 200
    assert f">{tier}</span>" in answer.text
    assert unit in answer.text
    assert "This field is required." not in answer.text
    assert not Ticket.objects.exists()


@pytest.mark.parametrize(
    ("category", "matter", "facts"),
    [
        ("", "", ""),
        ("general", "", ""),
        ("no_water", "", "pressure,buildings"),
        ("restore_after_arrears", "", "meter_removed,paid_at"),
        ("manhole_cover", "", "well,dn"),
        ("meter_well_damage", "", "outside_shutoff,dn"),
        ("superior_urgent", "", "matter"),
        ("superior_urgent", "billing_dispute", "matter,in_warranty"),
    ],
)
def test_only_facts_that_decide_something_are_asked(sign_in: SignIn, category: str, matter: str, facts: str) -> None:
    typed = LEAK | {"category": category, "matter": matter}
    page = sign_in(Role.DISPATCHER).post("/tickets/new/advice/", typed, headers=HTMX).text
    found = re.search(r'name="shown" value="([^"]*)"', page)
    assert found
    assert found[1] == facts


def test_questions_that_stay_are_left_alone_while_somebody_types(sign_in: SignIn) -> None:
    client = sign_in(Role.DISPATCHER)
    typed = LEAK | {"category": "no_water", "buildings": "2"}
    new = client.post("/tickets/new/advice/", typed | {"shown": ""}, headers=HTMX)
    same = client.post("/tickets/new/advice/", typed | {"shown": "pressure,buildings"}, headers=HTMX)
    assert "HX-Retarget" not in new
    assert same["HX-Retarget"] == same["HX-Reselect"] == "#follow"
