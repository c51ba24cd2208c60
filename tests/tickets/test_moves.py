"""Who may do what, and when: the code's table against the contract's, every verb, status, role and unit."""

from __future__ import annotations

from itertools import product

import pytest

from tickets import moves
from units.actors import ROLES

# Written from the contract, "Moves of a ticket", with a letter for each status.
LETTERS = {
    "r": "registered",
    "d": "dispatched",
    "a": "accepted",
    "s": "on_site",
    "f": "resolved",
    "c": "closed",
    "w": "answered",
    "m": "merged",
    "x": "withdrawn",
}
UNIT_PEOPLE = {"handler", "unit_head"}
# A duty leader may do all that a dispatcher may.
CENTRE = {"dispatcher", "duty_leader"}
LEADER = {"duty_leader"}
CLIENT = {"integration_client"}

#: verb → from, roles of the unit that holds it, other roles, the request it needs, the request that forbids it.
CONTRACT: dict[str, tuple[str, set[str], set[str], str, str]] = {
    "answer": ("r", set(), CENTRE, "", ""),
    "dispatch": ("r", set(), CENTRE, "", ""),
    "assign": ("das", UNIT_PEOPLE, set(), "", ""),
    "accept": ("d", UNIT_PEOPLE, CENTRE, "", ""),
    "arrive": ("da", UNIT_PEOPLE, set(), "", ""),
    "stop_water": ("as", UNIT_PEOPLE, set(), "", ""),
    "start_repair": ("as", UNIT_PEOPLE, set(), "", ""),
    "finish_repair": ("as", UNIT_PEOPLE, set(), "", ""),
    "resolve": ("as", UNIT_PEOPLE, set(), "", ""),
    "close": ("f", set(), CENTRE, "", ""),
    "reject": ("f", set(), CENTRE, "", ""),
    "reopen": ("c", set(), LEADER, "", ""),
    "ask_return": ("das", UNIT_PEOPLE, set(), "", "return"),
    "grant_return": ("das", set(), CENTRE, "return", ""),
    "refuse_return": ("das", set(), CENTRE, "return", ""),
    "declare_delay": ("das", UNIT_PEOPLE, set(), "", "delay"),
    "grant_delay": ("rdas", set(), LEADER, "delay", ""),
    "refuse_delay": ("rdas", set(), LEADER, "delay", ""),
    "reclassify": ("rdasf", set(), CENTRE, "", ""),
    "urge": ("rdasf", set(), CENTRE | CLIENT, "", ""),
    "supervise": ("rdasf", set(), LEADER, "", ""),
    "supplement": ("rdasf", set(), CENTRE | CLIENT, "", ""),
    "callback": ("fcw", set(), CENTRE, "", ""),
    "merge": ("rdas", set(), CENTRE, "", ""),
    "withdraw": ("rdas", set(), CENTRE | CLIENT, "", ""),
    "admit_time": ("rdasfcwmx", set(), LEADER, "", ""),
}
#: In the contract, and not an action of the product so far.
NOT_OFFERED = {"reopen", "reclassify", "admit_time"}

HOLDING = set("dasf")
PENDING = [frozenset(), frozenset({"return"}), frozenset({"delay"}), frozenset({"return", "delay"})]


def test_the_table_holds_the_verbs_of_the_contract() -> None:
    assert set(moves.MOVES) | NOT_OFFERED == set(CONTRACT)
    assert set(moves.STATUSES) == set(LETTERS.values())


@pytest.mark.parametrize("verb", moves.MOVES)
def test_a_move_is_allowed_exactly_where_the_contract_allows_it(verb: str) -> None:
    sources, unit_roles, other_roles, needs, forbidden_by = CONTRACT[verb]
    for letter, role, unit, pending in product(LETTERS, sorted(ROLES), ("own", "other", None), PENDING):
        holder = "own" if letter in HOLDING else None
        if role not in unit_roles | other_roles:
            expected = "wrong_role"
        elif role in unit_roles and holder is not None and unit != holder:
            expected = "wrong_unit"
        elif letter not in sources or (needs and needs not in pending) or forbidden_by in pending:
            expected = "illegal_move"
        else:
            expected = None
        found = moves.refusal(verb, status=LETTERS[letter], holder=holder, pending=pending, role=role, unit=unit)
        assert found == expected, (verb, LETTERS[letter], role, unit, sorted(pending))


def test_what_is_offered_is_what_is_not_refused() -> None:
    for letter, role, unit, pending in product(LETTERS, sorted(ROLES), ("own", "other"), PENDING):
        holder = "own" if letter in HOLDING else None
        asked = {"status": LETTERS[letter], "holder": holder, "pending": pending, "role": role, "unit": unit}
        assert moves.available(**asked) == [verb for verb in moves.MOVES if moves.refusal(verb, **asked) is None]


@pytest.mark.parametrize("role", sorted(ROLES - CENTRE - UNIT_PEOPLE - CLIENT))
def test_roles_that_only_look_are_offered_nothing(role: str) -> None:
    for letter, pending in product(LETTERS, PENDING):
        assert not moves.available(status=LETTERS[letter], holder=None, pending=pending, role=role, unit=None)


def test_live_is_what_still_wants_doing() -> None:
    assert {LETTERS[letter] for letter in "rdasf"} == moves.LIVE
    assert {LETTERS[letter] for letter in "das"} == moves.IN_HAND
