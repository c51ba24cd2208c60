"""Returning a ticket to the centre, which only its permission allows (Art. 16.7.3)."""

from __future__ import annotations

from datetime import datetime

from tickets.actions.recording import Draft, Matter, perform
from tickets.models import Ticket
from units.actors import Actor


def ask(ticket: Ticket, *, by: Actor, at: datetime, reason: str = "", note: str = "") -> Ticket:
    """The unit asks to give the ticket back; its own unmet clocks stand still until the centre answers."""
    return _step("ask_return", ticket, by=by, at=at, reason=reason, note=note)


def grant(ticket: Ticket, *, by: Actor, at: datetime, reason: str = "", note: str = "") -> Ticket:
    """The centre takes the ticket back: the spell ends, and for shares and blame it ended at the ask."""
    return _step("grant_return", ticket, by=by, at=at, reason=reason, note=note)


def refuse(ticket: Ticket, *, by: Actor, at: datetime, reason: str = "", note: str = "") -> Ticket:
    """The unit keeps the ticket; its clocks go on, moved by the time the centre took."""
    return _step("refuse_return", ticket, by=by, at=at, reason=reason, note=note)


def _step(verb: str, ticket: Ticket, *, by: Actor, at: datetime, reason: str, note: str) -> Ticket:
    def decide(matter: Matter) -> Draft:
        matter.guard(verb, by)
        columns = {"assignee": ""} if verb == "grant_return" else {}
        said = {name: text for name, text in (("reason", reason), ("note", note)) if text}
        return Draft(verb, data=said, columns=columns)

    return perform(ticket, decide, by=by, at=at)
