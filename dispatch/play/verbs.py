"""The verbs of the player: each turns the keys of a step into one call of a real action."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from core.clock import Month, parse_instant
from core.refusals import Refused
from penalties.actions import assessing, months, reviewing, wages
from penalties.amounts import parse_amount
from penalties.models import Finding
from penalties.queries import in_order
from tickets.actions import (
    closing,
    delaying,
    dispatching,
    ending,
    field_work,
    following,
    reporting,
    returning,
    system_faults,
)
from tickets.models import Ticket
from units.actors import CENTRE, CENTRE_ROLES, FIELD_ROLES, ROLES, Actor, Role
from units.models import IntegrationClient, Unit

#: The platform that `by: integration_client` stands for.
PLATFORM = "platform"


@dataclass
class Stage:
    """What a scenario has brought about so far: the tickets behind its refs."""

    tickets: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Turn:
    """One step being played."""

    stage: Stage
    verb: str
    at: datetime
    keys: dict[str, Any]

    def text(self, name: str, default: str = "") -> str:
        """A text key. Raises Refused ``invalid`` for anything but text."""
        value = self.keys.get(name)
        if value is None:
            return default
        if not isinstance(value, str) or "\x00" in value:
            raise Refused("invalid", f"{name} is not text")
        return value

    def needed(self, name: str) -> str:
        """A text key that must be there."""
        value = self.text(name)
        if not value:
            raise Refused("invalid", f"{name} is missing")
        return value

    def instant(self, name: str) -> datetime | None:
        """An instant with offset, or None where the key is absent."""
        value = self.keys.get(name)
        if value is None:
            return None
        try:
            return parse_instant(value)
        except (ValueError, OverflowError) as error:
            raise Refused("invalid", f"{name}: {error}") from error

    def yes_no(self, name: str) -> bool | None:
        """True, false or not known."""
        value = self.keys.get(name)
        if value is not None and not isinstance(value, bool):
            raise Refused("invalid", f"{name} is neither true, false nor null")
        return value

    def month(self) -> Month:
        """The month named."""
        try:
            return Month.parse(self.keys.get("month"))
        except ValueError as error:
            raise Refused("invalid", str(error)) from error

    def ticket(self, name: str = "ref") -> Ticket:
        """The ticket behind a ref. Raises Refused ``unknown_ref``."""
        ref = self.needed(name)
        if ref not in self.stage.tickets:
            raise Refused("unknown_ref", f"no ticket is called {ref}")
        return Ticket.objects.get(pk=self.stage.tickets[ref])

    def actor(self, default_role: str, *, unit: str | None = None) -> Actor:
        """Who acts: the step's ``by``, else the default role, in ``unit`` where it is one of a unit's people."""
        by = self.text("by")
        if not by:
            return Actor(role=default_role, unit=unit if default_role in FIELD_ROLES else None, name=default_role)
        if by == Role.INTEGRATION_CLIENT:
            IntegrationClient.objects.get_or_create(code=PLATFORM, defaults={"name": PLATFORM, "token_hash": PLATFORM})
            return Actor(role=by, name=by, client=PLATFORM)
        if by in ROLES:
            return Actor(role=by, unit=unit if by in FIELD_ROLES else None, name=by)
        if not Unit.objects.filter(code=by).exists():
            raise Refused("invalid", f"by names neither a unit nor a role: {by}")
        if by == CENTRE and default_role in CENTRE_ROLES:
            return Actor(role=default_role, unit=by, name=by)
        return Actor(role=Role.HANDLER, unit=by, name=by)


def _report(turn: Turn) -> None:
    ref = turn.needed("ref")
    if ref in turn.stage.tickets:
        raise Refused("invalid", f"{ref} is taken")
    reporter = turn.keys.get("reporter") or {}
    if isinstance(reporter, str):
        reporter = {"name": reporter}
    if not isinstance(reporter, dict):
        raise Refused("invalid", "reporter is no object")
    first_contact = turn.text("first_contact")
    by = turn.actor(Role.HANDLER, unit=first_contact) if first_contact else turn.actor(Role.DISPATCHER)
    ticket = reporting.report(
        reporting.Report(
            category=turn.needed("category"),
            channel=turn.text("channel", "phone"),
            title=turn.text("title"),
            address=turn.text("address"),
            facts=turn.keys.get("facts") or {},
            reason=turn.text("reason"),
            reporter_name=str(reporter.get("name") or ""),
            reporter_phone=str(reporter.get("phone") or ""),
            external_no=turn.text("external_no") or None,
            city_due_at=turn.instant("city_due_at"),
            first_contact=first_contact or None,
        ),
        by=by,
        at=turn.at,
    )
    turn.stage.tickets[ref] = ticket.pk


def _dispatch(turn: Turn) -> None:
    if turn.keys.get("not_before") is not None:
        raise Refused("invalid", "a dispatch for a later instant is not offered")
    dispatching.dispatch(
        turn.ticket(),
        by=turn.actor(Role.DISPATCHER),
        at=turn.at,
        unit=turn.text("unit") or None,
        reason=turn.text("reason"),
        note=turn.text("note"),
    )


def _field(action: Callable[..., Ticket], *names: str) -> Callable[[Turn], None]:
    """A verb of the unit that holds the ticket; ``names`` are further text keys the action takes."""

    def play(turn: Turn) -> None:
        ticket = turn.ticket()
        by = turn.actor(Role.HANDLER, unit=ticket.holder)
        action(ticket, by=by, at=turn.at, **{name: turn.text(name) for name in ("note", *names)})

    return play


def _centre(action: Callable[..., Ticket], *names: str, role: str = Role.DISPATCHER) -> Callable[[Turn], None]:
    """A verb of the centre."""

    def play(turn: Turn) -> None:
        ticket = turn.ticket()
        action(
            ticket,
            by=turn.actor(role, unit=ticket.holder),
            at=turn.at,
            **{n: turn.text(n) for n in ("note", *names)},
        )

    return play


def _declare_delay(turn: Turn) -> None:
    ticket = turn.ticket()
    delaying.declare(
        ticket,
        by=turn.actor(Role.HANDLER, unit=ticket.holder),
        at=turn.at,
        until=turn.instant("until"),
        reason=turn.text("reason"),
        milestone=turn.text("milestone", "close"),
        note=turn.text("note"),
    )


def _grant_delay(turn: Turn) -> None:
    ticket = turn.ticket()
    delaying.grant(
        ticket,
        by=turn.actor(Role.DUTY_LEADER, unit=ticket.holder),
        at=turn.at,
        until=turn.instant("until"),
        reason=turn.text("reason"),
        note=turn.text("note"),
    )


def _callback(turn: Turn) -> None:
    closing.callback(
        turn.ticket(),
        by=turn.actor(Role.DISPATCHER),
        at=turn.at,
        reached=turn.yes_no("reached"),
        solved=turn.yes_no("solved"),
        satisfied=turn.yes_no("satisfied"),
        note=turn.text("note"),
    )


def _reject(turn: Turn) -> None:
    if turn.text("kind", "not_done") != "not_done":
        raise Refused("invalid", "kind is not not_done")
    closing.reject(
        turn.ticket(),
        by=turn.actor(Role.DISPATCHER),
        at=turn.at,
        reason=turn.text("reason"),
        note=turn.text("note"),
    )


def _merge(turn: Turn) -> None:
    ending.merge(
        turn.ticket(),
        into=turn.ticket("into"),
        by=turn.actor(Role.DISPATCHER),
        at=turn.at,
        note=turn.text("note"),
    )


def _system_fault(turn: Turn) -> None:
    unit, until = turn.needed("unit"), turn.instant("until")
    if until is None:
        raise Refused("bad_until", "until is missing")
    system_faults.call(
        unit=unit, until=until, by=turn.actor(Role.HANDLER, unit=unit), at=turn.at, note=turn.text("note")
    )


def _wage(turn: Turn) -> None:
    wages.enter(
        unit=turn.needed("unit"),
        month=turn.month(),
        amount=_amount(turn),
        by=turn.actor(Role.ASSESSOR),
        at=turn.at,
    )


def _assess(turn: Turn) -> None:
    assessing.assess(month=turn.month(), by=turn.actor(Role.ASSESSOR), at=turn.at)


def _decide(turn: Turn) -> None:
    index, dismiss = turn.keys.get("finding"), turn.keys.get("dismiss", False)
    if isinstance(index, bool) or not isinstance(index, int) or not isinstance(dismiss, bool):
        raise Refused("invalid", "finding is an index, dismiss true or false")
    findings = findings_in_order()
    if not 0 <= index < len(findings):
        raise Refused("unknown_ref", f"there is no finding {index}")
    reviewing.decide(
        findings[index],
        by=turn.actor(Role.ASSESSOR),
        at=turn.at,
        amount=None if turn.keys.get("amount") is None else _amount(turn),
        unit=turn.text("unit") or None,
        reason=turn.text("reason"),
        dismiss=dismiss,
    )


def _close_month(turn: Turn) -> None:
    months.close(month=turn.month(), by=turn.actor(Role.APPROVER), at=turn.at)


def _amount(turn: Turn) -> Any:
    value = turn.keys.get("amount")
    try:
        # A JSON number is read by its shortest writing, which is how the author wrote it.
        return parse_amount(repr(value) if isinstance(value, float) else value)
    except ValueError as error:
        raise Refused("invalid", str(error)) from error


def findings_in_order() -> list[Finding]:
    """Findings by time, clause, unit and person: the order of the output and of ``decide``'s index."""
    return sorted(Finding.objects.select_related("ticket"), key=in_order)


