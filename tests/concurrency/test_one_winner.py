"""Many workers, one ticket: every step happens once, and whoever comes too late hears so."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from tests.concurrency.racing import all_read_before_one_writes, code, race
from tests.factories import DISPATCHER, HANDLER, T0, UNIT, dispatched, minutes, reported
from tickets.actions import dispatching, ending, field_work, following
from tickets.models import Event, Spell, Ticket

CALLERS = 32
SOON = T0 + minutes(5)

pytestmark = pytest.mark.usefixtures("committed")


def _accept_at_once(ticket: Ticket, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    all_read_before_one_writes(monkeypatch, CALLERS)
    outcomes = race(*[lambda: field_work.accept(ticket, by=HANDLER, at=SOON)] * CALLERS)
    return Counter(code(outcome) for outcome in outcomes)


def _verbs(ticket: Ticket) -> Counter[str]:
    return Counter(Event.objects.filter(ticket=ticket).values_list("verb", flat=True))


def test_of_many_who_accept_at_once_one_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = dispatched()
    assert _accept_at_once(ticket, monkeypatch) == {"done": 1, "illegal_move": CALLERS - 1}
    assert _verbs(ticket) == {"report": 1, "dispatch": 1, "accept": 1}
    ticket.refresh_from_db()
    assert (ticket.status, ticket.last_seq) == ("accepted", 3)


def test_without_the_guard_on_the_last_step_the_losers_are_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test above can fail: with ``last_seq`` out of the condition, callers write over each other."""
    ticket = dispatched()
    guarded = Ticket.objects.filter

    def unguarded(**conditions: Any) -> Any:
        conditions.pop("last_seq", None)
        return guarded(**conditions)

    monkeypatch.setattr(Ticket.objects, "filter", unguarded)
    # What is left to stop a second acceptance is the unique (ticket, seq), and that is no answer to give to anybody.
    assert _accept_at_once(ticket, monkeypatch) == {"done": 1, "IntegrityError": CALLERS - 1}


def test_every_one_of_many_urgings_is_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = dispatched()
    all_read_before_one_writes(monkeypatch, 16)
    outcomes = race(*[lambda: following.urge(ticket, by=DISPATCHER, at=SOON)] * 16)
    assert Counter(map(code, outcomes)) == {"done": 16}
    assert list(Event.objects.filter(ticket=ticket).order_by("seq").values_list("seq", flat=True)) == list(range(1, 19))
    assert _verbs(ticket)["urge"] == 16


def test_a_ticket_is_dispatched_or_withdrawn_or_both_in_that_order() -> None:
    for _round in range(5):
        ticket = reported()
        sent, taken_back = race(
            lambda ticket=ticket: dispatching.dispatch(ticket, by=DISPATCHER, at=SOON, unit=UNIT),
            lambda ticket=ticket: ending.withdraw(ticket, by=DISPATCHER, at=SOON),
        )
        assert code(taken_back) == "done"
        assert code(sent) in {"done", "illegal_move"}
        ticket.refresh_from_db()
        assert ticket.status == "withdrawn"
        verbs = list(Event.objects.filter(ticket=ticket).order_by("seq").values_list("verb", flat=True))
        assert verbs == (["report", "dispatch", "withdraw"] if code(sent) == "done" else ["report", "withdraw"])
        assert not Spell.objects.filter(ticket=ticket, ended_at=None).exists()
        assert not ticket.milestones.filter(judged_from__isnull=False).exists()


def test_of_many_dispatches_at_once_one_opens_a_spell(monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = reported()
    all_read_before_one_writes(monkeypatch, 4)
    outcomes = race(
        *[lambda: dispatching.dispatch(ticket, by=DISPATCHER, at=SOON, unit=UNIT)] * 4,
    )
    assert Counter(map(code, outcomes)) == {"done": 1, "illegal_move": 3}
    assert Spell.objects.filter(ticket=ticket).count() == 1
    assert ticket.milestones.filter(kind="accept").count() == 1


def test_two_tickets_merged_into_each_other_at_once_leave_one(monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = reported(), reported()
    all_read_before_one_writes(monkeypatch, 2)
    outcomes = race(
        lambda: ending.merge(one, into=other, by=DISPATCHER, at=SOON),
        lambda: ending.merge(other, into=one, by=DISPATCHER, at=SOON),
    )
    assert Counter(map(code, outcomes)) == {"done": 1, "illegal_move": 1}
    assert sorted(Ticket.objects.values_list("status", flat=True)) == ["merged", "registered"]
