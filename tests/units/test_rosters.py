"""The hotline roster: lines are never rewritten, and only those who may change it do."""

from __future__ import annotations

from typing import Any

import pytest

from core.refusals import Refused
from tests.factories import DISPATCHER, HANDLER, LEADER, T0, minutes
from units.actions import rosters
from units.actors import Actor, Role
from units.models import RosterEntry

pytestmark = pytest.mark.django_db

HEAD = Actor(role=Role.UNIT_HEAD, unit="pipe-network", name="Hilda")
STRANGER = Actor(role=Role.UNIT_HEAD, unit="water-quality", name="Wim")
LINE: dict[str, Any] = {"name": "Hans", "phone": "13812342317", "duty": "day", "order": 1, "note": "letter 1"}


def entered(**more: Any) -> RosterEntry:
    return rosters.enter(**{"unit": "pipe-network", **LINE, "by": HEAD, "at": T0, **more})


def refused(work: Any) -> str:
    with pytest.raises(Refused) as caught:
        work()
    return caught.value.code


def test_a_line_holds_from_when_it_is_entered() -> None:
    entry = entered()
    assert (entry.valid_from, entry.valid_to, entry.entered_by) == (T0, None, "Hilda")
    later = entered(valid_from=T0 + minutes(60))
    assert later.valid_from == T0 + minutes(60)


@pytest.mark.parametrize(
    ("by", "code"), [(HANDLER, "wrong_role"), (DISPATCHER, "wrong_role"), (STRANGER, "wrong_unit")]
)
def test_only_the_head_and_the_duty_leader_write(by: Actor, code: str) -> None:
    assert refused(lambda: entered(by=by)) == code
    entry = entered()
    assert refused(lambda: rosters.change(entry, **LINE, by=by, at=T0)) == code
    assert refused(lambda: rosters.end(entry, note="x", by=by, at=T0)) == code
    rosters.end(entry, note="x", by=LEADER, at=T0)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"name": " "}, "invalid"),
        ({"phone": ""}, "invalid"),
        ({"duty": "noon"}, "invalid"),
        ({"order": 0}, "invalid"),
        ({"name": "x" * 41}, "invalid"),
        ({"unit": "nowhere", "by": LEADER}, "unknown_ref"),
    ],
)
def test_what_cannot_be_is_refused(wrong: dict[str, Any], code: str) -> None:
    assert refused(lambda: entered(**wrong)) == code
    assert not RosterEntry.objects.exists()


def test_a_change_ends_one_line_and_adds_another_at_the_same_instant() -> None:
    old = entered()
    at = T0 + minutes(30)
    new = rosters.change(old, **(LINE | {"name": "Hugo", "note": "letter 2"}), by=HEAD, at=at)
    old.refresh_from_db()
    assert (old.name, old.valid_to, old.end_note, old.ended_by, old.ended_at) == ("Hans", at, "letter 2", "Hilda", at)
    assert (new.name, new.valid_from, new.valid_to) == ("Hugo", at, None)


def test_a_change_needs_its_written_notice_and_a_line_that_still_holds() -> None:
    entry = entered()
    assert refused(lambda: rosters.change(entry, **(LINE | {"note": " "}), by=HEAD, at=T0)) == "reason_required"
    rosters.end(entry, note="left", by=HEAD, at=T0 + minutes(1))
    assert refused(lambda: rosters.end(entry, note="left", by=HEAD, at=T0 + minutes(2))) == "illegal_move"
    assert refused(lambda: rosters.change(entry, **LINE, by=HEAD, at=T0 + minutes(2))) == "illegal_move"
    assert RosterEntry.objects.count() == 1
