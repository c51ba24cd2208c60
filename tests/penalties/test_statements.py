"""How many statements an assessment sends: constant in tickets, in misses and in findings."""

from __future__ import annotations

import pytest

from penalties.actions import assessing, months, reviewing
from tests.core.counting import statements
from tests.factories import (
    AFTER_MARCH,
    APPROVER,
    ASSESSOR,
    HANDLER,
    MARCH,
    T0,
    accepted,
    accepted_late,
    assessed_march,
    minutes,
)
from tickets.actions import field_work
from tickets.queries.rulebook import rulebook

#: The lock, the sweep, the rules, two candidate queries, the outcome.
EMPTY_MONTH = 10
#: Misses, findings on record, new findings, evidence and traces, each for all tickets at once.
SOMETHING_MISSED = 6
#: The same where nothing has changed since.
NOTHING_NEW = 3

pytestmark = pytest.mark.django_db


def _in_time(count: int) -> None:
    for place in range(count):
        ticket = accepted(at=T0 + minutes(place), category="general")
        field_work.resolve(ticket, by=HANDLER, at=T0 + minutes(place + 1))


def _late(count: int) -> None:
    for place in range(count):
        accepted_late(at=T0 + minutes(place))


def _assessing() -> list[str]:
    rulebook()
    return statements(lambda: assessing.assess(month=MARCH, by=ASSESSOR, at=AFTER_MARCH))


def test_a_month_without_tickets_costs_the_rules_and_no_more() -> None:
    assert len(_assessing()) <= EMPTY_MONTH


def test_tickets_in_time_cost_nothing() -> None:
    _in_time(5)
    assert len(_assessing()) <= EMPTY_MONTH


@pytest.mark.parametrize("late", [1, 5])
def test_findings_are_written_all_at_once(late: int) -> None:
    _in_time(3)
    _late(late)
    sent = _assessing()
    assert len(sent) <= EMPTY_MONTH + SOMETHING_MISSED, "\n".join(sent)


@pytest.mark.parametrize("late", [1, 5])
def test_an_assessment_again_writes_the_outcome_alone(late: int) -> None:
    _late(late)
    assessed_march()
    sent = _assessing()
    assert len(sent) <= EMPTY_MONTH + NOTHING_NEW, "\n".join(sent)
    assert [sql.split()[1] for sql in sent if sql.startswith(("UPDATE", "DELETE"))] == ['"penalties_assessmentmonth"']


@pytest.mark.parametrize("late", [1, 4])
def test_closing_costs_the_same_for_one_finding_and_for_many(late: int) -> None:
    _late(late)
    for finding in assessed_march():
        reviewing.decide(finding, by=APPROVER, at=AFTER_MARCH)
    rulebook()
    assert len(statements(lambda: months.close(month=MARCH, by=APPROVER, at=AFTER_MARCH))) <= EMPTY_MONTH + 5
