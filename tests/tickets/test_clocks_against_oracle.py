"""The fold of ``tickets.clocks`` against the oracle: thousands of random histories, judged after every step."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.oracle import book
from tests.oracle.countdown import Countdown
from tests.oracle.draw import draw
from tests.oracle.instants import DAY, MINUTE, seconds
from tests.oracle.moves import VERBS
from tests.oracle.ticket import Ticket
from tests.oracle.verdict import judge
from tests.oracle.world import World
from tickets import clocks

HISTORIES = 1500
PARTS = 5


def at(second: int | None) -> datetime | None:
    """The instant of the oracle's second."""
    return None if second is None else datetime.fromtimestamp(second, UTC)


@dataclass
class Recorded:
    """What the product would have on record: the steps that were not refused, ticket by ticket."""

    world: World = field(default_factory=World)
    steps: dict[str, list[clocks.Step]] = field(default_factory=dict)

    def take(self, step: dict[str, Any]) -> None:
        """Play a step and put it on record unless it is refused."""
        refused, known = self.world.step(step), self.world.tickets.get(step.get("ref", ""))
        if not refused and known is not None and step["do"] in {"report", *VERBS} - {"callback"}:
            self._record(step, known)

    def _record(self, step: dict[str, Any], ticket: Ticket) -> None:
        verb, now = step["do"], self.world.now
        dispatched = verb == "dispatch"
        rows = self.steps.setdefault(ticket.ref, [])
        rows.append(
            clocks.Step(
                seq=len(rows) + 1,
                verb=verb,
                at=at(now),
                unit=ticket.spells[-1].unit if dispatched else None,
                until=at(seconds(step["until"])) if "until" in step else None,
                starts=tuple(
                    clocks.Start(clock.kind, at(clock.started), clock.length // MINUTE, "oracle")
                    for clock in ticket.clocks
                    if verb == "report" or (dispatched and clock.spell == len(ticket.spells) - 1)
                ),
            )
        )

    def faults(self) -> list[clocks.Fault]:
        """The calls so far."""
        return [clocks.Fault(fault.unit, at(fault.call), at(fault.until)) for fault in self.world.faults]


def said(ticket: Ticket, clock: Countdown, world: World) -> tuple[Any, ...]:
    """The oracle's word on a clock."""
    verdict, unit = judge(ticket, clock, world.faults, world.now)
    return clock.kind, at(clock.started), at(clock.first_due), at(clock.due), at(clock.met_at), verdict, unit


def folded(recorded: Recorded, ref: str) -> list[tuple[Any, ...]]:
    """The product's word on every clock of a ticket."""
    state, now = clocks.run(recorded.steps[ref]), at(recorded.world.now)
    rows = []
    for clock in state.clocks:
        word = clocks.judge(state, clock, now=now, faults=recorded.faults())
        rows.append(
            (clock.kind, clock.starts_at, clock.first_due_at, clock.due_at, clock.met_at, word.verdict, word.unit)
        )
    return rows


def agree(recorded: Recorded, seed: int) -> None:
    """Status, clocks and shares of every ticket, as things stand."""
    world = recorded.world
    for ref, ticket in world.tickets.items():
        state = clocks.run(recorded.steps[ref])
        where = f"seed {seed}, ticket {ref}, after step {world.count - 1}"
        assert state.status == ticket.status, where
        expected = [said(ticket, clock, world) for clock in ticket.clocks]
        assert sorted(folded(recorded, ref), key=str) == sorted(expected, key=str), where
        held = clocks.shares(state, state.close_clock)
        for unit in {book.CENTRE, *(spell.unit for spell in ticket.spells)}:
            length = held.get(unit, timedelta(0))
            assert length == timedelta(seconds=ticket.held(unit, ticket.close.due)), f"{where}, share of {unit}"


@pytest.mark.parametrize("part", range(PARTS))
def test_fold_says_what_the_oracle_says(part: int) -> None:
    for seed in range(part, HISTORIES, PARTS):
        recorded = Recorded()
        for step in draw(seed):
            recorded.take(step)
            if step["do"] in VERBS:
                agree(recorded, seed)
        for later in (1, MINUTE, DAY):
            for ticket in recorded.world.tickets.values():
                ticket.tick(recorded.world.now + later)
            recorded.world.now += later
            agree(recorded, seed)
