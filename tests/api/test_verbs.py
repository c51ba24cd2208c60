"""What a platform may do to the orders it sent."""

from __future__ import annotations

import pytest

from core import clock
from core.models import IdempotencyKey
from tests.api.conftest import TICKETS, code_of, fields_of
from tests.api.contract import check
from tickets.actions import field_work
from tickets.models import Event
from units.actors import Actor, Role

pytestmark = pytest.mark.django_db

UNIT = "pipe-network"


def test_an_order_is_withdrawn(hotline, ticket_of):
    ticket = ticket_of(unit=UNIT)
    told = check(hotline.post(f"{TICKETS}{ticket.number}/withdrawal", {"reason": "来电人撤诉"}))
    assert told["status"] == "withdrawn"
    assert {clock["verdict"] for clock in told["milestones"]} == {"cancelled"}
    ticket.refresh_from_db()
    assert ticket.status == "withdrawn"


def test_urging_leaves_a_step_and_moves_nothing(hotline, ticket_of):
    ticket = ticket_of(unit=UNIT)
    told = check(hotline.post(f"{TICKETS}{ticket.number}/urge/", {"note": "群众再次来电"}))
    assert told["status"] == "dispatched"
    step = Event.objects.get(ticket=ticket, verb="urge")
    assert (step.by_client, step.data) == ("hotline", {"note": "群众再次来电"})


def test_a_verb_without_a_body_is_taken(hotline, ticket_of):
    ticket = ticket_of()
    headers = hotline.headers(**{"Idempotency-Key": "k"})
    answer = hotline.browser.post(f"{TICKETS}{ticket.number}/urge/", "", content_type="text/plain", headers=headers)
    assert answer.status_code == 200, answer.content


def test_a_supplement_says_something(hotline, ticket_of):
    ticket = ticket_of()
    answer = hotline.post(f"{TICKETS}{ticket.number}/supplement", {})
    assert (answer.status_code, fields_of(answer)) == (400, {"note"})
    check(hotline.post(f"{TICKETS}{ticket.number}/supplement", {"note": "水已漫进车库"}))
    assert Event.objects.get(ticket=ticket, verb="supplement").data == {"note": "水已漫进车库"}


def test_no_personal_data_is_kept_with_a_key(hotline, sign_in, ticket_of):
    ticket = ticket_of(title="张三家门前冒水")
    assert sign_in("dispatcher").post(f"{TICKETS}{ticket.number}/urge", {"note": "急"}).status_code == 200
    for body in IdempotencyKey.objects.values_list("body", flat=True):
        assert not any(word in bytes(body).decode() for word in ("张三", "13812345678", "东湖路12号"))


def test_a_verb_sent_twice_happens_once(hotline, ticket_of):
    ticket = ticket_of()
    answers = [hotline.post(f"{TICKETS}{ticket.number}/urge", {"note": "急"}, key="u") for _time in range(2)]
    assert answers[0].content == answers[1].content
    assert Event.objects.filter(ticket=ticket, verb="urge").count() == 1


@pytest.mark.parametrize("verb", ["urge", "supplement", "withdrawal"])
def test_a_strangers_ticket_is_not_found(bureau, ticket_of, verb):
    ticket = ticket_of()
    answer = bureau.post(f"{TICKETS}{ticket.number}/{verb}", {"note": "x"})
    assert (answer.status_code, code_of(answer)) == (404, "unknown_ref")
    assert check(answer)
    assert Event.objects.filter(ticket=ticket).count() == 1


@pytest.mark.parametrize("verb", ["urge", "supplement", "withdrawal"])
def test_unknown_fields_of_a_verb_are_refused(hotline, ticket_of, verb):
    answer = hotline.post(f"{TICKETS}{ticket_of().number}/{verb}", {"note": "x", "why": "y"})
    assert (answer.status_code, fields_of(answer)) == (400, {"why"})


def test_what_is_resolved_is_not_withdrawn(hotline, ticket_of):
    ticket = ticket_of(unit=UNIT)
    handler = Actor(role=Role.HANDLER, unit=UNIT)
    field_work.accept(ticket, by=handler, at=clock.now())
    field_work.resolve(ticket, by=handler, at=clock.now())
    answer = hotline.post(f"{TICKETS}{ticket.number}/withdrawal", {})
    assert (answer.status_code, code_of(answer)) == (409, "illegal_move")
    assert check(answer)


def test_people_without_the_role_are_refused(sign_in, ticket_of):
    answer = sign_in("handler", UNIT).post(f"{TICKETS}{ticket_of(unit=UNIT).number}/urge", {})
    assert (answer.status_code, code_of(answer)) == (403, "wrong_role")
