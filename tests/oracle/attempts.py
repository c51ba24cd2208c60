"""The moves of a random scenario: mostly allowed ones, now and then by the wrong person or at the wrong time."""

from __future__ import annotations

from random import Random
from typing import Any

from tests.oracle import book
from tests.oracle.instants import DAY, HOUR, MINUTE, written
from tests.oracle.moves import FIELD_VERBS, FROM
from tests.oracle.ticket import Ticket
from tests.oracle.world import World

SOME_UNITS = ["pipe-network", "meter-replacement", "office-1", book.CENTRE]
#: How often a legal move is drawn.
WEIGHT = {
    **{"dispatch": 10, "accept": 6, "arrive": 4, "start_repair": 3, "finish_repair": 3, "resolve": 6},
    **{"ask_return": 4, "grant_return": 6, "refuse_return": 5, "declare_delay": 3, "grant_delay": 5},
    **{"refuse_delay": 4, "reject": 7, "close": 3, "callback": 3, "merge": 0.5, "withdraw": 0.4, "answer": 0.3},
}
RARE = 0.15
ENDS = {"merge", "withdraw", "answer"}


def likings(random: Random) -> dict[str, float]:
    """Each scenario likes some moves more than others."""
    return {
        verb: WEIGHT.get(verb, RARE) * random.choice([0.2, 1, 1, 1 if verb in ENDS else 4]) for verb in sorted(FROM)
    }


def move(random: Random, world: World, liking: dict[str, float]) -> tuple[str, dict[str, Any]]:
    """A verb and its keys."""
    tickets = list(world.tickets.values())
    live = [ticket for ticket in tickets if ticket.live] or tickets
    ticket = random.choice(live if random.random() < 0.95 else tickets)
    legal = [verb for verb in liking if _sensible(verb, ticket)]
    if not legal or random.random() < 0.07:
        verb = random.choice([verb for verb in liking if verb != "callback"])
    else:
        verb = random.choices(legal, [liking[verb] for verb in legal])[0]
    keys = {"ref": ticket.ref, **_keys(random, verb, ticket, world)}
    return verb, keys | (_by(random, verb, ticket) if random.random() < 0.05 else {})


def fault(random: Random, world: World, *, now: int) -> dict[str, Any]:
    """A call by whoever holds a ticket, mostly over one of its dues."""
    live = [ticket for ticket in world.tickets.values() if ticket.live]
    unit, until = random.choice(SOME_UNITS), now + random.choice([-1, 1, 15 * MINUTE, 2 * DAY])
    if live and random.random() < 0.85:
        ticket = random.choice(live)
        unit = ticket.spell.unit if ticket.spell else random.choice([book.CENTRE, unit])
        dues = [clock.due for clock in ticket.clocks if clock.open and clock.due >= now]
        if dues and ticket.close.due >= now and random.random() < 0.5:
            dues = [ticket.close.due]
        if dues and random.random() < 0.8:
            until = random.choice(dues) + random.choice([-1, 0, 1, 30 * MINUTE, 3 * HOUR, DAY])
    return {"unit": unit, "until": written(until)}


def _sensible(verb: str, ticket: Ticket) -> bool:
    if ticket.status not in FROM[verb]:
        return False
    if verb in {"grant_return", "refuse_return", "ask_return"}:
        return (ticket.asked is None) == (verb == "ask_return")
    if verb in {"grant_delay", "refuse_delay", "declare_delay"}:
        return (ticket.delay is None) == (verb == "declare_delay")
    return ticket.status == "resolved" if verb == "callback" else True


def _by(random: Random, verb: str, ticket: Ticket) -> dict[str, str]:
    if verb in FIELD_VERBS:
        own = [ticket.spell.unit] if ticket.spell else []
        return {"by": random.choice([*own, "inspection", "office-2", "dispatcher", "duty_leader", "auditor"])}
    return {"by": random.choice(["inspection", "assessor", "dispatcher", "duty_leader", "auditor"])}


def _keys(random: Random, verb: str, ticket: Ticket, world: World) -> dict[str, Any]:
    draw = random.random()
    if verb == "dispatch" and (ticket.suggested is None or draw < 0.4):
        unit = {"unit": random.choice(SOME_UNITS)}
        return {**unit, "reason": "试派"} if draw < 0.36 else unit
    if verb == "declare_delay":
        keys = {"milestone": "close" if draw < 0.97 else "accept", "until": _until(random, ticket)}
        return keys if 0.9 < draw < 0.95 else {**keys, "reason": "等待化验结果"}
    if verb == "grant_delay":
        return {"until": _until(random, ticket)} if draw < 0.4 else {}
    if verb == "close":
        return {"reason": "用户书面确认"} if draw < 0.7 else {}
    if verb == "callback":
        return {"reached": draw < 0.7, "solved": True if draw < 0.4 else None, "satisfied": None}
    if verb == "merge":
        return {"into": random.choice([*world.tickets, "nobody"] if draw < 0.1 else list(world.tickets))}
    return {"person": "王师傅"} if verb == "assign" else {}


def _until(random: Random, ticket: Ticket) -> str | None:
    later = [1, 1, 30 * MINUTE, 3 * HOUR, DAY, 2 * DAY]
    return written(ticket.close.due + random.choice([*later, *later, 0, -HOUR]))
