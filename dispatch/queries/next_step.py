"""Which of the allowed verbs a page offers first; the others stay at hand: this decides a button's place alone."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from tickets.models import Ticket
from units.actors import CENTRE_ROLES

FIELD_STEPS = ("accept", "arrive", "stop_water", "start_repair", "finish_repair", "resolve")
DECISIONS = ("grant_return", "grant_delay")


def next_step(
    ticket: Ticket, verbs: Sequence[str], *, role: str, done: Collection[str] | None = None, called_back: bool = False
) -> str:
    """The verb most likely wanted next; empty if none stands out. ``done`` are the unit's steps, where known."""
    wanted = _centre(ticket, called_back) if role in CENTRE_ROLES else _field(ticket, done)
    return next((verb for verb in wanted if verb in verbs), "")


def other_steps(ticket: Ticket, verbs: Sequence[str]) -> list[str]:
    """The unit's other steps that stay at hand on a card: all of a repair, else only what ends the matter."""
    wanted = FIELD_STEPS if ticket.category.kind == "repair" else ("accept", "resolve")
    return [verb for verb in wanted if verb in verbs]


def _centre(ticket: Ticket, called_back: bool) -> list[str]:
    if not ticket.live:
        return []
    return [*DECISIONS, "dispatch", *(["close"] if called_back else ["callback", "close"])]


def _field(ticket: Ticket, done: Collection[str] | None) -> list[str]:
    if ticket.return_asked_at:
        return []  # the unit need not act before the centre has answered
    if ticket.category.kind != "repair":
        return ["accept", "resolve"]
    if done is None:
        # From a list, without its steps: the limit that runs tells what is awaited.
        awaited = {"start_repair": "start_repair", "repair": "finish_repair"}.get(ticket.next_clock, "resolve")
        return ["accept", "arrive", awaited, "resolve"]
    if "finish_repair" in done:
        return ["resolve"]
    return ["accept", "arrive", "finish_repair" if "start_repair" in done else "start_repair", "resolve"]
