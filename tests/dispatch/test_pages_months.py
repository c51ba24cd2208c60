"""The month pages: assessing, deciding, closing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

import pytest
from django.test import Client

from penalties.models import AssessmentMonth, Finding
from tests import factories
from tests.dispatch.conftest import SignIn
from tests.factories import AFTER_MARCH, minutes
from units.actors import CENTRE, Role

REVIEWERS = [Role.ASSESSOR, Role.APPROVER]
READERS = [Role.LEADER, Role.AUDITOR]
Statements = Callable[[Client, str], list[str]]


@pytest.fixture(autouse=True)
def _april(reading_at: Callable[[datetime], None]) -> None:
    reading_at(AFTER_MARCH)


@pytest.fixture
def finding(db: None) -> Finding:
    """A late acceptance of the pipe network, assessed."""
    factories.accepted_late()
    return factories.assessed_march()[0]


def undetermined() -> Finding:
    """A tier that nobody held for long enough to answer for it alone."""
    ticket = factories.reported(category="general")
    factories.dispatching.dispatch(
        ticket, by=factories.DISPATCHER, at=factories.T0 + minutes(60 * 60), unit="legal", reason="as the test wants it"
    )
    handler = factories.handler_of("legal")
    factories.field_work.accept(ticket, by=handler, at=factories.T0 + minutes(60 * 60))
    factories.field_work.resolve(ticket, by=handler, at=factories.T0 + minutes(60 * 80))
    return next(row for row in factories.assessed_march() if row.status == Finding.Status.UNDETERMINED)


def post(client: Client, finding: Finding, **typed: str) -> tuple[int, str]:
    answer = client.post(f"/findings/{finding.pk}/", typed)
    finding.refresh_from_db()
    return answer.status_code, answer.text


@pytest.mark.parametrize("role", [*REVIEWERS, *READERS])
def test_the_months_stand_newest_first_with_the_running_one(sign_in: SignIn, finding: Finding, role: str) -> None:
    page = sign_in(role).get("/months/").text
    assert page.index("2026-04") < page.index("2026-03")


@pytest.mark.parametrize("role", [*REVIEWERS, *READERS])
def test_a_month_shows_its_findings_with_reason_and_money(sign_in: SignIn, finding: Finding, role: str) -> None:
    page = sign_in(role).get("/months/2026-03/").text
    assert "36.2" in page
    assert "−100.00" in page
    assert "−500.00 … −100.00" in page
    assert finding.ticket is not None
    assert f'href="/tickets/{finding.ticket.number}/"' in page
    assert (">Decide<" in page) == (role in REVIEWERS)
    assert ("close-month" in page or "/close/" in page) == (role == Role.APPROVER)


@pytest.mark.parametrize("path", ["/months/2026-13/", "/months/now/", "/months/2026-05/", "/findings/999999/"])
def test_what_is_no_month_is_not_found(sign_in: SignIn, path: str) -> None:
    assert sign_in(Role.ASSESSOR).get(path).status_code == 404


def test_assessing_proposes_once(sign_in: SignIn) -> None:
    factories.accepted_late()
    client = sign_in(Role.ASSESSOR)
    assert "1 new" in client.post("/months/2026-03/assess/", follow=True).text
    assert "0 new" in client.post("/months/2026-03/assess/", follow=True).text
    assert Finding.objects.count() == 1


@pytest.mark.parametrize("role", READERS)
def test_readers_change_nothing(sign_in: SignIn, finding: Finding, role: str) -> None:
    client = sign_in(role)
    assert client.post("/months/2026-03/assess/").status_code == 403
    assert client.post("/months/2026-03/close/").status_code == 403
    assert post(client, finding, decision="accept")[0] == 403
    assert finding.status == Finding.Status.PROPOSED
    assert "Record the decision" not in client.get(f"/findings/{finding.pk}/").text


def test_accepting_the_proposal(sign_in: SignIn, finding: Finding) -> None:
    assert post(sign_in(Role.ASSESSOR), finding, decision="accept")[0] == 302
    assert (finding.status, finding.amount) == (Finding.Status.CONFIRMED, Decimal("-100.00"))


@pytest.mark.parametrize("amount", ["-200", "-200.00", "−200.00"])
def test_another_amount_with_its_reason(sign_in: SignIn, finding: Finding, amount: str) -> None:
    assert post(sign_in(Role.ASSESSOR), finding, decision="amount", amount=amount, reason="again")[0] == 302
    assert (finding.amount, finding.reason) == (Decimal("-200.00"), "again")


@pytest.mark.parametrize(
    ("typed", "status", "message"),
    [
        ({}, 422, "This field is required."),
        ({"decision": "amount", "reason": "so"}, 422, "Write the amount."),
        ({"decision": "amount", "amount": "a lot", "reason": "so"}, 422, "Write yuan with at most two decimals."),
        ({"decision": "amount", "amount": "-200"}, 422, "Another amount than the proposed one needs a reason."),
        ({"decision": "amount", "amount": "-9999", "reason": "so"}, 422, "The clause allows -500.00 to -100.00 yuan."),
        ({"decision": "dismiss"}, 422, "Dismissing needs a reason."),
    ],
)
def test_a_refused_decision_says_why(
    sign_in: SignIn, finding: Finding, typed: dict[str, str], status: int, message: str
) -> None:
    found, page = post(sign_in(Role.ASSESSOR), finding, **typed)
    assert found == status
    assert message in page
    assert finding.status == Finding.Status.PROPOSED
    if "amount" in typed:
        assert f'value="{typed["amount"]}"' in page


def test_dismissing_with_a_reason(sign_in: SignIn, finding: Finding) -> None:
    assert post(sign_in(Role.APPROVER), finding, decision="dismiss", reason="flood")[0] == 302
    assert (finding.status, finding.reason) == (Finding.Status.DISMISSED, "flood")


def test_deciding_twice_is_refused(sign_in: SignIn, finding: Finding) -> None:
    client = sign_in(Role.ASSESSOR)
    post(client, finding, decision="accept")
    status, page = post(client, finding, decision="dismiss", reason="second thoughts")
    assert status == 409
    assert "The finding has been decided." in page
    assert "second thoughts" in page


def test_an_undetermined_finding_shows_the_shares_and_needs_its_unit(sign_in: SignIn) -> None:
    finding = undetermined()
    client = sign_in(Role.APPROVER)
    page = client.get(f"/findings/{finding.pk}/").text
    assert "Time held" in page
    assert "2 d 12 h" in page
    assert post(client, finding, decision="accept")[0] == 400
    assert post(client, finding, decision="accept", unit="legal")[0] == 302
    assert (finding.status, finding.unit_id) == (Finding.Status.CONFIRMED, "legal")


def test_what_the_centre_missed_is_decided_by_the_approver_alone(sign_in: SignIn) -> None:
    factories.reported(category="general")
    finding = next(row for row in factories.assessed_march() if row.unit_id == CENTRE)
    assessor = sign_in(Role.ASSESSOR)
    page = assessor.get(f"/findings/{finding.pk}/").text
    assert "decided by the approver alone" in page
    assert "Record the decision" not in page
    assert post(assessor, finding, decision="accept")[0] == 403
    assert post(sign_in(Role.APPROVER), finding, decision="accept")[0] == 302


def test_closing_waits_for_every_decision_and_is_for_good(sign_in: SignIn, finding: Finding) -> None:
    approver = sign_in(Role.APPROVER)
    answer = approver.post("/months/2026-03/close/")
    assert answer.status_code == 409
    assert "Findings of the month still await a decision." in answer.text
    assert sign_in(Role.ASSESSOR).post("/months/2026-03/close/").status_code == 403
    post(approver, finding, decision="accept")
    page = approver.post("/months/2026-03/close/", follow=True).text
    assert "The month 2026-03 is closed." in page
    assert AssessmentMonth.objects.get(pk="2026-03").status == "closed"
    assert "/assess/" not in page
    assert post(approver, finding, decision="accept")[0] == 409


def test_a_running_month_is_not_closed(sign_in: SignIn) -> None:
    answer = sign_in(Role.APPROVER).post("/months/2026-04/close/")
    assert answer.status_code == 409
    assert "The month is still running." in answer.text


def test_findings_of_misconduct_are_not_shown_to_those_who_may_not_see_the_ticket(sign_in: SignIn) -> None:
    ticket = factories.dispatched(category="staff_misconduct", unit="discipline")
    factories.field_work.accept(ticket, by=factories.handler_of("discipline"), at=factories.T0 + minutes(21))
    finding = factories.assessed_march()[0]
    client = sign_in(Role.AUDITOR)
    assert ticket.number not in client.get("/months/2026-03/").text
    assert client.get(f"/findings/{finding.pk}/").status_code == 404


def test_a_month_asks_as_much_for_fifty_findings_as_for_one(sign_in: SignIn, statements: Statements) -> None:
    client = sign_in(Role.ASSESSOR)
    factories.accepted_late()
    factories.assessed_march()
    one = statements(client, "/months/2026-03/")
    for n in range(52):
        factories.accepted_late(at=factories.T0 + minutes(n))
    factories.assessed_march()
    fifty = statements(client, "/months/2026-03/")
    assert len(one) == len(fifty) <= 3, fifty
    assert 'id="pager-next"' in client.get("/months/2026-03/").text
