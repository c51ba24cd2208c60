"""The contract's table of moves: from which status, by whom, and with which codes a step may be refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.oracle import book
from tests.oracle.instants import seconds
from tests.oracle.ticket import FIELD, OVER, Ticket

WORKING = {"accepted", "on_site"}
BEFORE_RESOLVED = {"registered", *FIELD}
ANY_LIVE = {*BEFORE_RESOLVED, "resolved"}
FROM: dict[str, set[str]] = {
    "answer": {"registered"},
    "dispatch": {"registered"},
    "assign": FIELD,
    "accept": {"dispatched"},
    "arrive": {"dispatched", "accepted"},
    "stop_water": WORKING,
    "start_repair": WORKING,
    "finish_repair": WORKING,
    "resolve": WORKING,
    "close": {"resolved"},
    "reject": {"resolved"},
    "ask_return": FIELD,
    "declare_delay": FIELD,
    "grant_return": ANY_LIVE,
    "refuse_return": ANY_LIVE,
    "grant_delay": ANY_LIVE,
    "refuse_delay": ANY_LIVE,
    "urge": ANY_LIVE,
    "supervise": ANY_LIVE,
    "supplement": ANY_LIVE,
    "merge": BEFORE_RESOLVED,
    "withdraw": BEFORE_RESOLVED,
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


@dataclass(frozen=True)
class Attempt:
    """A step about to be taken on a ticket."""

    step: dict[str, Any]
    ticket: Ticket
    tickets: dict[str, Ticket]
    now: int

    def codes(self) -> set[str]:
        """Every code the step may be refused with; none if it is allowed."""
        verb = self.step["do"]
        codes = set() if self.ticket.status in FROM[verb] else {"illegal_move"}
        more = MORE.get(verb)
        return codes | self._actor(verb) | (more(self) if more else set())

    def _actor(self, verb: str) -> set[str]:
        by, spell = self.step.get("by"), self.ticket.spell
        if by is None:
            return set()
        if verb == "supervise" and by == "dispatcher":
            return {OPEN}
        if verb not in FIELD_VERBS:
            return set() if by == "duty_leader" or (by == "dispatcher" and verb not in LEADERS) else {"wrong_role"}
        if by in book.UNITS:
            return set() if spell and spell.unit == by else {"wrong_unit"}
        return set() if verb == "accept" and by in {"dispatcher", "duty_leader"} else {"wrong_role"}


def _dispatch(attempt: Attempt) -> set[str]:
    unit, suggested = attempt.step.get("unit"), attempt.ticket.suggested
    if unit is None:
        return set() if suggested else {"no_suggestion"}
    if unit not in book.UNITS:
        return {"unknown_ref", "invalid"}
    return {"reason_required"} if suggested not in (None, unit) and not attempt.step.get("reason") else set()


def _callback(attempt: Attempt) -> set[str]:
    return set() if attempt.ticket.status == "resolved" else {OPEN}


def _close(attempt: Attempt) -> set[str]:
    return set() if attempt.ticket.reached or attempt.step.get("reason") else {"reason_required"}


def _ask_return(attempt: Attempt) -> set[str]:
    return set() if attempt.ticket.asked is None else {"illegal_move"}


def _decide_return(attempt: Attempt) -> set[str]:
    return {"illegal_move"} if attempt.ticket.asked is None else set()


def _declare_delay(attempt: Attempt) -> set[str]:
    step, ticket = attempt.step, attempt.ticket
    broken = {
        "illegal_move": ticket.delay is not None,
        "invalid": step["milestone"] != "close",
        "reason_required": not step.get("reason"),
        "too_late": attempt.now > ticket.close.due,
        "bad_until": seconds(step["until"]) <= ticket.close.due,
    }
    return {code for code, holds in broken.items() if holds}


def _grant_delay(attempt: Attempt) -> set[str]:
    step, ticket = attempt.step, attempt.ticket
    if ticket.delay is None:
        return {"illegal_move"}
    return {"bad_until"} if "until" in step and seconds(step["until"]) <= ticket.close.due else set()


def _refuse_delay(attempt: Attempt) -> set[str]:
    return {"illegal_move"} if attempt.ticket.delay is None else set()


def _merge(attempt: Attempt) -> set[str]:
    ticket, target = attempt.ticket, attempt.tickets.get(attempt.step["into"])
    if target is None:
        return {"unknown_ref"}
    good = target is not ticket and target.live and target.reported <= ticket.reported
    return set() if good else {"invalid", "illegal_move"}


MORE: dict[str, Callable[[Attempt], set[str]]] = {
    "dispatch": _dispatch,
    "callback": _callback,
    "close": _close,
    "ask_return": _ask_return,
    "grant_return": _decide_return,
    "refuse_return": _decide_return,
    "declare_delay": _declare_delay,
    "grant_delay": _grant_delay,
    "refuse_delay": _refuse_delay,
    "merge": _merge,
}
