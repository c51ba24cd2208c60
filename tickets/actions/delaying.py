"""Delay of the tier, declared in advance and granted or not by the duty leader (Art. 16)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from core.refusals import Refused
from tickets.actions.recording import Draft, Matter, perform
from tickets.models import Ticket
from units.actors import Actor


def declare(
    ticket: Ticket,
    *,
    by: Actor,
    at: datetime,
    until: datetime | None,
    reason: str = "",
    milestone: str = "close",
    note: str = "",
) -> Ticket:
    """The unit declares that the tier will not be kept, with the reason and the instant it asks for.

    Raises Refused: ``invalid`` for any clock but ``close``; ``reason_required``; ``too_late`` after the due instant;
    ``bad_until`` unless ``until`` lies after it.
    """

    def decide(matter: Matter) -> Draft:
        matter.guard("declare_delay", by)
        if milestone != "close":
            raise Refused(
                "invalid",
                _("Only the tier can be delayed, no other clock."),
                fields={"milestone": _("not close")},
            )
        if not reason.strip():
            raise Refused("reason_required", _("A delay is declared with its reason."))
        due = _due(matter)
        if at > due:
            raise Refused("too_late", _("The deadline has passed; a delay is declared before it."))
        if until is None or until <= due:
            raise Refused("bad_until", _("The new deadline must lie after the present one."))
        said = {"reason": reason, "milestone": milestone} | ({"note": note} if note else {})
        return Draft("declare_delay", until=until, data=said)

    return perform(ticket, decide, by=by, at=at)


def grant(
    ticket: Ticket,
    *,
    by: Actor,
    at: datetime,
    until: datetime | None = None,
    reason: str = "",
    note: str = "",
) -> Ticket:
    """The duty leader sets a new deadline, the declared one unless he names another; the first stays on record.

    Raises Refused ``bad_until`` unless it lies after the present deadline.
    """

    def decide(matter: Matter) -> Draft:
        matter.guard("grant_delay", by)
        granted = until or matter.state.delay_until
        if granted is None or granted <= _due(matter):
            raise Refused("bad_until", _("The new deadline must lie after the present one."))
        said = {name: text for name, text in (("reason", reason), ("note", note)) if text}
        return Draft("grant_delay", until=granted, data=said)

    return perform(ticket, decide, by=by, at=at)


def refuse(ticket: Ticket, *, by: Actor, at: datetime, reason: str = "", note: str = "") -> Ticket:
    """The deadline stays, and is judged as it stands."""

    def decide(matter: Matter) -> Draft:
        matter.guard("refuse_delay", by)
        return Draft("refuse_delay", data={name: text for name, text in (("reason", reason), ("note", note)) if text})

    return perform(ticket, decide, by=by, at=at)


def _due(matter: Matter) -> datetime:
    clock = matter.state.close_clock
    assert clock is not None  # every ticket has its tier from the report on
    return clock.due_at
