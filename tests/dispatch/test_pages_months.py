"""The month review: groups, evidence, decisions one by one and many at once, closing."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.http import HttpResponse
from django.test import Client

from dispatch.queries import month_groups
from penalties.actions import reviewing
from penalties.models import AssessmentEvent, AssessmentMonth, Finding, LedgerEntry, Reading
from tests import factories
from tests.dispatch.conftest import SignIn
from tests.factories import AFTER_MARCH, minutes
from units.actors import CENTRE, Actor, Role

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
    assert ("close the month" in page) == (role == Role.APPROVER)
    assert f'href="/findings/{finding.pk}/?' in page


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
    assert "Confirm: close for good" in approver.get("/months/2026-03/close/").text
    page = approver.post("/months/2026-03/close/", follow=True).text
    assert "The month 2026-03 is closed." in page
    assert "Closed by 张ap on 2026-04-02 00:00" in page
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


VIEWS = ["?by=unit", "?by=clause", "?by=person", "?by=unit&group=pipe-network&tab=undecided", "?by=clause&group=36.2"]


@pytest.mark.parametrize("view", VIEWS)
def test_a_month_asks_as_much_for_fifty_findings_as_for_one(sign_in: SignIn, statements: Statements, view: str) -> None:
    client = sign_in(Role.ASSESSOR)
    factories.accepted_late()
    factories.assessed_march()
    one = statements(client, f"/months/2026-03/{view}")
    for n in range(52):
        factories.accepted_late(at=factories.T0 + minutes(n))
    factories.assessed_march()
    fifty = statements(client, f"/months/2026-03/{view}")
    assert len(one) == len(fifty) <= 4, fifty
    assert ('id="pager-next"' in client.get(f"/months/2026-03/{view}").text) == ("person" not in view)


@pytest.mark.parametrize("path", ["/findings/{pk}/", "/months/2026-03/close/", "/months/"])
def test_the_other_pages_do_not_grow_with_the_month_either(
    sign_in: SignIn, statements: Statements, finding: Finding, path: str
) -> None:
    client = sign_in(Role.APPROVER)
    one = statements(client, path.format(pk=finding.pk))
    for n in range(5):
        factories.accepted_late(at=factories.T0 + minutes(n))
    factories.assessed_march()
    more = statements(client, path.format(pk=finding.pk))
    assert len(one) == len(more) <= 9, more


def test_pages_follow_each_other_without_gap_or_repetition(sign_in: SignIn) -> None:
    for n in range(53):
        factories.accepted_late(at=factories.T0 + minutes(n // 3))  # several at one instant
    expected = [row.pk for row in factories.assessed_march()]
    client, seen, path = sign_in(Role.ASSESSOR), [], "/months/2026-03/?by=clause&group=36.2"
    while path:
        page = client.get(path).text
        seen += [int(pk) for pk in re.findall(r'id="finding-(\d+)"', page)]
        following = re.search(r'id="pager-next"[^>]* href="([^"]*)"', page)
        path = "/months/2026-03/" + html.unescape(following[1]) if following else ""
    assert seen == expected


@pytest.mark.parametrize(
    "query",
    [
        "after=x",
        "after=2026-03-01T00:00:00~1",
        "after=2026-03-01T00:00:00%2B08:00~" + "9" * 30,
        "by=person&group=%00~%00&groups=%00~%00",
        "by=day&tab=odd&group=%F0%9F%98%80",
    ],
)
def test_an_address_that_says_nonsense_breaks_nothing(sign_in: SignIn, finding: Finding, query: str) -> None:
    client = sign_in(Role.APPROVER)
    assert client.get(f"/months/2026-03/?{query}", follow=True).status_code == 200
    assert client.get(f"/findings/{finding.pk}/?{query}").status_code == 200
    assert client.get(f"/months/2026-03/work/?{query}").status_code == 302
    assert bulk(client, query=f"?{query}", decision="accept").status_code in {302, 400}


def two_units() -> list[Finding]:
    """Two late acceptances of the pipe network and one of meter replacement."""
    factories.accepted_late()
    factories.accepted_late(at=factories.T0 + minutes(1))
    factories.accepted_late(at=factories.T0 + minutes(2), unit="meter-replacement")
    return factories.assessed_march()


def text_of(page: str, pattern: str) -> list[str]:
    """The words within each match, one blank between them."""
    return [" ".join(re.sub(r"<[^>]*>", " ", found).split()) for found in re.findall(pattern, page, re.DOTALL)]


def groups_of(page: str) -> list[str]:
    return text_of(page, r'<a href="\?by=[^"]*"[^>]*>\s*(<span class="group-name".*?)</a>')


def test_groups_count_and_sum_what_belongs_to_them(sign_in: SignIn) -> None:
    first, *_others = two_units()
    reviewing.decide(first, by=factories.ASSESSOR, at=AFTER_MARCH)
    client = sign_in(Role.ASSESSOR)
    assert groups_of(client.get("/months/2026-03/").text) == [
        "All units 2 / 3 −100.00",
        "Meter replacement 1 / 1 0.00",
        "Pipe network management 1 / 2 −100.00",
    ]
    assert groups_of(client.get("/months/2026-03/?by=clause").text) == [
        "All clauses 2 / 3 −100.00",
        "36.2 Late acceptance 2 / 3 −100.00",
    ]


def test_a_group_and_a_status_narrow_the_list(sign_in: SignIn) -> None:
    rows = two_units()
    reviewing.decide(rows[0], by=factories.ASSESSOR, at=AFTER_MARCH)
    client = sign_in(Role.AUDITOR)

    def listed(query: str) -> list[int]:
        return [int(pk) for pk in re.findall(r'id="finding-(\d+)"', client.get(f"/months/2026-03/?{query}").text)]

    assert listed("group=pipe-network") == [rows[0].pk, rows[1].pk]
    assert listed("group=pipe-network&tab=undecided") == [rows[1].pk]
    assert listed("group=pipe-network&tab=confirmed") == [rows[0].pk]
    assert listed("by=clause&group=36.2&tab=undecided") == [rows[1].pk, rows[2].pk]
    assert listed("by=person") == []
    assert listed("group=nobody") == []


def rewarded(finding: Finding, person: str, unit: str | None = "office-1") -> Finding:
    """A reward of a person beside a finding of a unit."""
    reading = Reading.objects.get(clause="29.1")
    columns = {"low": 100, "high": 200, "proposed": 100, "clause_id": "29.1", "reading": reading, "ticket": None}
    values = {name: getattr(finding, name) for name in ("month_id", "occurred_at", "status", "sentence")}
    return Finding.objects.create(person=person, of_unit_id=unit, misses=[], **(values | columns))


def test_persons_are_grouped_by_name_and_unit_and_their_money_is_not_the_units(
    sign_in: SignIn, finding: Finding
) -> None:
    for unit in ("office-1", "office-1", "office-2", None):
        rewarded(finding, "李明", unit)
    client = sign_in(Role.APPROVER)
    assert groups_of(client.get("/months/2026-03/?by=person").text) == [
        "All persons 4 / 4 0.00",
        "李明 1 / 1 0.00",
        "李明 (East business office) 2 / 2 0.00",
        "李明 (West business office) 1 / 1 0.00",
    ]
    page = client.get("/months/2026-03/", {"by": "person", "group": "office-1~李明"}).text
    assert len(re.findall(r'id="finding-\d+"', page)) == 2
    assert "Persons 4 / 4 0.00" in groups_of(client.get("/months/2026-03/").text)
    for group, count in (("~persons", 4), ("~unnamed", 0)):
        assert len(re.findall(r'id="finding-\d+"', client.get("/months/2026-03/", {"group": group}).text)) == count


def test_a_past_month_that_was_not_assessed_is_not_running(sign_in: SignIn) -> None:
    client = sign_in(Role.LEADER, language="zh-hans")
    for path in ("/months/", "/months/2026-03/", "/months/2026-03/close/"):
        assert "待考核" in client.get(path).text
    assert "进行中" not in client.get("/months/2026-03/").text
    factories.assessed_march()
    assert "审核中" in client.get("/months/2026-03/").text
    assert "进行中" in client.get("/months/2026-04/").text


def test_the_months_tell_what_is_open_and_what_was_posted(sign_in: SignIn, finding: Finding) -> None:
    client = sign_in(Role.LEADER)
    march = r"<tr>((?:(?!</tr>).)*2026-03(?:(?!</tr>).)*)</tr>"
    assert text_of(client.get("/months/").text, march)[0].startswith("2026-03 under review 1 1 0.00")
    factories.closed_march()
    assert text_of(client.get("/months/").text, march)[0].startswith("2026-03 closed 1 0 −100.00")


def test_the_evidence_is_the_clocks_the_words_and_the_trace(sign_in: SignIn, finding: Finding) -> None:
    client = sign_in(Role.ASSESSOR)
    page = client.get(f"/findings/{finding.pk}/").text
    basis = text_of(page, r"<tr data-counts>(.*?)</tr>")
    assert len(basis) == 1
    assert "acceptance basis Pipe network management 03-02 09:00:00 20 min 03-02 09:20:00 03-02 09:21:00" in basis[0]
    assert "Art. 9" in basis[0]
    assert html.escape(finding.sentence) in page
    assert "责令限期完成" in page  # the measure of the clause
    assert "assessor Asa proposed −100.00 yuan" in page
    post(client, finding, decision="amount", amount="-200", reason="again")
    page = client.get(f"/findings/{finding.pk}/").text
    assert "confirmed −200.00 yuan for Pipe network management" in page
    assert text_of(page, r'<li data-verb="confirm">(.*?)</li>')[0].endswith("Reason again")


def test_shares_are_a_bar_with_numbers_and_the_measure(sign_in: SignIn) -> None:
    finding = undetermined()
    page = sign_in(Role.ASSESSOR).get(f"/findings/{finding.pk}/").text
    widths = [int(width) for width in re.findall(r'<rect[^>]* width="(\d+)"', page)]
    assert sum(widths) == 1000
    assert len(widths) == 2
    assert text_of(page, r'<ul class="share-list">(.*?)</ul>') == [
        "Dispatch centre 2 d 12 h 83% answers by itself Legal office 12 h 0 min 17%"
    ]
    assert "Who held the matter for 1 d 12 h or longer" in page


def test_after_a_decision_the_next_undecided_one_of_the_group_opens(sign_in: SignIn) -> None:
    rows = two_units()
    client = sign_in(Role.ASSESSOR)
    scope = "?by=unit&group=pipe-network&tab=undecided"
    assert client.get(f"/months/2026-03/work/{scope}")["Location"] == f"/findings/{rows[0].pk}/{scope}"
    answer = client.post(f"/findings/{rows[1].pk}/{scope}", {"decision": "accept"})
    assert answer["Location"] == f"/findings/{rows[0].pk}/{scope}"  # none follows: from the beginning again
    answer = client.post(f"/findings/{rows[0].pk}/{scope}", {"decision": "accept"})
    assert answer["Location"] == f"/months/2026-03/{scope}"
    assert client.get(f"/months/2026-03/work/{scope}")["Location"] == f"/months/2026-03/{scope}"
    assert Finding.objects.get(pk=rows[2].pk).status == Finding.Status.PROPOSED


def test_the_way_leads_on_and_back_within_what_is_looked_at(sign_in: SignIn) -> None:
    rows = two_units()
    client = sign_in(Role.LEADER)

    def way(row: Finding, scope: str) -> tuple[str, str]:
        page = client.get(f"/findings/{row.pk}/{scope}").text
        found = [re.search(rf'id="{name}-finding"[^>]*href="/findings/(\d+)/', page) for name in ("previous", "next")]
        return tuple(match[1] if match else "" for match in found)

    first, _second, third = (str(row.pk) for row in rows)
    assert way(rows[1], "") == (first, third)
    assert way(rows[1], "?group=pipe-network") == (first, "")
    assert way(rows[0], "?by=clause&group=36.2&tab=confirmed") == ("", "")


def test_an_assessor_is_not_led_to_what_the_centre_missed(sign_in: SignIn) -> None:
    factories.reported(category="general")
    factories.assessed_march()
    assert "/findings/" not in sign_in(Role.ASSESSOR).get("/months/2026-03/work/")["Location"]
    assert "/findings/" in sign_in(Role.APPROVER).get("/months/2026-03/work/")["Location"]


def bulk(client: Client, *rows: Finding, query: str = "", **typed: str) -> HttpResponse:
    return client.post(f"/months/2026-03/decide/{query}", {"finding": [row.pk for row in rows], **typed})


def statuses() -> list[str]:
    return list(Finding.objects.order_by("occurred_at", "id").values_list("status", flat=True))


def test_what_is_ticked_is_accepted_or_dismissed_for_one_reason(sign_in: SignIn) -> None:
    rows = two_units()
    client = sign_in(Role.ASSESSOR)
    answer = bulk(client, rows[0], rows[2], decision="accept", query="?by=clause&tab=undecided")
    assert answer["Location"] == "/months/2026-03/?by=clause&tab=undecided"
    assert "2 findings accepted." in client.get(answer["Location"]).text
    assert bulk(client, rows[1], decision="dismiss", reason="flood").status_code == 302
    assert statuses() == ["confirmed", "dismissed", "confirmed"]
    assert Finding.objects.get(pk=rows[1].pk).reason == "flood"


def test_a_refused_bulk_changes_nothing_and_keeps_what_was_typed(sign_in: SignIn) -> None:
    rows = two_units()
    client = sign_in(Role.ASSESSOR)
    for ticked, typed, status, message in (
        ([], {"decision": "accept"}, 400, "Choose at least one finding."),
        (rows, {"decision": "dismiss"}, 422, "Dismissing needs a reason."),
        (rows, {"decision": "amount", "reason": "typed words"}, 422, "typed words"),
    ):
        answer = bulk(client, *ticked, **typed)
        assert answer.status_code == status, typed
        assert message in answer.text
        assert answer.text.count("checked") == len(ticked)
    reviewing.decide(rows[1], by=factories.ASSESSOR, at=AFTER_MARCH)
    answer = bulk(client, *rows, decision="dismiss", reason="typed words")
    assert answer.status_code == 409
    assert rows[1].ticket is not None
    assert f"{rows[1].ticket.number}: The finding has been decided." in answer.text
    assert "typed words" in answer.text
    assert statuses() == ["proposed", "confirmed", "proposed"]


def test_the_whole_group_is_decided_as_it_was_offered(sign_in: SignIn) -> None:
    two_units()
    client = sign_in(Role.ASSESSOR)
    query = "?by=unit&group=pipe-network"
    assert "The whole group: 2 to accept, 2 to dismiss" in client.get(f"/months/2026-03/{query}").text
    stale = bulk(client, query=query, decision="accept", whole="on", acceptable="1")
    assert stale.status_code == 409
    assert "The group has changed meanwhile." in stale.text
    assert bulk(client, query=query, decision="accept", whole="on", acceptable="2").status_code == 302
    assert statuses() == ["confirmed", "confirmed", "proposed"]


def test_a_group_leaves_the_centres_own_to_the_approver_and_the_undetermined_to_a_closer_look(
    sign_in: SignIn,
) -> None:
    undetermined()
    factories.reported(category="general")
    factories.accepted_late()
    factories.assessed_march()
    page = sign_in(Role.ASSESSOR).get("/months/2026-03/").text
    assert "The whole group: 1 to accept, 2 to dismiss" in page
    assert page.count('name="finding"') == 2
    assert "The whole group: 2 to accept, 3 to dismiss" in sign_in(Role.APPROVER).get("/months/2026-03/").text


@pytest.mark.parametrize("role", READERS)
def test_readers_are_offered_no_decision(sign_in: SignIn, finding: Finding, role: str) -> None:
    client = sign_in(role)
    page = client.get("/months/2026-03/").text
    assert "/decide/" not in page
    assert 'type="checkbox"' not in page
    assert bulk(client, finding, decision="accept").status_code == 403
    assert client.get("/months/2026-03/work/").status_code == 403


def test_the_summary_tells_what_closing_posts(sign_in: SignIn) -> None:
    rows = two_units()
    for row in rows[:2]:
        reviewing.decide(row, by=factories.ASSESSOR, at=AFTER_MARCH)
    approver = sign_in(Role.APPROVER)
    page = approver.get("/months/2026-03/close/").text
    assert "Confirm: close for good" not in page
    reviewing.decide(rows[2], by=factories.ASSESSOR, at=AFTER_MARCH, dismiss=True, reason="flood")
    page = approver.get("/months/2026-03/close/").text
    assert text_of(page, r"<tbody>(.*?)</tbody>") == [
        "Meter replacement 0 1 0.00 0.00 0.00 Pipe network management 2 0 0.00 −200.00 −200.00"
    ]
    assert text_of(page, r"<tfoot>(.*?)</tfoot>") == ["Total 2 1 0.00 −200.00 −200.00"]
    assert "Confirm: close for good" not in sign_in(Role.ASSESSOR).get("/months/2026-03/close/").text
    answer = approver.post("/months/2026-03/close/", {"seen": "2~0~-200.00"})
    assert answer.status_code == 409
    assert "The sums have changed since you looked." in answer.text
    assert approver.post("/months/2026-03/close/", {"seen": "2~1~-200.00"}).status_code == 302
    assert sum(entry.amount for entry in LedgerEntry.objects.all()) == Decimal("-200.00")


def test_what_is_closed_is_only_read(sign_in: SignIn, finding: Finding) -> None:
    factories.closed_march()
    client = sign_in(Role.APPROVER)
    for path in ("/months/2026-03/", "/months/2026-03/close/", f"/findings/{finding.pk}/"):
        page = client.get(path).text
        assert "Closed by Ada on" in page
        main = page.split("<main", 1)[1]
        assert "<form" not in main
    page = client.get("/months/2026-03/close/").text
    assert "approver Ada closed the month: 1 ledger entries, −100.00 yuan" in page


def test_confidential_findings_that_hold_up_the_closing_are_counted_not_shown(sign_in: SignIn) -> None:
    ticket = factories.dispatched(category="staff_misconduct", unit="discipline")
    factories.field_work.accept(ticket, by=factories.handler_of("discipline"), at=factories.T0 + minutes(21))
    factories.field_work.resolve(ticket, by=factories.handler_of("discipline"), at=factories.T0 + minutes(22))
    factories.assessed_march()
    page = sign_in(Role.ASSESSOR).get("/months/2026-03/close/").text
    assert "1 undecided finding is confidential; the approver decides it." in page
    assert ticket.number not in page


def test_the_approver_decides_confidential_findings_without_reading_the_case(sign_in: SignIn) -> None:
    ticket = factories.dispatched(category="staff_misconduct", unit="discipline", title="A clerk took favours")
    factories.field_work.accept(ticket, by=factories.handler_of("discipline"), at=factories.T0 + minutes(21))
    factories.field_work.resolve(ticket, by=factories.handler_of("discipline"), at=factories.T0 + minutes(22))
    factories.assessed_march()
    client = sign_in(Role.APPROVER)
    finding = Finding.objects.get(ticket=ticket)
    page = client.get(f"/findings/{finding.pk}/").text
    assert 'name="decision"' in page
    assert "A clerk took favours" not in page
    assert client.get(f"/tickets/{ticket.number}/").status_code == 404
    assert f"/tickets/{ticket.number}/" not in page + client.get("/months/2026-03/").text


def test_a_reason_longer_than_the_record_takes_is_told(sign_in: SignIn, finding: Finding) -> None:
    status, page = post(sign_in(Role.ASSESSOR), finding, decision="dismiss", reason="长" * 501)
    assert status == 422
    assert "500" in page


PLANS = {
    "a page of a month": (
        lambda actor: month_groups.Scope("2026-03").findings(actor).order_by("occurred_at", "id")[:50],
        "finding_of_month_by_time",
    ),
    "the way on from a finding": (
        lambda actor: (
            month_groups.Scope("2026-03")
            .findings(actor)
            .filter(month_groups.behind(AFTER_MARCH, 1))
            .order_by("occurred_at", "id")[:1]
        ),
        "finding_of_month_by_time",
    ),
    "the trace of a finding": (
        lambda actor: AssessmentEvent.objects.filter(finding=1).order_by("id"),
        "assessment_event_of_finding",
    ),
    "the steps of a month": (
        lambda actor: AssessmentEvent.objects.filter(month="2026-03", finding=None).order_by("-id")[:20],
        "assessment_event_of_whole",
    ),
}


@pytest.mark.parametrize(("rows", "index"), PLANS.values(), ids=PLANS.keys())
def test_what_grows_with_the_month_is_read_along_an_index(
    finding: Finding, rows: Callable[[Actor], QuerySet[Any]], index: str
) -> None:
    """A small table is rather read whole and sorted; forbidden to, the planner shows whether there is another way."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
    plan = rows(factories.ASSESSOR).explain()
    assert index in plan, plan
    assert "Sort" not in plan, plan
