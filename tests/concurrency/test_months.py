"""The month's row is the gate: assessing, deciding and closing go through it one by one."""

from __future__ import annotations

from collections import Counter

import pytest

from penalties.actions import assessing, months, reviewing
from penalties.models import AssessmentMonth, Finding, FindingMiss, LedgerEntry
from tests.concurrency.racing import code, race
from tests.factories import AFTER_MARCH, APPROVER, ASSESSOR, MARCH, T0, accepted_late, assessed_march, minutes

pytestmark = pytest.mark.usefixtures("committed")


def _assess() -> assessing.Outcome:
    return assessing.assess(month=MARCH, by=ASSESSOR, at=AFTER_MARCH)


def _close() -> AssessmentMonth:
    return months.close(month=MARCH, by=APPROVER, at=AFTER_MARCH)


def test_two_assessments_at_once_find_each_matter_once() -> None:
    for place in range(6):
        accepted_late(at=T0 + minutes(place))
    outcomes = race(*[_assess] * 4)
    assert Counter(map(code, outcomes)) == {"done": 4}
    assert sum(outcome.added for outcome in outcomes) == 6
    assert Finding.objects.count() == FindingMiss.objects.count() == 6


def test_a_decision_and_a_closing_at_once_end_in_one_of_two_ways() -> None:
    accepted_late()
    (finding,) = assessed_march()
    decided, closed = race(lambda: reviewing.decide(finding, by=APPROVER, at=AFTER_MARCH), _close)
    assert (code(decided), code(closed)) in {("done", "done"), ("done", "undecided")}
    posted = LedgerEntry.objects.count()
    assert posted == (code(closed) == "done")
    finding.refresh_from_db()
    assert finding.status == "confirmed"


def test_of_many_closings_one_closes() -> None:
    accepted_late()
    (finding,) = assessed_march()
    reviewing.decide(finding, by=APPROVER, at=AFTER_MARCH)
    outcomes = race(*[_close] * 8)
    assert Counter(map(code, outcomes)) == {"done": 1, "month_closed": 7}
    assert LedgerEntry.objects.count() == 1


def test_of_many_decisions_on_one_finding_one_counts() -> None:
    accepted_late()
    (finding,) = assessed_march()
    outcomes = race(*[lambda: reviewing.decide(finding, by=ASSESSOR, at=AFTER_MARCH)] * 8)
    assert Counter(map(code, outcomes)) == {"done": 1, "illegal_move": 7}


def test_an_assessment_beside_a_closing_adds_nothing_to_the_closed_month() -> None:
    accepted_late()
    (finding,) = assessed_march()
    reviewing.decide(finding, by=APPROVER, at=AFTER_MARCH)
    assessed, closed = race(_assess, _close)
    assert code(closed) == "done"
    assert code(assessed) in {"done", "month_closed"}
    assert AssessmentMonth.objects.get().status == "closed"
    assert LedgerEntry.objects.count() == Finding.objects.count() == 1
