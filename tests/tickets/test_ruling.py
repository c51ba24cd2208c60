"""Changing the rules: for administrators, on somebody's word, for days to come; what has held stays as it was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from core.clock import SHANGHAI
from core.refusals import Refused
from tests.factories import APPROVER, ASSESSOR, DISPATCHER, LEADER
from tickets.actions import ruling
from tickets.models import Limit, Parameter
from units.actors import SYSTEM, Actor, Role

ADMINISTRATOR = Actor(role=Role.ADMINISTRATOR, name="Adam")
AT = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)
LATER = date(2026, 4, 1)

pytestmark = pytest.mark.django_db


def row(first: date = LATER, **more: object) -> Limit:
    """A shorter acceptance, not saved."""
    plain = {"category": "", "milestone": "accept", "starts": "dispatch", "minutes": 15, "article": "9"}
    return Limit(valid_from=first, **{**plain, "source": "解释：第3号", **more})


def in_force() -> Limit:
    return Limit.objects.get(category="", milestone="accept", valid_from=date(2020, 1, 1))


def enacted(first: date = LATER) -> Limit:
    added = row(first)
    ruling.enact(added, by=ADMINISTRATOR, at=AT)
    return added


def refused(code: str, change: Callable[[], None]) -> None:
    """Nothing changes where the action refuses."""
    before = list(Limit.objects.order_by("id").values())
    with pytest.raises(Refused, match=code):
        change()
    assert list(Limit.objects.order_by("id").values()) == before


@pytest.mark.parametrize("by", [DISPATCHER, LEADER, ASSESSOR, APPROVER, SYSTEM])
def test_only_administrators_change_rules(by: Actor) -> None:
    coming = enacted()
    refused("wrong_role", lambda: ruling.enact(row(LATER + timedelta(1)), by=by, at=AT))
    refused("wrong_role", lambda: ruling.revise(coming, by=by, at=AT))
    refused("wrong_role", lambda: ruling.repeal(coming, by=by, at=AT))
    refused("wrong_role", lambda: ruling.end(in_force(), on=LATER, by=by, at=AT))


def test_the_first_day_begins_in_shanghai() -> None:
    midnight = datetime(2026, 4, 1, tzinfo=SHANGHAI)
    refused("too_late", lambda: ruling.enact(row(), by=ADMINISTRATOR, at=midnight))
    ruling.enact(row(), by=ADMINISTRATOR, at=midnight - timedelta(microseconds=1))


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"source": " "}, "reason_required"),
        ({"valid_to": LATER}, "invalid"),
        ({"first": date(2020, 1, 1)}, "too_late"),
        ({"first": date(2026, 3, 2)}, "too_late"),
    ],
)
def test_a_row_that_cannot_be_is_refused(more: dict[str, object], code: str) -> None:
    refused(code, lambda: ruling.enact(row(**more), by=ADMINISTRATOR, at=AT))  # type: ignore[arg-type]


def test_a_day_is_taken_once() -> None:
    enacted()
    refused("invalid", lambda: ruling.enact(row(), by=ADMINISTRATOR, at=AT))


def test_what_has_begun_meanwhile_is_neither_changed_nor_taken_back() -> None:
    coming = enacted()
    day = datetime(2026, 4, 1, tzinfo=SHANGHAI)
    coming.valid_from, coming.minutes = date(2026, 5, 1), 5
    refused("illegal_move", lambda: ruling.revise(coming, by=ADMINISTRATOR, at=day))
    refused("illegal_move", lambda: ruling.repeal(coming, by=ADMINISTRATOR, at=day))


def test_what_has_ended_does_not_begin_again() -> None:
    ruling.end(in_force(), on=LATER, by=ADMINISTRATOR, at=AT)
    day = datetime(2026, 4, 1, tzinfo=SHANGHAI)
    refused("illegal_move", lambda: ruling.end(in_force(), on=None, by=ADMINISTRATOR, at=day))


@pytest.mark.parametrize("on", [date(2026, 3, 2), date(2026, 3, 1), date(2019, 1, 1)])
def test_an_end_lies_ahead(on: date) -> None:
    refused("too_late", lambda: ruling.end(in_force(), on=on, by=ADMINISTRATOR, at=AT))


def test_what_is_needed_every_day_may_not_lapse() -> None:
    tier = Limit.objects.get(category="general", milestone="close")
    refused("invalid", lambda: ruling.end(tier, on=LATER, by=ADMINISTRATOR, at=AT))
    share = Parameter.objects.get(code="close_share")
    with pytest.raises(Refused, match="invalid"):
        ruling.end(share, on=LATER, by=ADMINISTRATOR, at=AT)


def test_a_row_that_is_followed_ends_no_earlier_than_the_next_begins_if_it_is_needed() -> None:
    share = Parameter.objects.get(code="close_share")
    more = Parameter(code="close_share", value="0.6", article="41", valid_from=LATER, source="解释：第3号")
    ruling.enact(more, by=ADMINISTRATOR, at=AT)
    for on in (LATER - timedelta(1), LATER + timedelta(1), None):
        with pytest.raises(Refused, match="invalid"):
            ruling.end(share, on=on, by=ADMINISTRATOR, at=AT)
    share.refresh_from_db()
    assert share.valid_to == LATER


@pytest.mark.parametrize(
    ("ground", "document", "code"),
    [("mood", "x", "invalid"), ("amendment", "", "reason_required"), ("interpretation", "x" * 118, "invalid")],
)
def test_a_source_that_says_nothing_is_refused(ground: str, document: str, code: str) -> None:
    with pytest.raises(Refused, match=code):
        ruling.source(ground, document)
