"""The one table of moves: what may be done to a ticket, from which status, by whom (contract, "Moves of a ticket").

Actions guard by it, pages and the API offer by it, tests walk it.
"""

from __future__ import annotations

from dataclasses import dataclass

REGISTERED, DISPATCHED, ACCEPTED, ON_SITE = "registered", "dispatched", "accepted", "on_site"
RESOLVED, CLOSED = "resolved", "closed"
ANSWERED, MERGED, WITHDRAWN = "answered", "merged", "withdrawn"

STATUSES = (REGISTERED, DISPATCHED, ACCEPTED, ON_SITE, RESOLVED, CLOSED, ANSWERED, MERGED, WITHDRAWN)
#: With a unit that has not handed in yet.
IN_HAND = frozenset({DISPATCHED, ACCEPTED, ON_SITE})
#: Something is still to be done.
LIVE = frozenset({REGISTERED, *IN_HAND, RESOLVED})

CENTRE = frozenset({"dispatcher", "duty_leader"})
LEADER = frozenset({"duty_leader"})
FIELD = frozenset({"handler", "unit_head"})


@dataclass(frozen=True, slots=True)
class Move:
    """One verb. ``of_unit`` demands the unit that holds the ticket; ``needs`` names a pending request."""

    verb: str
    sources: frozenset[str]
    roles: frozenset[str]
    of_unit: bool = False
    needs: str = ""
    #: Roles that may do it beside the unit's own people, on the unit's word.
    on_word: frozenset[str] = frozenset()


MOVES: dict[str, Move] = {
    move.verb: move
    for move in (
        Move("answer", frozenset({REGISTERED}), CENTRE),
        Move("dispatch", frozenset({REGISTERED}), CENTRE),
        Move("assign", IN_HAND, FIELD, of_unit=True),
        Move("accept", frozenset({DISPATCHED}), FIELD, of_unit=True, on_word=CENTRE),
        Move("arrive", frozenset({DISPATCHED, ACCEPTED}), FIELD, of_unit=True),
        Move("stop_water", frozenset({ACCEPTED, ON_SITE}), FIELD, of_unit=True),
        Move("start_repair", frozenset({ACCEPTED, ON_SITE}), FIELD, of_unit=True),
        Move("finish_repair", frozenset({ACCEPTED, ON_SITE}), FIELD, of_unit=True),
        Move("resolve", frozenset({ACCEPTED, ON_SITE}), FIELD, of_unit=True),
        Move("close", frozenset({RESOLVED}), CENTRE),
        Move("reject", frozenset({RESOLVED}), CENTRE),
        Move("ask_return", IN_HAND, FIELD, of_unit=True),
        Move("grant_return", IN_HAND, CENTRE, needs="return"),
        Move("refuse_return", IN_HAND, CENTRE, needs="return"),
        Move("declare_delay", IN_HAND, FIELD, of_unit=True),
        Move("grant_delay", frozenset({REGISTERED, *IN_HAND}), LEADER, needs="delay"),
        Move("refuse_delay", frozenset({REGISTERED, *IN_HAND}), LEADER, needs="delay"),
        Move("callback", frozenset({RESOLVED, CLOSED, ANSWERED}), CENTRE),
        Move("urge", LIVE, CENTRE | {"integration_client"}),
        Move("supervise", LIVE, LEADER),
        Move("supplement", LIVE, CENTRE | {"integration_client"}),
        Move("merge", frozenset({REGISTERED, *IN_HAND}), CENTRE),
        Move("withdraw", frozenset({REGISTERED, *IN_HAND}), CENTRE | {"integration_client"}),
    )
}


def refusal(
    verb: str, *, status: str, holder: str | None, pending: frozenset[str], role: str, unit: str | None
) -> str | None:
    """Why a move is not allowed, as the contract's code; None if it is.

    ``holder`` is the unit of the open spell, ``pending`` the requests awaiting a decision. Rights come before state: a
    stranger learns that he is one, not what the ticket is doing.
    """
    move = MOVES[verb]
    if role not in move.roles | move.on_word:
        return "wrong_role"
    if move.of_unit and role in move.roles and holder is not None and unit != holder:
        return "wrong_unit"
    if status not in move.sources:
        return "illegal_move"
    if move.needs and move.needs not in pending:
        return "illegal_move"
    if verb == "ask_return" and "return" in pending:
        return "illegal_move"
    if verb == "declare_delay" and "delay" in pending:
        return "illegal_move"
    return None


def available(*, status: str, holder: str | None, pending: frozenset[str], role: str, unit: str | None) -> list[str]:
    """The verbs this person may use on a ticket right now, in the order of the table."""
    return [
        verb
        for verb in MOVES
        if refusal(verb, status=status, holder=holder, pending=pending, role=role, unit=unit) is None
    ]
