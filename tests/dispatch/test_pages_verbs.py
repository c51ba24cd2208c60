"""Every verb has a form on the page, and every form does its verb or says why not."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from dispatch.views.acts import ACTS
from tests import factories
from tests.dispatch.conftest import NOW, SignIn
from tests.factories import HANDLER, T0, minutes
from tickets.actions import delaying, field_work, returning
from tickets.models import Event, Ticket
from tickets.moves import MOVES
from units.actors import Role


def on_site() -> Ticket:
    return field_work.arrive(factories.dispatched(), by=HANDLER, at=T0)


def resolved() -> Ticket:
    return field_work.resolve(factories.accepted(), by=HANDLER, at=T0, answer="done")


def returned() -> Ticket:
    return returning.ask(factories.dispatched(), by=HANDLER, at=T0, reason="not ours")


def delayed() -> Ticket:
    return delaying.declare(factories.accepted(), by=HANDLER, at=T0, until=T0 + minutes(4000), reason="frozen")


CALLBACK = {"reached": "yes", "solved": "no", "satisfied": "unknown"}

#: verb → role, the ticket before, what is typed, what the event keeps of it.
JOURNEYS: dict[str, tuple[str, Callable[[], Ticket], dict[str, str], dict[str, Any]]] = {
    "answer": (Role.DISPATCHER, factories.reported, {"note": "told"}, {"note": "told"}),
    "dispatch": (Role.DISPATCHER, factories.reported, {"unit": "pipe-network"}, {"unit": "pipe-network"}),
    "assign": (Role.UNIT_HEAD, factories.dispatched, {"person": "crew 2"}, {"person": "crew 2"}),
    "accept": (Role.HANDLER, factories.dispatched, {}, {}),
    "arrive": (Role.HANDLER, factories.dispatched, {"note": "at the gate"}, {"note": "at the gate"}),
    "stop_water": (Role.HANDLER, on_site, {}, {}),
    "start_repair": (Role.HANDLER, on_site, {}, {}),
    "finish_repair": (Role.HANDLER, on_site, {}, {}),
    "resolve": (Role.HANDLER, factories.accepted, {"answer": "mended"}, {"answer": "mended"}),
    "callback": (
        Role.DISPATCHER,
        resolved,
        CALLBACK,
        {"reached": True, "solved": False, "satisfied": None},
    ),
    "close": (Role.DISPATCHER, resolved, {"reason": "seen by us"}, {"reason": "seen by us"}),
    "reject": (Role.DISPATCHER, resolved, {"reason": "still leaks"}, {"reason": "still leaks"}),
    "ask_return": (Role.HANDLER, factories.dispatched, {"reason": "not ours"}, {"reason": "not ours"}),
    "grant_return": (Role.DISPATCHER, returned, {}, {}),
    "refuse_return": (Role.DISPATCHER, returned, {"reason": "it is"}, {"reason": "it is"}),
    "declare_delay": (
        Role.HANDLER,
        factories.accepted,
        {"until": "2026-03-05T12:00", "reason": "frozen"},
        {"until": "2026-03-05T04:00:00+00:00", "reason": "frozen"},
    ),
    "grant_delay": (
        Role.DUTY_LEADER,
        delayed,
        {"until": "2026-03-04T12:00"},
        {"until": "2026-03-04T04:00:00+00:00"},
    ),
    "refuse_delay": (Role.DUTY_LEADER, delayed, {}, {}),
    "urge": (Role.DISPATCHER, factories.dispatched, {"note": "hurry"}, {"note": "hurry"}),
    "supervise": (Role.DUTY_LEADER, factories.dispatched, {}, {}),
    "supplement": (Role.DISPATCHER, factories.dispatched, {"note": "third floor"}, {"note": "third floor"}),
    "merge": (Role.DISPATCHER, factories.dispatched, {}, {}),
    "withdraw": (Role.DISPATCHER, factories.dispatched, {"reason": "by mistake"}, {"reason": "by mistake"}),
}


def instants(data: dict[str, Any]) -> dict[str, Any]:
    """Event data with its instant in one form."""
    from datetime import UTC, datetime

    until = data.get("until")
    return data | ({"until": datetime.fromisoformat(until).astimezone(UTC).isoformat()} if until else {})


def test_every_move_has_its_form() -> None:
    assert set(ACTS) == set(MOVES) == set(JOURNEYS)


@pytest.mark.parametrize("verb", JOURNEYS)
def test_a_verb_is_offered_and_done(sign_in: SignIn, verb: str) -> None:
    role, before, typed, kept = JOURNEYS[verb]
    target = factories.reported(at=T0 - minutes(1))
    ticket = before()
    client = sign_in(role)
    path = f"/tickets/{ticket.number}/{verb}/"
    assert f'action="{path}"' in client.get(f"/tickets/{ticket.number}/").text
    assert client.get(path).status_code == 200
    if verb == "merge":
        typed, kept = {"into": target.number}, {"into": target.number}
    answer = client.post(path, typed)
    assert (answer.status_code, answer["Location"]) == (302, f"/tickets/{ticket.number}/")
    event = Event.objects.filter(ticket=ticket).latest("seq")
    assert event.verb == verb
    assert kept.items() <= instants(event.data).items()
    assert event.at == NOW
    assert event.by_role == role
    assert event.by_user is not None


@pytest.mark.parametrize("verb", JOURNEYS)
def test_a_verb_that_is_not_allowed_is_neither_offered_nor_done(sign_in: SignIn, verb: str) -> None:
    _role, before, typed, _kept = JOURNEYS[verb]
    ticket = before()
    events = Event.objects.filter(ticket=ticket).count()
    client = sign_in(Role.AUDITOR)
    typed = typed | ({"into": ticket.number} if verb == "merge" else {})
    path = f"/tickets/{ticket.number}/{verb}/"
    assert f'action="{path}"' not in client.get(f"/tickets/{ticket.number}/").text
    answer = client.post(path, typed)
    assert answer.status_code in ({403, 422} if verb == "dispatch" else {403})
    assert Event.objects.filter(ticket=ticket).count() == events


def refused(client: Client, ticket: Ticket, verb: str, typed: dict[str, str]) -> tuple[int, str]:
    """Status and page of a post that changes nothing."""
    events = Event.objects.filter(ticket=ticket).count()
    answer = client.post(f"/tickets/{ticket.number}/{verb}/", typed)
    assert Event.objects.filter(ticket=ticket).count() == events
    return answer.status_code, answer.text


def test_a_refusal_says_why_and_keeps_what_was_typed(sign_in: SignIn) -> None:
    ticket = factories.reported()
    typed = {"unit": "water-quality", "note": "ring twice"}
    status, page = refused(sign_in(Role.DISPATCHER), ticket, "dispatch", typed)
    assert status == 422
    assert "Another unit than the suggested one needs a reason." in page
    assert "ring twice" in page
    assert '<option value="water-quality" selected>' in page


def test_a_ticket_that_moved_on_refuses_and_shows_its_new_state(sign_in: SignIn) -> None:
    ticket = factories.dispatched()
    client = sign_in(Role.HANDLER)
    field_work.accept(ticket, by=HANDLER, at=T0)
    status, page = refused(client, ticket, "accept", {"note": "on our way"})
    assert status == 409
    assert "on our way" in page
    assert 'data-status="accepted"' in page


@pytest.mark.parametrize(
    ("verb", "before", "role", "typed", "status", "message"),
    [
        ("close", resolved, Role.DISPATCHER, {}, 422, "Close after a callback, or say why without."),
        ("merge", factories.dispatched, Role.DISPATCHER, {"into": "1"}, 404, "There is no ticket with this number."),
        (
            "declare_delay",
            factories.accepted,
            Role.HANDLER,
            {"until": "2026-03-02T09:30", "reason": "frozen"},
            422,
            "The new deadline must lie after the present one.",
        ),
        # Required on the page, before the action is asked.
        ("resolve", factories.accepted, Role.HANDLER, {}, 422, "This field is required."),
        ("ask_return", factories.dispatched, Role.HANDLER, {"reason": "  "}, 422, "This field is required."),
        ("callback", resolved, Role.DISPATCHER, {"reached": "yes"}, 422, "This field is required."),
        (
            "declare_delay",
            factories.accepted,
            Role.HANDLER,
            {"until": "soon", "reason": "x"},
            422,
            "Enter a valid date",
        ),
    ],
)
def test_refusals(
    sign_in: SignIn,
    verb: str,
    before: Callable[[], Ticket],
    role: str,
    typed: dict[str, str],
    status: int,
    message: str,
) -> None:
    found, page = refused(sign_in(role), before(), verb, typed)
    assert found == status
    assert message in page


def test_a_verb_nobody_knows_is_not_found(sign_in: SignIn) -> None:
    ticket = factories.dispatched()
    assert sign_in(Role.DUTY_LEADER).post(f"/tickets/{ticket.number}/explode/").status_code == 404


def test_the_suggested_unit_is_chosen_already(sign_in: SignIn) -> None:
    ticket = factories.reported()
    page = sign_in(Role.DISPATCHER).get(f"/tickets/{ticket.number}/").text
    assert '<option value="pipe-network" selected>' in page
    assert "Suggested: Pipe network management (Art. " in page


def test_no_answer_of_a_callback_is_assumed(sign_in: SignIn) -> None:
    page = sign_in(Role.DISPATCHER).get(f"/tickets/{resolved().number}/").text
    assert 'type="radio"' in page
    assert not re.search(r"<input[^>]*\bchecked", page)


def test_granting_what_was_asked_grants_it_to_the_second(sign_in: SignIn) -> None:
    until = T0 + minutes(4000) + minutes(0.5)
    ticket = delaying.declare(factories.accepted(), by=HANDLER, at=T0, until=until, reason="frozen")
    shown = f"{until:%Y-%m-%dT%H:%M}"
    client = sign_in(Role.DUTY_LEADER)
    assert f'value="{shown}"' in client.get(f"/tickets/{ticket.number}/grant_delay/").text
    client.post(f"/tickets/{ticket.number}/grant_delay/", {"until": shown})
    ticket.refresh_from_db()
    assert factories.milestone(ticket, "close").due_at == until
