"""The clocks of a ticket: what meets them, what moves them, who answers. Told in minutes from the report."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tickets import clocks
from tickets.clocks import Clock, Fault, Start, State, Step
from units.actors import CENTRE

T0 = datetime.fromisoformat("2026-03-02T09:00:00+08:00")
TICK = 1 / 60_000_000
PIPES, METERS = "pipe-network", "meter-replacement"
CLOSE = 2880


def at(minute: float) -> datetime:
    """An instant."""
    return T0 + timedelta(minutes=minute)


def told(*steps: tuple[Any, ...]) -> State:
    """Replay (minute, verb[, keys]): a report starts two clocks of the case, a dispatch the three of a leak."""
    recorded = []
    for seq, (minute, verb, *rest) in enumerate(steps, start=1):
        keys: dict[str, Any] = dict(rest[0]) if rest else {}
        kinds = {"report": {"close": CLOSE, "start_repair": 720}, "reopen": {"close": CLOSE}}.get(verb, {})
        if verb == "dispatch":
            kinds = {"accept": 20, "on_site": 40, "repair": 1440}
            keys.setdefault("unit", PIPES)
        if "until" in keys:
            keys["until"] = at(keys["until"])
        starts = tuple(Start(kind, at(minute), length, "Art. 16") for kind, length in kinds.items())
        recorded.append(Step(seq, verb, at(minute), starts=starts, **keys))
    return clocks.run(recorded)


def clock(state: State, kind: str) -> Clock:
    """The last clock of a kind."""
    return [c for c in state.clocks if c.kind == kind][-1]


def verdict(state: State, kind: str, now: float = 99_999, *faults: Fault) -> str:
    """The verdict on the last clock of a kind."""
    return clocks.judge(state, clock(state, kind), now=at(now), faults=faults).verdict


def unit(state: State, kind: str, now: float = 99_999) -> str:
    """The unit judged."""
    return clocks.judge(state, clock(state, kind), now=at(now)).unit


REPORT, DISPATCH = (0, "report"), (0, "dispatch")


@pytest.mark.parametrize(
    ("kind", "verbs"),
    [
        ("accept", {"accept", "arrive"}),
        ("on_site", {"arrive", "start_repair", "finish_repair", "resolve"}),
        ("repair", {"finish_repair", "resolve"}),
        ("start_repair", {"start_repair", "finish_repair", "resolve"}),
        ("close", {"resolve"}),
    ],
)
def test_a_clock_is_met_by_these_steps_and_no_others(kind: str, verbs: set[str]) -> None:
    others = [
        "accept",
        "arrive",
        "stop_water",
        "start_repair",
        "finish_repair",
        "resolve",
        "urge",
        "assign",
        "callback",
    ]
    meeting = {verb for verb in others if clock(told(REPORT, DISPATCH, (5, verb)), kind).met_at is not None}
    assert meeting == verbs


@pytest.mark.parametrize(("minute", "expected"), [(19.99, "met"), (20, "met"), (20 + TICK, "late"), (500, "late")])
def test_exactly_at_the_due_instant_is_met(minute: float, expected: str) -> None:
    assert verdict(told(REPORT, DISPATCH, (minute, "accept")), "accept") == expected


@pytest.mark.parametrize(("now", "expected"), [(19, "pending"), (20, "pending"), (20 + TICK, "late")])
def test_an_open_clock_is_late_once_its_due_instant_has_passed(now: float, expected: str) -> None:
    assert verdict(told(REPORT, DISPATCH), "accept", now) == expected


def test_once_met_later_steps_move_nothing() -> None:
    state = told(
        REPORT, DISPATCH, (5, "accept"), (10, "arrive"), (30, "arrive"), (50, "finish_repair"), (60, "resolve")
    )
    assert clock(state, "accept").met_at == at(5)
    assert clock(state, "on_site").met_at == at(10)
    assert clock(state, "repair").met_at == at(50)


def test_steps_of_one_instant_take_effect_in_order() -> None:
    state = told(REPORT, DISPATCH, (0, "accept"), (0, "arrive"), (0, "resolve"), (0, "close"))
    assert state.status == "closed"
    assert {verdict(state, kind) for kind in ("accept", "on_site", "repair", "close")} == {"met"}


@pytest.mark.parametrize(
    ("steps", "status"),
    [
        ([], "registered"),
        ([(1, "answer")], "answered"),
        ([(1, "dispatch")], "dispatched"),
        ([(1, "dispatch"), (2, "accept")], "accepted"),
        ([(1, "dispatch"), (2, "arrive")], "on_site"),
        ([(1, "dispatch"), (2, "accept"), (3, "stop_water")], "accepted"),
        ([(1, "dispatch"), (2, "arrive"), (3, "resolve")], "resolved"),
        ([(1, "dispatch"), (2, "arrive"), (3, "resolve"), (4, "reject")], "on_site"),
        ([(1, "dispatch"), (2, "accept"), (3, "resolve"), (4, "reject")], "accepted"),
        ([(1, "dispatch"), (2, "accept"), (3, "resolve"), (4, "close")], "closed"),
        ([(1, "dispatch"), (2, "accept"), (3, "ask_return"), (4, "grant_return")], "registered"),
        ([(1, "dispatch"), (2, "accept"), (3, "ask_return"), (4, "refuse_return")], "accepted"),
        ([(1, "merge")], "merged"),
        ([(1, "dispatch"), (2, "withdraw")], "withdrawn"),
    ],
)
def test_the_status_follows_from_the_steps(steps: list[tuple[Any, ...]], status: str) -> None:
    assert told(REPORT, *steps).status == status


# ---- returns


def test_while_a_return_is_undecided_the_units_clocks_are_not_judged_and_the_tier_is() -> None:
    state = told(REPORT, DISPATCH, (10, "ask_return"))
    assert [verdict(state, kind) for kind in ("accept", "on_site", "repair")] == ["pending"] * 3
    assert verdict(state, "close") == "late"


def test_a_refused_return_moves_the_due_by_the_time_the_centre_took() -> None:
    state = told(REPORT, DISPATCH, (10, "ask_return"), (75, "refuse_return"))
    assert clock(state, "accept").due_at == at(20 + 65)
    assert clock(state, "accept").first_due_at == at(20)
    assert clock(state, "close").due_at == at(CLOSE)


def test_two_refused_returns_move_it_twice() -> None:
    state = told(REPORT, DISPATCH, (5, "ask_return"), (10, "refuse_return"), (12, "ask_return"), (19, "refuse_return"))
    assert clock(state, "accept").due_at == at(20 + 5 + 7)


@pytest.mark.parametrize(("asked", "expected"), [(20, "cancelled"), (20 + TICK, "late")])
def test_a_clock_late_at_the_ask_stays_late(asked: float, expected: str) -> None:
    state = told(REPORT, DISPATCH, (asked, "ask_return"), (60, "grant_return"))
    assert verdict(state, "accept") == expected


def test_a_clock_late_at_the_ask_is_not_moved_by_a_refusal() -> None:
    state = told(REPORT, DISPATCH, (30, "ask_return"), (60, "refuse_return"))
    assert clock(state, "accept").due_at == at(20)
    assert clock(state, "on_site").due_at == at(40 + 30)


def test_what_is_done_meanwhile_is_met_and_keeps_its_due() -> None:
    for answer in ("grant_return", "refuse_return"):
        state = told(REPORT, DISPATCH, (10, "ask_return"), (50, "arrive"), (60, answer))
        assert (verdict(state, "accept"), verdict(state, "on_site")) == ("met", "met")
        assert clock(state, "on_site").due_at == at(40)


def test_a_resolve_lets_the_request_lapse() -> None:
    state = told(REPORT, DISPATCH, (5, "accept"), (10, "ask_return"), (15, "resolve"))
    assert state.return_asked_at is None


def test_a_rejected_resolve_gives_back_the_time_the_clock_had_stood() -> None:
    state = told(REPORT, DISPATCH, (5, "accept"), (10, "ask_return"), (25, "resolve"), (30, "reject"))
    assert clock(state, "on_site").due_at == at(40 + 15)
    assert clock(state, "on_site").met_at is None


def test_after_a_granted_return_the_next_unit_has_clocks_of_its_own() -> None:
    state = told(
        REPORT, DISPATCH, (10, "ask_return"), (15, "grant_return"), (30, "dispatch", {"unit": METERS}), (45, "accept")
    )
    first, second = [c for c in state.clocks if c.kind == "accept"]
    assert clocks.judge(state, first, now=at(99)).verdict == "cancelled"
    assert (second.due_at, second.met_at) == (at(50), at(45))
    assert (state.unit, state.spell.unit) == (METERS, METERS)


# ---- delays


def test_an_undecided_delay_holds_the_verdict_of_the_tier_alone() -> None:
    state = told(REPORT, DISPATCH, (10, "declare_delay", {"until": CLOSE + 60}))
    assert verdict(state, "close") == "pending"
    assert verdict(state, "accept") == "late"


@pytest.mark.parametrize(("granted", "due"), [({}, CLOSE + 60), ({"until": CLOSE + 600}, CLOSE + 600)])
def test_a_granted_delay_moves_the_due_to_what_was_granted(granted: dict[str, float], due: float) -> None:
    state = told(REPORT, DISPATCH, (10, "declare_delay", {"until": CLOSE + 60}), (CLOSE + 30, "grant_delay", granted))
    assert clock(state, "close").due_at == at(due)
    assert clock(state, "close").first_due_at == at(CLOSE)


def test_a_refused_delay_leaves_the_due_and_its_verdict() -> None:
    state = told(REPORT, DISPATCH, (10, "declare_delay", {"until": CLOSE + 60}), (CLOSE + 1, "refuse_delay"))
    assert verdict(state, "close", CLOSE + 2) == "late"


def test_resolved_after_the_due_without_a_grant_is_late() -> None:
    state = told(REPORT, DISPATCH, (9, "accept"), (10, "declare_delay", {"until": CLOSE + 60}), (CLOSE + 1, "resolve"))
    assert verdict(state, "close") == "late"
    assert state.delay_until is None


def test_a_delay_outlives_a_granted_return() -> None:
    state = told(
        REPORT, DISPATCH, (10, "declare_delay", {"until": CLOSE + 60}), (11, "ask_return"), (12, "grant_return")
    )
    assert state.delay_until == at(CLOSE + 60)
    assert verdict(state, "close") == "pending"


# ---- handing in


def test_a_rejected_resolve_takes_back_what_it_met_and_no_more() -> None:
    state = told(REPORT, DISPATCH, (5, "accept"), (10, "arrive"), (30, "resolve"), (50, "reject"))
    assert [clock(state, kind).met_at for kind in ("accept", "on_site")] == [at(5), at(10)]
    assert [clock(state, kind).met_at for kind in ("repair", "close", "start_repair")] == [None] * 3


def test_a_rejected_reply_leaves_what_was_met() -> None:
    state = told(REPORT, DISPATCH, (5, "accept"), (30, "resolve"), (50, "reject", {"kind": "reply"}))
    assert verdict(state, "close") == "met"
    assert state.status == "accepted"


def test_a_reopened_ticket_has_a_tier_of_its_own_and_the_first_verdict_stands() -> None:
    state = told(REPORT, DISPATCH, (5, "accept"), (CLOSE + 5, "resolve"), (CLOSE + 6, "close"), (CLOSE + 9, "reopen"))
    first, second = [c for c in state.clocks if c.kind == "close"]
    assert clocks.judge(state, first, now=at(CLOSE + 10)).verdict == "late"
    assert (second.round, second.due_at) == (2, at(CLOSE + 9 + CLOSE))
    assert state.close_clock is second


def test_only_a_callback_that_does_not_find_it_unsolved_counts_and_only_since_the_resolve() -> None:
    until_resolved = [REPORT, DISPATCH, (5, "accept"), (6, "resolve")]
    assert told(*until_resolved, (7, "callback", {"kind": "solved"})).callback_since_resolve
    assert not told(*until_resolved, (7, "callback", {"kind": "open"})).callback_since_resolve
    again = [(7, "callback", {"kind": "solved"}), (8, "reject"), (9, "resolve")]
    assert not told(*until_resolved, *again).callback_since_resolve


@pytest.mark.parametrize("verb", ["merge", "withdraw"])
def test_what_ends_a_ticket_cancels_its_open_clocks_and_leaves_the_late_ones(verb: str) -> None:
    state = told(REPORT, DISPATCH, (25, verb))
    assert verdict(state, "accept") == "late"
    assert [verdict(state, kind) for kind in ("on_site", "repair", "close")] == ["cancelled"] * 3


@pytest.mark.parametrize(("minute", "expected"), [(20, "cancelled"), (20 + TICK, "late")])
def test_withdrawn_exactly_at_the_due_is_not_late(minute: float, expected: str) -> None:
    assert verdict(told(REPORT, DISPATCH, (minute, "withdraw")), "accept") == expected


# ---- faults


def fault(start: float, until: float, unit: str = PIPES) -> Fault:
    """A call about a failed system."""
    return Fault(unit, at(start), at(until))


@pytest.mark.parametrize(
    ("start", "until", "expected"),
    [
        (10, 60, "excused"),
        (20, 60, "excused"),
        (20 + TICK, 60, "late"),
        (10, 50, "excused"),
        (10, 50 - TICK, "late"),
        (5, 20, "late"),
    ],
)
def test_a_fault_excuses_an_acceptance_due_within_it_and_met_before_its_end(
    start: float, until: float, expected: str
) -> None:
    assert verdict(told(REPORT, DISPATCH, (50, "accept")), "accept", 99, fault(start, until)) == expected


@pytest.mark.parametrize(("now", "expected"), [(60, "pending"), (60 + TICK, "late")])
def test_a_clock_under_a_fault_is_judged_after_it(now: float, expected: str) -> None:
    state = told(REPORT, DISPATCH)
    judgement = clocks.judge(state, clock(state, "accept"), now=at(now), faults=[fault(10, 60)])
    assert judgement.verdict == expected
    assert judgement.judged_from == (at(60) if expected == "pending" else None)


def test_a_fault_excuses_neither_arrival_nor_repair_nor_another_unit() -> None:
    state = told(REPORT, DISPATCH, (5, "accept"), (50, "arrive"), (1500, "resolve"))
    assert verdict(state, "on_site", 9999, fault(1, 9000)) == "late"
    assert verdict(state, "repair", 9999, fault(1, 9000)) == "late"
    assert verdict(told(REPORT, DISPATCH, (50, "accept")), "accept", 99, fault(1, 90, METERS)) == "late"


def test_of_two_faults_the_longer_counts() -> None:
    state = told(REPORT, DISPATCH, (70, "accept"))
    assert verdict(state, "accept", 99, fault(10, 30), fault(15, 80)) == "excused"


# ---- whose time it was


def test_a_spell_holds_its_first_instant_and_not_its_end() -> None:
    state = told(REPORT, (10, "dispatch"), (20, "ask_return"), (30, "grant_return"), (40, "dispatch", {"unit": METERS}))
    holders = [state.holder(at(minute)) for minute in (9, 10, 20 - TICK, 20, 39, 40, 9999)]
    assert holders == [CENTRE, PIPES, PIPES, CENTRE, CENTRE, METERS, METERS]


def test_the_tier_is_late_for_whoever_held_the_ticket_when_it_fell_due() -> None:
    assert unit(told(REPORT), "close") == CENTRE
    assert unit(told(REPORT, DISPATCH), "close") == PIPES
    assert unit(told(REPORT, DISPATCH, (5, "ask_return"), (CLOSE + 5, "grant_return")), "close") == CENTRE
    assert unit(told(REPORT, (CLOSE, "dispatch")), "close") == PIPES
    assert unit(told(REPORT, (CLOSE + TICK, "dispatch")), "close") == CENTRE


def test_a_units_own_clock_is_its_own_whoever_holds_the_ticket_later() -> None:
    state = told(REPORT, DISPATCH, (30, "ask_return"), (31, "grant_return"), (32, "dispatch", {"unit": METERS}))
    first = next(c for c in state.clocks if c.kind == "accept")
    assert clocks.judge(state, first, now=at(99)).unit == PIPES


def test_shares_add_up_to_the_whole_and_the_centre_has_the_rest() -> None:
    state = told(
        REPORT,
        (60, "dispatch"),
        (360, "ask_return"),
        (400, "grant_return"),
        (460, "dispatch", {"unit": METERS}),
        (500, "ask_return"),
        (520, "grant_return"),
        (560, "dispatch"),
    )
    shares = clocks.shares(state, clock(state, "close"))
    hours = {name: held / timedelta(minutes=1) for name, held in shares.items()}
    assert hours == {PIPES: 300 + (CLOSE - 560), METERS: 40, CENTRE: 60 + 100 + 60}
    assert sum(hours.values()) == CLOSE


def test_a_ticket_handed_in_and_not_closed_is_still_the_units() -> None:
    state = told(REPORT, DISPATCH, (5, "accept"), (CLOSE - 10, "resolve"), (CLOSE + 10, "reject"))
    assert clocks.shares(state, clock(state, "close")) == {PIPES: timedelta(minutes=CLOSE)}
    assert unit(state, "close") == PIPES


def test_replaying_twice_gives_the_same_and_judging_changes_nothing() -> None:
    steps = [
        REPORT,
        DISPATCH,
        (10, "ask_return"),
        (30, "refuse_return"),
        (35, "accept"),
        (40, "resolve"),
        (41, "reject"),
    ]
    one, two = told(*steps), told(*steps)
    before = repr(one)
    for each in one.clocks:
        clocks.judge(one, each, now=at(5000), faults=[fault(1, 9)])
        clocks.shares(one, each)
    assert repr(one) == before == repr(two)
