"""The contract's table of moves: from which status, by whom, and with which code a step is refused."""

from __future__ import annotations

from typing import Any

from tests.oracle import book
from tests.oracle.instants import seconds
from tests.oracle.ticket import FIELD, OVER, Ticket

ANY_LIVE = {"registered", *FIELD, "resolved"}
FROM = {
    "answer": {"registered"},
    "dispatch": {"registered"},
    "assign": FIELD,
    "accept": {"dispatched"},
    "arrive": {"dispatched", "accepted"},
    **dict.fromkeys(["stop_water", "start_repair", "finish_repair", "resolve"], {"accepted", "on_site"}),
    "close": {"resolved"},
    "reject": {"resolved"},
    **dict.fromkeys(["ask_return", "declare_delay"], FIELD),
    **dict.fromkeys(["grant_return", "refuse_return", "grant_delay", "refuse_delay"], ANY_LIVE),
    **dict.fromkeys(["urge", "supervise", "supplement"], ANY_LIVE),
    **dict.fromkeys(["merge", "withdraw"], {"registered", *FIELD}),
    "callback": {*ANY_LIVE, *OVER},
}
FIELD_VERBS = {
    *("assign", "accept", "arrive", "stop_water", "start_repair", "finish_repair", "resolve"),
    *("ask_return", "declare_delay"),
}
LEADERS = {"grant_delay", "refuse_delay", "supervise"}
VERBS = set(FROM)

#: A code that stands for any other: the contract does not name the one.
ANY = "*"
#: The contract leaves open whether the step is refused; either way nothing changes.
OPEN = "?"


def faults_of(step: dict[str, Any], ticket: Ticket, tickets: dict[str, Ticket], now: int) -> set[str]:
    """Every code the step may be refused with; none if it is allowed."""
    verb = step["do"]
    codes = set() if ticket.status in FROM[verb] else {"illegal_move"}
    codes |= _actor(verb, step.get("by"), ticket)
    extra = globals().get(f"_{verb}")
    return codes | (extra(step, ticket, tickets, now) if extra else set())


def _actor(verb: str, by: str | None, ticket: Ticket) -> set[str]:
    if by is None:
        return set()
    if verb == "supervise" and by == "dispatcher":
        return {OPEN}
    if verb not in FIELD_VERBS:
        allowed = {"duty_leader"} if verb in LEADERS else {"dispatcher", "duty_leader"}
        return set() if by in allowed else {"wrong_role"}
    if by in book.UNITS:
        return set() if ticket.spell and ticket.spell.unit == by else {"wrong_unit"}
    return set() if verb == "accept" and by in {"dispatcher", "duty_leader"} else {"wrong_role"}


def _dispatch(step: dict[str, Any], ticket: Ticket, _: dict[str, Ticket], __: int) -> set[str]:
    unit = step.get("unit")
    if unit is None:
        return set() if ticket.suggested else {"no_suggestion"}
    if unit not in book.UNITS:
        return {"unknown_ref", "invalid"}
    return {"reason_required"} if ticket.suggested not in (None, unit) and not step.get("reason") else set()


def _callback(_: dict[str, Any], ticket: Ticket, __: dict[str, Ticket], ___: int) -> set[str]:
    return set() if ticket.status == "resolved" else {OPEN}


def _close(step: dict[str, Any], ticket: Ticket, _: dict[str, Ticket], __: int) -> set[str]:
    return set() if ticket.reached or step.get("reason") else {"reason_required"}


def _ask_return(_: dict[str, Any], ticket: Ticket, __: dict[str, Ticket], ___: int) -> set[str]:
    return set() if ticket.asked is None else {"illegal_move"}


def _grant_return(_: dict[str, Any], ticket: Ticket, __: dict[str, Ticket], ___: int) -> set[str]:
    return {"illegal_move"} if ticket.asked is None else set()


_refuse_return = _grant_return


def _declare_delay(step: dict[str, Any], ticket: Ticket, _: dict[str, Ticket], now: int) -> set[str]:
    codes = set() if ticket.delay is None else {"illegal_move"}
    if step["milestone"] != "close":
        codes.add("invalid")
    if not step.get("reason"):
        codes.add("reason_required")
    if now > ticket.close.due:
        codes.add("too_late")
    if seconds(step["until"]) <= ticket.close.due:
        codes.add("bad_until")
    return codes


def _grant_delay(step: dict[str, Any], ticket: Ticket, _: dict[str, Ticket], __: int) -> set[str]:
    if ticket.delay is None:
        return {"illegal_move"}
    return {"bad_until"} if "until" in step and seconds(step["until"]) <= ticket.close.due else set()


def _refuse_delay(_: dict[str, Any], ticket: Ticket, __: dict[str, Ticket], ___: int) -> set[str]:
    return {"illegal_move"} if ticket.delay is None else set()


def _merge(step: dict[str, Any], ticket: Ticket, tickets: dict[str, Ticket], _: int) -> set[str]:
    target = tickets.get(step["into"])
    if target is None:
        return {"unknown_ref"}
    good = target is not ticket and target.live and target.reported <= ticket.reported
    return set() if good else {"invalid", "illegal_move"}
