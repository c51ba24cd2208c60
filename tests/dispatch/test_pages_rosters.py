"""The hotline roster: who reads whose phone, who changes it, and that nothing is lost."""

from __future__ import annotations

import pytest

from tests.dispatch.conftest import NOW, SignIn
from tests.factories import T0
from units.actions import rosters
from units.actors import SYSTEM, Role
from units.models import RosterEntry

PHONE = "13812342317"
TYPED = {"duty": "night", "order": "2", "name": "李强", "phone": "13900001111", "note": "letter 7"}


@pytest.fixture
def line(db: None) -> RosterEntry:
    return rosters.enter(unit="pipe-network", name="张强", phone=PHONE, duty="day", by=SYSTEM, at=T0)


@pytest.mark.parametrize(
    ("role", "unit", "sees"),
    [
        (Role.DISPATCHER, None, True),
        (Role.LEADER, None, True),
        (Role.HANDLER, "pipe-network", True),
        (Role.HANDLER, "water-quality", False),
        (Role.UNIT_HEAD, "water-quality", False),
    ],
)
@pytest.mark.parametrize("path", ["/rosters/", "/rosters/pipe-network/"])
def test_phones_are_for_the_desk_and_the_own_unit(
    sign_in: SignIn, line: RosterEntry, role: str, unit: str | None, sees: bool, path: str
) -> None:
    page = sign_in(role, unit).get(path).text
    assert "张强" in page
    assert (PHONE in page) == sees


@pytest.mark.parametrize(
    ("role", "unit", "may"),
    [
        (Role.UNIT_HEAD, "pipe-network", True),
        (Role.DUTY_LEADER, None, True),
        (Role.UNIT_HEAD, "water-quality", False),
        (Role.HANDLER, "pipe-network", False),
        (Role.DISPATCHER, None, False),
    ],
)
def test_the_head_changes_the_own_unit_and_the_duty_leader_any(
    sign_in: SignIn, line: RosterEntry, role: str, unit: str | None, may: bool
) -> None:
    client = sign_in(role, unit)
    status = 302 if may else 403
    assert client.post("/rosters/pipe-network/", TYPED).status_code == status
    assert client.get(f"/rosters/pipe-network/{line.pk}/").status_code == (200 if may else 403)
    assert client.post(f"/rosters/pipe-network/{line.pk}/", TYPED).status_code == status
    assert RosterEntry.objects.count() == (3 if may else 1)


def test_a_change_keeps_the_line_as_it_was(sign_in: SignIn, line: RosterEntry) -> None:
    client = sign_in(Role.UNIT_HEAD)
    client.post(f"/rosters/pipe-network/{line.pk}/", TYPED)
    page = client.get("/rosters/pipe-network/").text
    in_force, earlier = page.split("Earlier lines")
    assert "李强" in in_force
    assert "张强" not in in_force
    assert "张强" in earlier
    assert "letter 7" in earlier


def test_a_line_ends_with_its_written_notice(sign_in: SignIn, line: RosterEntry) -> None:
    client = sign_in(Role.UNIT_HEAD)
    path = f"/rosters/pipe-network/{line.pk}/"
    assert client.post(path, {"end": "1", "note": ""}).status_code == 422
    assert client.post(path, {"end": "1", "note": "letter 8"}).status_code == 302
    line.refresh_from_db()
    assert (line.valid_to, line.end_note) == (NOW, "letter 8")
    assert (
        client.post(path, {"end": "1", "note": "again"}).status_code == 409
        or "ended already" in client.post(path, {"end": "1", "note": "again"}).text
    )
