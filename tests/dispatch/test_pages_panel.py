"""The desk's panel: the form of a verb beside the list, its answers, and what follows."""

from __future__ import annotations

import json

import pytest

from tests import factories
from tests.dispatch.conftest import NOW, SignIn
from tests.dispatch.test_pages_verbs import CALLBACK, delayed, resolved, returned
from tickets.models import Event, Ticket
from units.actors import Role

PANEL = {"HX-Request": "true", "HX-Target": "panel"}


def test_the_panel_holds_the_form_alone_with_the_suggested_unit_and_its_article(sign_in: SignIn) -> None:
    ticket = factories.reported()
    text = sign_in(Role.DISPATCHER).get(f"/tickets/{ticket.number}/dispatch/", headers=PANEL).text
    assert "<html" not in text
    assert '<option value="pipe-network" selected>' in text
    assert "(Art. 15.2)" in text or "Art. " in text
    assert f'hx-post="/tickets/{ticket.number}/dispatch/"' in text


def test_what_the_panel_sends_is_recorded_and_said(sign_in: SignIn) -> None:
    ticket = factories.reported()
    answer = sign_in(Role.DISPATCHER).post(
        f"/tickets/{ticket.number}/dispatch/", {"unit": "pipe-network"}, headers=PANEL
    )
    assert (answer.status_code, answer.content) == (204, b"")
    assert json.loads(answer["HX-Trigger"])["recorded"]["message"] == f"{ticket.number}: dispatch recorded."
    ticket.refresh_from_db()
    assert (ticket.status, ticket.unit_id) == ("dispatched", "pipe-network")


def test_a_refusal_comes_back_into_the_panel_with_what_was_typed(sign_in: SignIn) -> None:
    ticket = factories.reported()
    typed = {"unit": "water-quality", "note": "ring twice"}
    answer = sign_in(Role.DISPATCHER).post(f"/tickets/{ticket.number}/dispatch/", typed, headers=PANEL)
    assert answer.status_code == 422
    assert "<html" not in answer.text
    assert "Another unit than the suggested one needs a reason." in answer.text
    assert "ring twice" in answer.text


def test_a_ticket_that_moved_on_says_so_in_the_panel(sign_in: SignIn) -> None:
    ticket = factories.dispatched()
    text = sign_in(Role.DISPATCHER).get(f"/tickets/{ticket.number}/dispatch/", headers=PANEL).text
    assert "this can no longer be done" in text
    assert "<form" not in text


@pytest.mark.parametrize(
    ("verb", "before", "role", "said"),
    [("grant_return", returned, Role.DISPATCHER, "not ours"), ("grant_delay", delayed, Role.DUTY_LEADER, "frozen")],
)
def test_the_court_shows_what_was_asked_and_both_answers(
    sign_in: SignIn, verb: str, before: object, role: str, said: str
) -> None:
    ticket: Ticket = before()  # type: ignore[operator]
    client = sign_in(role)
    row = client.get("/desk/", {"tab": "requests"}).text
    assert f'data-court="/tickets/{ticket.number}/{verb}/"' in row
    text = client.get(f"/tickets/{ticket.number}/{verb}/", headers=PANEL).text
    assert said in text
    for answer in (verb, verb.replace("grant", "refuse")):
        assert f'hx-post="/tickets/{ticket.number}/{answer}/"' in text


@pytest.mark.parametrize(
    ("answers", "next_form"),
    [
        ({"reached": "yes", "solved": "yes", "satisfied": "unknown"}, "close"),
        (CALLBACK, "reject"),
        ({"reached": "no", "solved": "unknown", "satisfied": "unknown"}, ""),
    ],
)
def test_after_the_callback_the_check_follows_at_once(sign_in: SignIn, answers: dict[str, str], next_form: str) -> None:
    ticket = resolved()
    client = sign_in(Role.DISPATCHER)
    assert f'data-check="/tickets/{ticket.number}/callback/"' in client.get("/desk/", {"tab": "resolved"}).text
    answer = client.post(f"/tickets/{ticket.number}/callback/", answers, headers=PANEL)
    assert "recorded" in answer["HX-Trigger"]
    assert answer.status_code == (200 if next_form else 204)
    if next_form:
        first = answer.text.index(f'hx-post="/tickets/{ticket.number}/{next_form}/"')
        other = "close" if next_form == "reject" else "reject"
        assert first < answer.text.index(f'hx-post="/tickets/{ticket.number}/{other}/"')
    assert Event.objects.filter(ticket=ticket, verb="callback", at=NOW).count() == 1
