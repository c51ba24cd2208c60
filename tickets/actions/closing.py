"""The centre's check of what a unit handed in: callback, close, or rework (Art. 14, 16)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from core.refusals import Refused
from tickets.actions.recording import Draft, Matter, perform
from tickets.models import Ticket
from units.actors import Actor


def callback(
    ticket: Ticket,
    *,
    by: Actor,
    at: datetime,
    reached: bool | None,
    solved: bool | None = None,
    satisfied: bool | None = None,
    note: str = "",
) -> Ticket:
    """Record a callback: reached, solved and satisfied are separate answers, each yes, no or not known."""

    def decide(matter: Matter) -> Draft:
        matter.guard("callback", by)
        answers = {"reached": reached, "solved": solved, "satisfied": satisfied}
        # One word of it decides whether the ticket may be closed without a reason.
        kind = "unreached" if reached is not True else "unsolved" if solved is False else "solved"
        return Draft("callback", kind=kind, data=answers | ({"note": note} if note else {}))

    return perform(ticket, decide, by=by, at=at)


def close(ticket: Ticket, *, by: Actor, at: datetime, reason: str = "", note: str = "") -> Ticket:
    """The centre accepts the result. Raises Refused ``reason_required`` without a callback that reached the customer
    since the result was handed in and did not find the matter unsolved.
    """

    def decide(matter: Matter) -> Draft:
        matter.guard("close", by)
        if not matter.state.callback_since_resolve and not (reason or note).strip():
            raise Refused("reason_required", _("Close after a callback, or say why without."))
        return Draft("close", data={name: text for name, text in (("reason", reason), ("note", note)) if text})

    return perform(ticket, decide, by=by, at=at)


def reject(ticket: Ticket, *, by: Actor, at: datetime, reason: str = "", note: str = "") -> Ticket:
    """The result is not what was asked for: what this resolve met is taken back, and those clocks never stopped."""

    def decide(matter: Matter) -> Draft:
        matter.guard("reject", by)
        said = {name: text for name, text in (("reason", reason), ("note", note)) if text}
        return Draft("reject", kind="not_done", data=said)

    return perform(ticket, decide, by=by, at=at)