VERBS: dict[str, Callable[[Turn], None]] = {
    "report": _report,
    "answer": _centre(dispatching.answer),
    "dispatch": _dispatch,
    "assign": _field(field_work.assign, "person"),
    "accept": _field(field_work.accept),
    "arrive": _field(field_work.arrive),
    "stop_water": _field(field_work.stop_water),
    "start_repair": _field(field_work.start_repair),
    "finish_repair": _field(field_work.finish_repair),
    "resolve": _field(field_work.resolve, "answer"),
    "close": _centre(closing.close, "reason"),
    "reject": _reject,
    "callback": _callback,
    "ask_return": _field(returning.ask, "reason"),
    "grant_return": _centre(returning.grant, "reason"),
    "refuse_return": _centre(returning.refuse, "reason"),
    "declare_delay": _declare_delay,
    "grant_delay": _grant_delay,
    "refuse_delay": _centre(delaying.refuse, "reason", role=Role.DUTY_LEADER),
    "urge": _centre(following.urge),
    "supervise": _centre(following.supervise, role=Role.DUTY_LEADER),
    "supplement": _centre(following.supplement),
    "merge": _merge,
    "withdraw": _centre(ending.withdraw, "reason"),
    "system_fault": _system_fault,
    "wage": _wage,
    "assess": _assess,
    "decide": _decide,
    "close_month": _close_month,
}
