"""Many findings, one reason: all of them are decided, or none is, and the refusal names the one in the way."""

from __future__ import annotations

import pytest
from django.db import transaction

from core.refusals import Refused
from penalties.actions import bulk, months, reviewing
from penalties.models import AssessmentEvent, Finding
from tests import factories
from tests.core.counting import statements
from tests.factories import AFTER_MARCH, APPROVER, ASSESSOR, DISPATCHER, LEADER, MARCH, T0, minutes
from tickets.actions import returning
from tickets.queries.rulebook import rulebook
from units.actors import CENTRE, SYSTEM, Actor

pytestmark = pytest.mark.django_db


def late(count: int) -> list[Finding]:
    """Late acceptances of March, proposed."""
    for place in range(count):
        factories.accepted_late(at=T0 + minutes(place))
    return factories.assessed_march()


def undetermined() -> Finding:
    """A tier nobody held for half of its length."""
    ticket = factories.reported(category="general")
    day = minutes(24 * 60)
    for place, unit in enumerate(("legal", "water-quality", "engineering")):
        at = T0 + place * day
        factories.dispatching.dispatch(ticket, by=DISPATCHER, at=at, unit=unit, reason="as the test wants it")
        handler = factories.handler_of(unit)
        factories.field_work.accept(ticket, by=handler, at=at)
        if unit != "engineering":
            returning.ask(ticket, by=handler, at=at + day / 2, reason="not ours")
            returning.grant(ticket, by=DISPATCHER, at=at + day / 2)
    factories.field_work.resolve(ticket, by=handler, at=T0 + 4 * day)
    return next(row for row in factories.assessed_march() if row.status == "undetermined")


def of_the_centre() -> Finding:
    """A tier the centre let pass."""
    factories.reported(category="general")
    return next(row for row in factories.assessed_march() if row.unit_id == CENTRE)


def decide(*rows: Finding, by: Actor = ASSESSOR, dismiss: bool = False, reason: str = "") -> int:
    return bulk.decide_all([row.pk for row in rows], by=by, at=AFTER_MARCH, reason=reason, dismiss=dismiss)


def refused(*rows: Finding, by: Actor = ASSESSOR, dismiss: bool = False, reason: str = "") -> Refused:
    """The refusal, once nothing is found changed by it."""
    before = state()
    with pytest.raises(Refused) as caught:
        decide(*rows, by=by, dismiss=dismiss, reason=reason)
    assert state() == before
    return caught.value


def state() -> list[tuple[object, ...]]:
    events = AssessmentEvent.objects.order_by("id").values_list("verb", "finding")
    return [*Finding.objects.order_by("id").values_list("id", "status", "amount", "reason"), *events]


def test_all_proposals_are_accepted_as_they_stand() -> None:
    rows = late(3)
    assert decide(*rows, reason="checked") == 3
    for row in Finding.objects.all():
        assert (row.status, row.amount, row.reason, row.decided_by) == ("confirmed", row.proposed, "checked", "Asa")


def test_all_are_dismissed_for_one_reason() -> None:
    assert decide(*late(2), dismiss=True, reason="flood") == 2
    assert set(Finding.objects.values_list("status", "amount", "reason")) == {("dismissed", None, "flood")}


def test_each_finding_and_the_month_keep_the_trace() -> None:
    rows = late(2)
    decide(*rows, reason="checked")
    steps = AssessmentEvent.objects.exclude(verb="propose").order_by("id")
    assert [(step.verb, step.finding) for step in steps] == [
        ("confirm", rows[0].pk),
        ("confirm", rows[1].pk),
        ("bulk_confirm", None),
    ]
    assert steps[2].data == {"count": 2, "reason": "checked"}
    assert (steps[2].month, steps[2].by_name) == ("2026-03", "Asa")


