"""Which unit a matter belongs to: the first route by order whose conditions hold."""

from __future__ import annotations

from datetime import date
from typing import Any

from tickets.routing import OFFICE_OF_AREA, UNIT_OF_MATTER, RouteRow, Suggestion, suggest

DAY = date(2026, 3, 2)


def route(unit: str, *, order: int = 1, category: str = "leak", **changes: Any) -> RouteRow:
    """A route in force for long."""
    plain: dict[str, Any] = {
        "when": {},
        "assist": (),
        "article": "15",
        "valid_from": date(2020, 1, 1),
        "valid_to": None,
    }
    return RouteRow(category=category, order=order, unit=unit, **plain | changes)


def suggested(*rows: RouteRow, category: str = "leak", office: str | None = None, **facts: Any) -> str | None:
    """The unit suggested."""
    found = suggest(rows, category=category, facts=facts, office=office, on=DAY)
    return found.unit if found else None


def test_the_first_by_order_whose_conditions_hold_decides() -> None:
    rows = (route("last", order=3), route("middle", order=2, when={"a": 1}), route("first", order=1, when={"b": 1}))
    assert suggested(*rows) == "last"
    assert suggested(*rows, a=1) == "middle"
    assert suggested(*rows, a=1, b=1) == "first"


def test_another_category_does_not_decide() -> None:
    assert suggested(route("other", category="noise")) is None


def test_a_route_out_of_force_does_not_decide() -> None:
    assert suggested(route("past", valid_to=DAY), route("coming", valid_from=date(2026, 3, 3))) is None
    assert suggested(route("past", valid_to=DAY), route("now", valid_from=DAY)) == "now"


def test_the_office_of_the_area_is_read_from_the_address() -> None:
    assert suggested(route(OFFICE_OF_AREA), office="office-2") == "office-2"


def test_without_an_area_there_is_no_office_and_no_later_route_steps_in() -> None:
    assert suggested(route(OFFICE_OF_AREA), route("later", order=2)) is None


def test_an_urgent_matter_goes_where_its_matter_goes() -> None:
    rows = (route(UNIT_OF_MATTER, category="urgent"), route("pipes"), route("valves", order=0, when={"well": "valve"}))
    assert suggested(*rows, category="urgent", matter="leak") == "pipes"
    assert suggested(*rows, category="urgent", matter="leak", well="valve") == "valves"
    assert (
        suggested(
            route(UNIT_OF_MATTER, category="urgent"),
            route(OFFICE_OF_AREA),
            category="urgent",
            matter="leak",
            office="office-1",
        )
        == "office-1"
    )


def test_a_matter_that_is_not_named_or_is_itself_suggests_nothing() -> None:
    row = route(UNIT_OF_MATTER, category="urgent")
    assert suggested(row, category="urgent") is None
    assert suggested(row, category="urgent", matter="urgent") is None
    assert suggested(row, category="urgent", matter=7) is None
    assert suggested(row, category="urgent", matter="unheard of") is None


def test_a_suggestion_says_who_assists_and_by_which_article() -> None:
    row = route("pipes", assist=["safety"], article="23")
    expected = Suggestion("pipes", ("safety",), "23")
    assert suggest([row], category="leak", facts={}, office=None, on=DAY) == expected
