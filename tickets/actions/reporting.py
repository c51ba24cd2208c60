"""Registering a report: the ticket, its case clocks and its first event (Art. 5, 11, 16)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from core.clock import local
from core.refusals import Refused
from tickets import clocks
from tickets.actions.recording import Draft, judged, new_milestone, projection, write_events
from tickets.clocks import Step
from tickets.facts import CHANNELS, wrong_facts
from tickets.models import Milestone, Reporter, Ticket
from tickets.queries.history import faults_of
from tickets.queries.rulebook import rulebook
from units.actors import CENTRE_ROLES, FIELD_ROLES, Actor, Role
from units.models import Unit

#: How far a platform's clock may run ahead of ours.
CLOCK_TOLERANCE = timedelta(minutes=5)


@dataclass(frozen=True)
class Report:
    """What somebody told us. ``reported_at`` defaults to the moment of registration."""

    category: str
    channel: str = "phone"
    title: str = ""
    content: str = ""
    address: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    reported_at: datetime | None = None
    reporter_name: str = ""
    reporter_phone: str = ""
    confidential: bool = False
    external_no: str | None = None
    external_hash: str = ""
    city_due_at: datetime | None = None
    first_contact: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


def report(report: Report, *, by: Actor, at: datetime) -> Ticket:
    """Register a report and start its case clocks, which run from the report, not from the registration.

    Raises Refused: ``wrong_role``; ``invalid`` for an unknown category, channel, unit or impossible fact, or a report
    from the future; ``reason_required`` where the category is only set by hand.
    """
    if by.role not in CENTRE_ROLES | FIELD_ROLES | {Role.INTEGRATION_CLIENT}:
        raise Refused("wrong_role", _("Your role does not register reports."))
    book = rulebook()
    _check(report, at=at)
    reported_at = report.reported_at or at
    try:
        starts, tier = book.case_clocks(report.category, report.facts, reported_at)
    except LookupError:
        raise Refused(
            "invalid", _("No rule was in force on that day."), fields={"reported_at": _("before the rules")}
        ) from None
    first_contact = report.first_contact or (by.unit if by.role in FIELD_ROLES else None)
    draft = Draft(
        "report",
        starts=starts,
        data={
            "category": report.category,
            "channel": report.channel,
            "reported_at": reported_at.isoformat(),
            "tier": tier,
            **({"reason": report.reason} if report.reason else {}),
            **({"first_contact": first_contact} if first_contact else {}),
        },
    )
    step = Step(seq=1, verb="report", at=at, starts=tuple(starts))
    state = clocks.run([step])
    after = judged(state, faults_of([step]), at)
    late = [(clock, verdict) for clock, verdict in after.values() if verdict.verdict == "late"]
    area = book.area_of(report.address, report.facts)
    with transaction.atomic():
        ticket = Ticket.objects.create(
            number=_next_number(at),
            client_id=by.client,
            external_no=report.external_no,
            external_hash=report.external_hash,
            channel=report.channel,
            category_id=report.category,
            title=report.title or str(book.categories[report.category].name),
            content=report.content,
            facts=dict(report.facts),
            extra=dict(report.extra),
            address=report.address,
            area_id=area.code if area else None,
            first_contact_id=first_contact,
            reported_at=reported_at,
            registered_at=at,
            city_due_at=report.city_due_at,
            tier=tier,
            last_seq=1 + len(late),
            **projection(state, after),
        )
        if report.reporter_name or report.reporter_phone:
            Reporter.objects.create(
                ticket=ticket,
                name=report.reporter_name,
                phone=report.reporter_phone,
                confidential=report.confidential or book.categories[report.category].confidential,
            )
        write_events(ticket.pk, step, draft, state.status, late, by=by)
        Milestone.objects.bulk_create(new_milestone(ticket.pk, clock, verdict) for clock, verdict in after.values())
    return ticket


def _check(report: Report, *, at: datetime) -> None:
    book = rulebook()
    category = book.categories.get(report.category) if isinstance(report.category, str) else None
    if category is None:
        raise Refused("invalid", _("There is no such category."), fields={"category": _("unknown category")})
    if report.channel not in CHANNELS:
        raise Refused("invalid", _("There is no such channel."), fields={"channel": _("unknown channel")})
    wrong = wrong_facts(report.facts)
    if wrong:
        raise Refused(
            "invalid",
            _("These facts cannot be: %(names)s.") % {"names": ", ".join(wrong)},
            fields={f"facts.{name}" if name != "facts" else name: _("impossible value") for name in wrong},
        )
    matter = report.facts.get("matter")
    if matter is not None and (matter not in book.categories or book.categories[matter].of_matter):
        raise Refused("invalid", _("The matter names no category."), fields={"facts.matter": _("unknown category")})
    if category.by_hand and not report.reason.strip():
        raise Refused("reason_required", _("This category is only set by hand, with a reason."))
    if report.reported_at is not None and report.reported_at > at + CLOCK_TOLERANCE:
        raise Refused("invalid", _("The report lies in the future."), fields={"reported_at": _("in the future")})
    if report.first_contact and not Unit.objects.filter(code=report.first_contact).exists():
        raise Refused("invalid", _("There is no such unit."), fields={"first_contact": _("unknown unit")})


def _next_number(at: datetime) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('tickets_number')")
        (value,) = cursor.fetchone()
    return f"{local(at):%Y%m%d}-{value:06d}"