def test_one_decided_meanwhile_stops_all_and_is_named() -> None:
    rows = late(3)
    reviewing.decide(rows[1], by=ASSESSOR, at=AFTER_MARCH)
    why = refused(*rows)
    assert why.code == "illegal_move"
    assert rows[1].ticket is not None
    assert rows[1].ticket.number in str(why.message)
    assert "36.2" in str(why.message)


@pytest.mark.parametrize("reason", ["", "  "])
def test_dismissing_needs_a_reason(reason: str) -> None:
    assert refused(*late(2), dismiss=True, reason=reason).code == "reason_required"


def test_an_undetermined_one_cannot_be_accepted_with_others_but_dismissed() -> None:
    open_one = undetermined()
    others = [row for row in late(2) if row.status == "proposed"]
    why = refused(*others, open_one)
    assert why.code == "invalid"
    assert open_one.ticket is not None
    assert open_one.ticket.number in str(why.message)
    assert decide(*others, open_one, dismiss=True, reason="flood") == len(others) + 1


def test_what_the_centre_missed_is_left_to_the_approver() -> None:
    own = of_the_centre()
    others = [row for row in late(1) if row.unit_id != CENTRE]
    for dismiss in (False, True):
        assert refused(own, *others, dismiss=dismiss, reason="so").code == "wrong_role"
    assert decide(own, *others, by=APPROVER) == 2


@pytest.mark.parametrize("by", [DISPATCHER, LEADER, SYSTEM])
def test_nobody_else_decides(by: Actor) -> None:
    assert refused(*late(1), by=by).code == "wrong_role"


def test_nothing_ticked_and_too_much_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert refused().code == "invalid"
    rows = late(3)
    monkeypatch.setattr(bulk, "LARGEST", 2)
    assert refused(*rows).code == "invalid"
    assert decide(*rows[:2]) == 2


def test_a_finding_that_is_gone_or_hidden_is_not_known() -> None:
    rows = late(1)
    with pytest.raises(Refused, match="unknown_ref"):
        bulk.decide_all([rows[0].pk, rows[0].pk + 999], by=ASSESSOR, at=AFTER_MARCH)
    ticket = factories.dispatched(category="staff_misconduct", unit="discipline")
    factories.field_work.accept(ticket, by=factories.handler_of("discipline"), at=T0 + minutes(21))
    hidden = next(row for row in factories.assessed_march() if row.ticket_id == ticket.pk)
    assert refused(*rows, hidden).code == "unknown_ref"


def test_a_closed_month_is_left_alone() -> None:
    rows = late(1)
    reviewing.decide(rows[0], by=APPROVER, at=AFTER_MARCH)
    months.close(month=MARCH, by=APPROVER, at=AFTER_MARCH)
    assert refused(*rows).code == "month_closed"


def test_what_is_within_reach_is_what_is_not_refused() -> None:
    undetermined()
    of_the_centre()
    late(2)
    for by in (ASSESSOR, APPROVER):
        for dismiss in (False, True):
            for row in Finding.objects.all():
                reachable = Finding.objects.filter(bulk.within_reach(by, dismiss=dismiss), pk=row.pk).exists()
                assert reachable == possible(row, by=by, dismiss=dismiss), (row, by, dismiss)


def possible(row: Finding, *, by: Actor, dismiss: bool) -> bool:
    """Whether the action does it, tried out and taken back."""
    try:
        with transaction.atomic():
            decide(row, by=by, dismiss=dismiss, reason="so")
            transaction.set_rollback(True)
    except Refused:
        return False
    return True


@pytest.mark.parametrize("count", [2, 5])
def test_what_is_chosen_is_read_and_traced_at_once_however_many(count: int) -> None:
    """The rest is deciding, one finding after another."""
    first, *others = late(count + 1)
    rulebook()
    single = len(statements(lambda: reviewing.decide(first, by=ASSESSOR, at=AFTER_MARCH)))
    assert len(statements(lambda: decide(*others))) == single * count + 2
