"""Which limit applies: by day, category and facts."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tickets.limits import LimitRow, in_force, matches, pick

DAY = date(2026, 3, 2)


def limit(milestone: str = "close", **changes: Any) -> LimitRow:
    """A limit of every category, in force for long."""
    plain: dict[str, Any] = {
        "category": "",
        "starts": "report",
        "minutes": 60,
        "tier": "",
        "when": {},
        "article": "16",
        "valid_from": date(2020, 1, 1),
        "valid_to": None,
    }
    return LimitRow(milestone=milestone, **plain | changes)


def picked(*rows: LimitRow, category: str = "leak", on: date = DAY, **facts: Any) -> list[LimitRow]:
    """What is picked at the report."""
    return pick(rows, category=category, starts=frozenset({"report"}), facts=facts, on=on)


@pytest.mark.parametrize(
    ("on", "holds"),
    [(date(2026, 2, 28), False), (date(2026, 3, 1), True), (date(2026, 3, 31), True), (date(2026, 4, 1), False)],
)
def test_a_rule_holds_from_its_first_day_up_to_its_end(on: date, holds: bool) -> None:
    assert in_force(limit(valid_from=date(2026, 3, 1), valid_to=date(2026, 4, 1)), on) is holds


def test_without_an_end_it_holds_on() -> None:
    assert in_force(limit(), date(2999, 1, 1))


@pytest.mark.parametrize(
    ("when", "facts", "holds"),
    [
        ({}, {}, True),
        ({}, {"in_warranty": True}, True),
        ({"in_warranty": True}, {"in_warranty": True}, True),
        ({"in_warranty": True}, {"in_warranty": False}, False),
        ({"in_warranty": False}, {"in_warranty": False}, True),
        ({"in_warranty": False}, {}, False),
        ({"in_warranty": True}, {"in_warranty": 1}, False),
        ({"buildings": 1}, {"buildings": True}, False),
        ({"well": "valve"}, {"well": "valve"}, True),
        ({"well": "valve"}, {"well": "meter"}, False),
        ({"buildings": {"min": 4}}, {"buildings": 4}, True),
        ({"buildings": {"min": 4}}, {"buildings": 3}, False),
        ({"buildings": {"max": 3}}, {"buildings": 3}, True),
        ({"buildings": {"max": 3}}, {"buildings": 4}, False),
        ({"buildings": {"min": 1, "max": 3}}, {"buildings": 0}, False),
        ({"buildings": {"min": 1}}, {}, False),
        ({"buildings": {"min": 0}}, {"buildings": False}, False),
        ({"buildings": {"min": 1}}, {"buildings": "4"}, False),
        ({"pressure": "none", "buildings": {"max": 3}}, {"pressure": "none", "buildings": 2}, True),
        ({"pressure": "none", "buildings": {"max": 3}}, {"pressure": "low", "buildings": 2}, False),
    ],
)
def test_a_condition_holds_on_known_facts_only(when: dict[str, Any], facts: dict[str, Any], holds: bool) -> None:
    assert matches(when, facts) is holds


def test_one_limit_a_milestone() -> None:
    close, on_site = limit("close"), limit("on_site")
    assert picked(close, on_site) == [close, on_site]


def test_the_category_goes_before_every_category() -> None:
    own = limit(category="leak", minutes=1)
    assert picked(own, limit(minutes=2)) == [own]
    assert picked(limit(minutes=2), own) == [own]
    assert picked(limit(category="other", minutes=3), own) == [own]


def test_the_most_conditions_that_hold_go_first() -> None:
    plain, one = limit(minutes=1), limit(minutes=2, when={"a": 1})
    two = limit(minutes=3, when={"a": 1, "b": 2})
    assert picked(plain, one, two, a=1, b=2) == [two]
    assert picked(plain, one, two, a=1) == [one]
    assert picked(plain, one, two) == [plain]


def test_the_category_goes_before_conditions() -> None:
    own = limit(category="leak")
    assert picked(own, limit(when={"a": 1}), a=1) == [own]


def test_the_rule_of_the_day_is_taken() -> None:
    old = limit(minutes=1, valid_to=date(2026, 3, 2))
    new = limit(minutes=2, valid_from=date(2026, 3, 2))
    assert picked(old, new, on=date(2026, 3, 1)) == [old]
    assert picked(old, new, on=date(2026, 3, 2)) == [new]


def test_where_two_hold_the_later_one_is_taken() -> None:
    old, new = limit(minutes=1), limit(minutes=2, valid_from=date(2026, 1, 1))
    assert picked(new, old) == picked(old, new) == [new]


def test_a_limit_of_another_start_is_not_taken() -> None:
    assert picked(limit(starts="dispatch")) == []


def test_a_clock_names_article_and_version() -> None:
    assert limit(article="16.3", valid_from=date(2026, 1, 1)).rule == "Art. 16.3 @ 2026-01-01"
