"""Why every clock of a ticket stands as it does: rule, start, arithmetic, due, met, verdict, whose time it was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from tickets import clocks
from tickets.clocks import Clock, Judgement
from tickets.models import Ticket
from tickets.queries.history import faults_of, history


@dataclass(frozen=True)
class Moved:
    """Why a due instant is not the first one: ``delay`` granted, or ``return`` undecided, by how much."""

    why: str
    by: timedelta


@dataclass(frozen=True)
class Explained:
    """One clock with its verdict and the time each unit held the ticket while it ran."""

    clock: Clock
    judgement: Judgement
    allowed: timedelta
    moved: Moved | None
    shares: dict[str, timedelta]
    standing: bool
    provisional: bool

    @property
    def over(self) -> timedelta | None:
        """How much too late it was met; None where it was not, or not yet."""
        met = self.clock.met_at
        return met - self.clock.due_at if met is not None and met > self.clock.due_at else None


def explain(ticket: Ticket, *, now: datetime) -> list[Explained]:
    """Every clock of the ticket at ``now``, in the order they started."""
    steps, _breached = history(ticket.pk)
    state = clocks.run(steps)
    faults = faults_of(steps)
    explained = []
    for clock in sorted(state.clocks, key=lambda c: (c.starts_at, c.kind, c.key)):
        judgement = clocks.judge(state, clock, now=now, faults=faults)
        moved = clock.due_at - clock.first_due_at
        explained.append(
            Explained(
                clock=clock,
                judgement=judgement,
                allowed=clock.first_due_at - clock.starts_at,
                moved=Moved("delay" if clock.kind == "close" else "return", moved) if moved else None,
                shares=clocks.shares(state, clock, until=clock.met_at or now) if clock.spell is None else {},
                standing=clock.stands_since is not None
                or (clock.kind == "close" and clock.open and state.delay_until is not None),
                provisional=clock.kind == "close" and state.status == "resolved" and clock.met_at is not None,
            )
        )
    return explained
