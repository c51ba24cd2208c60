"""From claims to findings: what stands together, where it is dated, in which month."""

from __future__ import annotations

from datetime import datetime, timedelta

from core.clock import Month
from penalties.facts import Claim
from penalties.ledger import open_month, proposals
from tests.penalties.misses import DUE, OTHER, UNIT, miss

MARCH, APRIL, MAY = Month(2026, 3), Month(2026, 4), Month(2026, 5)


def claim(
    clause: str = "35.1",
    unit: str | None = UNIT,
    *,
    due: datetime = DUE,
    beside: tuple[str, ...] = (),
    key: str = "2:repair",
) -> Claim:
    """A claim of one clause against one unit."""
    return Claim(clause, unit, miss("repair", due_at=due, key=key), beside)


def never(_month: Month) -> bool:
    """No month is closed."""
    return False


def test_no_claim_no_finding() -> None:
    assert proposals([], is_closed=never) == []


def test_misses_of_one_clause_and_unit_make_one_finding_earliest_first() -> None:
    late, early = claim(due=DUE + timedelta(hours=1)), claim()
    (found,) = proposals([late, early], is_closed=never)
    assert found.claims == (early, late)


def test_at_one_instant_the_key_decides_the_order() -> None:
    second, first = claim(key="2:repair"), claim(key="1:close")
    (found,) = proposals([second, first], is_closed=never)
    assert found.claims == (first, second)


def test_clauses_units_and_the_undetermined_stand_apart() -> None:
    claims = [claim("35.1"), claim("36.2"), claim("35.1", OTHER), claim("35.1", None)]
    found = proposals(claims, is_closed=never)
    assert {(proposal.clause, proposal.unit) for proposal in found} == {
        ("35.1", UNIT),
        ("36.2", UNIT),
        ("35.1", OTHER),
        ("35.1", None),
    }


def test_a_finding_lies_in_the_month_of_its_first_miss() -> None:
    last_of_march = MARCH.ends_at - timedelta(microseconds=1)
    (found,) = proposals([claim(due=MARCH.ends_at), claim(due=last_of_march)], is_closed=never)
    assert found.month == MARCH
    (found,) = proposals([claim(due=MARCH.ends_at)], is_closed=never)
    assert found.month == APRIL


def test_what_belongs_to_a_closed_month_goes_to_the_next_open_one() -> None:
    assert open_month(MARCH, {MARCH, APRIL}.__contains__) == MAY
    assert open_month(MARCH, {APRIL}.__contains__) == MARCH
    (found,) = proposals([claim()], is_closed={MARCH}.__contains__)
    assert found.month == APRIL


def test_other_clauses_are_named_once_in_the_order_met() -> None:
    claims = [claim(beside=("32",)), claim(due=DUE + timedelta(1), beside=("36.10", "32"))]
    (found,) = proposals(claims, is_closed=never)
    assert found.alternatives == ("32", "36.10")
