"""The month's row is the gate: assessing, deciding and closing go through it one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from threading import Thread
from typing import Any

import pytest

from penalties import ledger
from penalties.actions import assessing, months, reviewing
from penalties.models import AssessmentMonth, Finding, FindingMiss, LedgerEntry
from tests.concurrency.racing import PATIENCE, code, holding, race
from tests.factories import (
    AFTER_MARCH,
    APPROVER,
    ASSESSOR,
    HANDLER,
    MARCH,
    T0,
    accepted_late,
    assessed_march,
    dispatched,
    minutes,
)
from tickets.actions import field_work
from tickets.models import Milestone

#: Another limit of that ticket has passed by then.
LATER = AFTER_MARCH + minutes(60)

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


def test_an_assessment_waits_for_whoever_is_writing_a_ticket_that_is_late() -> None:
    """Else what a month holds would depend on who wrote at that moment."""
    ticket = dispatched(category="general")
    outcomes: list[Any] = []
    with holding(ticket) as let_go:
        thread = Thread(target=lambda: outcomes.extend(race(_assess)), daemon=True)
        thread.start()
        thread.join(0.3)
        let_go()
        thread.join(PATIENCE)
    assert [code(outcome) for outcome in outcomes] == ["done"]
    assert set(Finding.objects.values_list("clause_id", flat=True)) == {"36.2", "36.5"}


MEANWHILE = {
    "decides it": lambda finding: reviewing.decide(finding, by=ASSESSOR, at=AFTER_MARCH),
    "assesses that month": lambda _finding: assessing.assess(month=MARCH, by=ASSESSOR, at=LATER),
}


@pytest.mark.parametrize("meanwhile", MEANWHILE.values(), ids=MEANWHILE.keys())
def test_an_assessment_gets_along_with_whoever_is_at_a_finding_of_an_earlier_month(
    monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[[Finding], Any]
) -> None:
    """A later miss joins the undecided finding of the earlier month; neither side may break or wait for ever."""
    at = MARCH.ends_at - minutes(60)
    field_work.accept(dispatched(at=at), by=HANDLER, at=at)
    assessing.assess(month=MARCH, by=ASSESSOR, at=MARCH.ends_at)
    finding = Finding.objects.get()
    outcomes: list[Any] = []
    other = Thread(target=lambda: outcomes.extend(race(lambda: meanwhile(finding))), daemon=True)
    proposals = ledger.proposals

    def with_company(*claims: Any, **keys: Any) -> Any:
        if other.ident is None:
            other.start()
            other.join(0.5)  # it may be through by now, or wait until the assessment has ended
        return proposals(*claims, **keys)

    monkeypatch.setattr(ledger, "proposals", with_company)
    outcomes.extend(race(lambda: assessing.assess(month=MARCH.next(), by=ASSESSOR, at=LATER)))
    other.join(PATIENCE)
    assert [code(outcome) for outcome in outcomes] == ["done", "done"]
    assessing.assess(month=MARCH.next(), by=ASSESSOR, at=LATER)
    assert FindingMiss.objects.count() == Milestone.objects.filter(verdict="late").count() == 2
