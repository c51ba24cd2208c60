"""Forms sent by a page's script: a phone with a bad signal sends twice, and it counts once."""

from __future__ import annotations

import pytest

from tests import factories
from tests.dispatch.conftest import NOW, SignIn
from tests.dispatch.test_pages_register import LEAK
from tests.factories import HANDLER, T0, minutes
from tickets.actions import field_work
from tickets.models import Event, Ticket
from units.actors import Role


def test_the_same_form_sent_twice_counts_once_and_is_answered_alike(sign_in: SignIn) -> None:
    ticket = factories.dispatched()
    client = sign_in(Role.HANDLER)
    headers = {"X-Send": "stay", "Idempotency-Key": "a-key"}
    answers = [client.post(f"/tickets/{ticket.number}/accept/", headers=headers) for _time in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert f"{ticket.number}: accept recorded." in answers[0].json()["message"]
    assert "2026-03-02 09:05" in answers[0].json()["message"], "the server's time"
    assert Event.objects.filter(ticket=ticket, verb="accept").count() == 1


def test_a_step_that_may_be_repeated_is_not_by_a_lost_answer(sign_in: SignIn) -> None:
    ticket = field_work.arrive(factories.dispatched(), by=HANDLER, at=T0)
    client = sign_in(Role.HANDLER)
    for key in ("one", "one", "two"):
        client.post(f"/tickets/{ticket.number}/stop_water/", headers={"X-Send": "stay", "Idempotency-Key": key})
    assert Event.objects.filter(ticket=ticket, verb="stop_water").count() == 2


def test_a_double_tap_without_a_key_is_refused_and_changes_nothing(sign_in: SignIn) -> None:
    ticket = factories.dispatched()
    client = sign_in(Role.HANDLER)
    path = f"/tickets/{ticket.number}/accept/"
    assert client.post(path, headers={"X-Send": "stay"}).status_code == 200
    again = client.post(path, headers={"X-Send": "stay"})
    assert again.status_code == 409
    assert again.json()["message"] == "This cannot be done in the ticket's present state."


def test_one_persons_key_says_nothing_about_anothers(sign_in: SignIn) -> None:
    headers = {"X-Send": "stay", "Idempotency-Key": "a-key"}
    for client in (sign_in(Role.HANDLER), sign_in(Role.HANDLER)):
        ticket = factories.dispatched()
        assert client.post(f"/tickets/{ticket.number}/accept/", headers=headers).status_code == 200
    assert Event.objects.filter(verb="accept").count() == 2


def test_a_refusal_names_the_field_and_leaves_the_key_free(sign_in: SignIn) -> None:
    ticket = factories.accepted()
    client = sign_in(Role.HANDLER)
    headers = {"X-Send": "stay", "Idempotency-Key": "a-key"}
    path = f"/tickets/{ticket.number}/declare_delay/"
    empty = client.post(path, {"until": "2026-03-05T12:00"}, headers=headers)
    assert (empty.status_code, list(empty.json()["fields"])) == (422, ["reason"])
    early = client.post(path, {"until": "2026-03-02T10:00", "reason": "frozen"}, headers=headers)
    assert early.status_code == 422
    assert "must lie after the present one" in early.json()["message"]
    assert client.post(path, {"until": "2026-03-05T12:00", "reason": "frozen"}, headers=headers).status_code == 200


def test_another_form_under_the_same_key_is_refused(sign_in: SignIn) -> None:
    ticket = factories.dispatched()
    client = sign_in(Role.HANDLER)
    headers = {"X-Send": "stay", "Idempotency-Key": "a-key"}
    path = f"/tickets/{ticket.number}/assign/"
    assert client.post(path, {"person": "crew 1"}, headers=headers).status_code == 200
    other = client.post(path, {"person": "crew 2"}, headers=headers)
    assert other.status_code == 409
    assert "sent already" in other.json()["message"]
    assert Ticket.objects.get(pk=ticket.pk).assignee == "crew 1"


def test_from_a_page_of_its_own_the_script_learns_where_to_go(sign_in: SignIn) -> None:
    ticket = factories.dispatched()
    answer = sign_in(Role.HANDLER).post(f"/tickets/{ticket.number}/accept/", headers={"X-Send": "go"})
    assert answer.json()["next"] == f"/tickets/{ticket.number}/"


def test_a_report_sent_twice_is_registered_once(sign_in: SignIn) -> None:
    client = sign_in(Role.DISPATCHER)
    typed = LEAK | {"once": "0123456789abcdef"}
    answers = [client.post("/tickets/new/", typed) for _time in range(2)]
    assert Ticket.objects.count() == 1
    assert answers[0]["Location"] == answers[1]["Location"]
    assert client.post("/tickets/new/", typed | {"once": "another"}).status_code == 302
    assert Ticket.objects.count() == 2


CALLER = "13812342317"


@pytest.mark.parametrize(
    ("role", "typed", "shown"),
    [
        (Role.DISPATCHER, CALLER, {"open"}),
        (Role.DISPATCHER, "138 1234 2317", {"open"}),
        (Role.DISPATCHER, "2317", set()),
        (Role.DISPATCHER, "", set()),
        (Role.DUTY_LEADER, CALLER, {"open", "secret"}),
    ],
)
def test_a_callers_live_tickets_appear_while_the_phone_is_typed(
    sign_in: SignIn, role: str, typed: str, shown: set[str]
) -> None:
    tickets = {
        "open": factories.dispatched(reporter_phone=CALLER),
        "secret": factories.reported(reporter_phone=CALLER, confidential=True),
        "other": factories.reported(reporter_phone="13912342317"),
    }
    page = sign_in(role).post("/tickets/new/caller/", {"reporter_phone": typed}).text
    assert {name for name, ticket in tickets.items() if ticket.number in page} == shown


def test_at_most_five_of_a_callers_tickets_are_shown(sign_in: SignIn) -> None:
    for n in range(7):
        factories.reported(at=T0 + minutes(n / 10), reporter_phone=CALLER)
    page = sign_in(Role.DISPATCHER).post("/tickets/new/caller/", {"reporter_phone": CALLER}).text
    assert page.count("<li>") == 5


def test_who_may_not_read_phones_cannot_ask_by_them(sign_in: SignIn) -> None:
    client = sign_in(Role.HANDLER)
    assert client.post("/tickets/new/caller/", {"reporter_phone": CALLER}).status_code == 403
    assert "/tickets/new/caller/" not in client.get("/tickets/new/").text


def test_a_phone_is_kept_as_its_digits(sign_in: SignIn) -> None:
    sign_in(Role.DISPATCHER).post("/tickets/new/", LEAK | {"reporter_phone": "138-1234 2317"})
    assert Ticket.objects.get().reporter.phone == CALLER


def test_a_card_offers_every_step_of_a_repair_and_a_delay_behind_the_tier(sign_in: SignIn) -> None:
    ticket = field_work.arrive(
        factories.dispatched(reporter_name="李建华", reporter_phone=CALLER, address="东湖路12号"), by=HANDLER, at=NOW
    )
    page = sign_in(Role.HANDLER).get("/my/", {"tab": "accepted"}).text
    for verb in ("stop_water", "start_repair", "finish_repair"):
        assert f'action="/tickets/{ticket.number}/{verb}/" data-send="stay"' in page
    for verb in ("resolve", "assign", "declare_delay", "ask_return"):
        assert f'href="/tickets/{ticket.number}/{verb}/" data-sheet="{verb}"' in page
    # The tier ends on 4 March at 9:00; a delay is offered with a day more.
    assert 'data-until="2026-03-05T09:00"' in page
    assert 'href="tel:13812342317"' in page
    assert "138****2317" in page
    assert 'href="geo:0,0?q=%E4%B8%9C%E6%B9%96' in page
