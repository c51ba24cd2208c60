"""System faults: who reports what, and what the lists say of limits that fall due meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from tests import factories
from tests.dispatch.conftest import NOW, SignIn
from tests.dispatch.test_pages_desk import numbers
from tests.factories import HANDLER, T0, minutes
from tickets.actions import overdue, system_faults
from tickets.models import SystemFault
from units.actors import Role

MoveTo = Callable[[datetime], None]
DOWN = {"until": "2026-03-02T11:00", "note": "network"}


@pytest.mark.parametrize(
    ("role", "unit", "status"),
    [
        (Role.HANDLER, "pipe-network", 302),
        (Role.UNIT_HEAD, "pipe-network", 302),
        (Role.DISPATCHER, "water-quality", 302),
        (Role.HANDLER, "water-quality", 422),
    ],
)
def test_a_unit_reports_its_own_system_and_the_centre_any(sign_in: SignIn, role: str, unit: str, status: int) -> None:
    answer = sign_in(role).post("/faults/", DOWN | {"unit": unit})
    assert answer.status_code == status
    assert SystemFault.objects.filter(unit=unit, at=NOW).count() == (1 if status == 302 else 0)


@pytest.mark.parametrize(
    ("typed", "message"),
    [({"until": "2026-03-02T09:01"}, "The end must lie ahead."), ({"until": ""}, "This field is required.")],
)
def test_an_impossible_end_is_refused(sign_in: SignIn, typed: dict[str, str], message: str) -> None:
    answer = sign_in(Role.HANDLER).post("/faults/", DOWN | {"unit": "pipe-network"} | typed)
    assert answer.status_code == 422
    assert message in answer.text
    assert not SystemFault.objects.exists()


def test_a_report_sent_twice_counts_once(sign_in: SignIn) -> None:
    client = sign_in(Role.HANDLER)
    for _time in range(2):
        assert client.post("/faults/", DOWN | {"unit": "pipe-network", "once": "k"}).status_code == 302
    assert SystemFault.objects.count() == 1


def test_who_only_reads_is_offered_no_form(sign_in: SignIn) -> None:
    client = sign_in(Role.AUDITOR)
    assert 'name="until"' not in client.get("/faults/").text
    client.post("/faults/", DOWN | {"unit": "pipe-network"})
    assert not SystemFault.objects.exists()


def test_running_faults_are_shown_to_the_desk_and_to_the_unit(sign_in: SignIn) -> None:
    system_faults.call(unit="pipe-network", until=NOW + minutes(60), by=HANDLER, at=T0, note="no network")
    for role, unit, sees in (
        (Role.DISPATCHER, None, True),
        (Role.HANDLER, "pipe-network", True),
        (Role.HANDLER, "water-quality", False),
    ):
        assert ("no network" in sign_in(role, unit).get("/faults/").text) == sees


def test_a_limit_under_a_fault_does_not_read_late_until_it_is_judged(sign_in: SignIn, reading_at: MoveTo) -> None:
    ticket = factories.dispatched(category="general")
    system_faults.call(unit="pipe-network", until=T0 + minutes(60), by=HANDLER, at=T0 + minutes(5))
    client, handler = sign_in(Role.DISPATCHER), sign_in(Role.HANDLER)
    pages = (("/desk/", client), (f"/tickets/{ticket.number}/", client), ("/my/", handler))
    reading_at(T0 + minutes(30))
    overdue.flag_all_due(now=T0 + minutes(30))
    for path, reader in pages:
        page = reader.get(path).text
        assert "System fault reported" in page, path
        assert 'data-judged="2026-03-02T10:00:00+08:00"' in page
        assert "10 min late" not in page
    assert numbers(client.get("/desk/", {"tab": "late"}).text) == []
    reading_at(T0 + minutes(61))
    assert "41 min late" in client.get("/desk/").text
    assert numbers(client.get("/desk/", {"tab": "late"}).text) == [ticket.number]


def test_arrival_on_site_is_excused_by_no_fault(sign_in: SignIn, reading_at: MoveTo) -> None:
    ticket = factories.accepted()
    system_faults.call(unit="pipe-network", until=T0 + minutes(90), by=HANDLER, at=T0 + minutes(5))
    reading_at(T0 + minutes(50))
    client = sign_in(Role.DISPATCHER)
    assert "10 min late" in client.get("/desk/").text
    assert numbers(client.get("/desk/", {"tab": "late"}).text) == [ticket.number]


def test_when_a_limit_is_announced_is_a_rule_of_the_data(sign_in: SignIn) -> None:
    from tickets.models import Parameter
    from tickets.queries import rulebook

    ticket = factories.dispatched()
    client = sign_in(Role.DISPATCHER)
    assert numbers(client.get("/desk/", {"tab": "soon"}).text) == []
    Parameter.objects.filter(code="soon_accept_minutes").update(value="16")
    rulebook.forget()
    page = client.get("/desk/", {"tab": "soon"}).text
    assert numbers(page) == [ticket.number]
    assert 'data-soon="960" ' in page
