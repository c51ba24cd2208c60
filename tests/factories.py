"""The cast of the tests and the tickets it makes: through the real actions, on a seeded clock."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from core.clock import SHANGHAI, Month
from penalties.actions import assessing, months, reviewing
from penalties.models import Finding
from tickets.actions import dispatching, field_work, reporting
from tickets.models import Milestone, Ticket
from units.actors import CENTRE, Actor, Role

#: A Monday morning; every test starts here and walks on by ``at=``.
T0 = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)
MARCH = Month(2026, 3)
AFTER_MARCH = MARCH.ends_at + timedelta(days=1)

UNIT = "pipe-network"
OTHER_UNIT = "meter-replacement"

DISPATCHER = Actor(role=Role.DISPATCHER, unit=CENTRE, name="Dora")
LEADER = Actor(role=Role.DUTY_LEADER, unit=CENTRE, name="Lena")
ASSESSOR = Actor(role=Role.ASSESSOR, unit="enterprise-management", name="Asa")
APPROVER = Actor(role=Role.APPROVER, unit="enterprise-management", name="Ada")
HANDLER = Actor(role=Role.HANDLER, unit=UNIT, name="Hans")
STRANGER = Actor(role=Role.HANDLER, unit=OTHER_UNIT, name="Sven")


def minutes(count: float) -> timedelta:
    """A length as the rules write it."""
    return timedelta(minutes=count)


def handler_of(unit: str) -> Actor:
    """Somebody who works there."""
    return Actor(role=Role.HANDLER, unit=unit, name=f"handler of {unit}")


def reported(*, at: datetime = T0, category: str = "public_pipe_leak", **told: Any) -> Ticket:
    """A ticket that waits to be dispatched."""
    return reporting.report(reporting.Report(category=category, **told), by=DISPATCHER, at=at)


def dispatched(*, at: datetime = T0, unit: str = UNIT, **told: Any) -> Ticket:
    """A ticket with its unit since ``at``; a leak of a public pipe, which starts every spell clock."""
    ticket = reported(at=at, **told)
    return dispatching.dispatch(ticket, by=DISPATCHER, at=at, unit=unit, reason="as the test wants it")


def accepted(*, at: datetime = T0, unit: str = UNIT, **told: Any) -> Ticket:
    """A ticket its unit took on at the instant it came."""
    return field_work.accept(dispatched(at=at, unit=unit, **told), by=handler_of(unit), at=at)


def accepted_late(*, at: datetime = T0, unit: str = UNIT, **told: Any) -> Ticket:
    """A ticket taken on a minute too late, and done at once: one missed limit, clause 36.2."""
    ticket = dispatched(at=at, unit=unit, category="general", **told)
    ticket = field_work.accept(ticket, by=handler_of(unit), at=at + minutes(21))
    return field_work.resolve(ticket, by=handler_of(unit), at=at + minutes(22))


def milestone(ticket: Ticket, kind: str) -> Milestone:
    """The last clock of a kind, as it is stored now."""
    return Milestone.objects.filter(ticket=ticket, kind=kind).order_by("-id")[0]


def assessed_march(*, at: datetime = AFTER_MARCH) -> list[Finding]:
    """March assessed, and its findings in the order they happened."""
    assessing.assess(month=MARCH, by=ASSESSOR, at=at)
    return list(Finding.objects.filter(month_id=str(MARCH)).order_by("occurred_at", "id"))


def closed_march(*, at: datetime = AFTER_MARCH) -> None:
    """March with every finding accepted as proposed, and closed for good."""
    for finding in assessed_march(at=at):
        reviewing.decide(finding, by=APPROVER, at=at)
    months.close(month=MARCH, by=APPROVER, at=at)
