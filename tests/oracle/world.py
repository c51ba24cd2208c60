"""Playing a scenario from its steps to what the contract says of them."""

from __future__ import annotations

from typing import Any

from tests.oracle import book, moves
from tests.oracle.instants import seconds, written
from tests.oracle.months import Miss, Months, misses
from tests.oracle.ticket import Ticket
from tests.oracle.verdict import Fault, judge


class World:
    """Tickets, faults and months, step by step."""

    def __init__(self) -> None:
        self.now = 0
        self.tickets: dict[str, Ticket] = {}
        self.faults: list[Fault] = []
        self.months = Months()
        #: Step → the codes it may be refused with.
        self.refused: dict[int, set[str]] = {}
        self.count = 0

    def step(self, step: dict[str, Any]) -> set[str]:
        """Take one step; the codes if it is refused."""
        self.now = seconds(step["at"])
        for ticket in self.tickets.values():
            ticket.tick(self.now)
        codes = self._step(step)
        if codes:
            self.refused[self.count] = codes
        self.count += 1
        return codes

    def _step(self, step: dict[str, Any]) -> set[str]:
        verb = step["do"]
        order = {ref: index for index, ref in enumerate(self.tickets)}
        if verb == "report":
            return self._report(step)
        if verb == "system_fault":
            return self._fault(step)
        if verb == "assess":
            if step["month"] in self.months.closed:
                return {moves.OPEN}
            self.months.assess(step["month"], self._misses())
            return set()
        if verb == "decide":
            return self.months.decide(step, order, self._misses())
        if verb == "close_month":
            return self.months.close(step, order, self.now, self._misses())
        if verb == "wage":
            return {moves.OPEN} if step["month"] in self.months.closed else set()
        return self._move(step)

    def _misses(self) -> list[Miss]:
        return [miss for ticket in self.tickets.values() for miss in misses(ticket, self.faults, self.now)]

    def _report(self, step: dict[str, Any]) -> set[str]:
        category, channel = step["category"], step.get("channel", "phone")
        if category not in book.TIER or channel not in book.CHANNELS:
            return {"invalid"}
        if category == "major_emergency" and not step.get("reason"):
            return {"reason_required"}
        office = book.ADDRESSES.get(step.get("address", ""))
        self.tickets[step["ref"]] = Ticket(step["ref"], category, self.now, channel, step.get("facts", {}), office)
        return set()

    def _fault(self, step: dict[str, Any]) -> set[str]:
        until = seconds(step["until"])
        if until <= self.now:
            return {"bad_until"}
        self.faults.append(Fault(step["unit"], self.now, until))
        return set()

    def _move(self, step: dict[str, Any]) -> set[str]:
        ticket = self.tickets.get(step["ref"])
        if ticket is None:
            return {"unknown_ref"}
        codes = moves.faults_of(step, ticket, self.tickets, self.now)
        if not codes:
            self._apply(step, ticket)
        return codes

    def _apply(self, step: dict[str, Any], ticket: Ticket) -> None:
        verb, now = step["do"], self.now
        if verb == "dispatch":
            ticket.dispatch(step.get("unit") or ticket.suggested, now)
        elif verb in {"merge", "withdraw"}:
            ticket.stop("merged" if verb == "merge" else "withdrawn", now)
        elif verb == "close":
            ticket.over("closed", now)
        elif verb == "declare_delay":
            ticket.delay = seconds(step["until"])
        elif verb == "grant_delay":
            ticket.grant_delay(seconds(step["until"]) if "until" in step else ticket.delay)
        elif verb == "refuse_delay":
            ticket.delay = None
        elif verb == "callback":
            ticket.reached = ticket.reached or (ticket.status == "resolved" and step["reached"])
        elif verb in {"accept", "arrive", "start_repair", "finish_repair"}:
            ticket.done(verb, now)
            ticket.status = {"accept": "accepted", "arrive": "on_site"}.get(verb, ticket.status)
        elif hasattr(ticket, verb):
            getattr(ticket, verb)(now)

    # --- what the contract says of it ----------------------------------------------------------------------------

    def output(self) -> dict[str, Any]:
        """In the player's words."""
        order = {ref: index for index, ref in enumerate(self.tickets)}
        return {
            "tickets": {ref: self._ticket(ticket) for ref, ticket in self.tickets.items()},
            "findings": [
                {
                    "clause": finding.clause,
                    "unit": finding.unit,
                    "evidence": [finding.ref],
                    "occurred_at": written(finding.first),
                    "proposed": "-100.00",
                    "amount": None if finding.amount is None else f"{finding.amount:.2f}",
                    "status": finding.status,
                    "alternatives": list(finding.alternatives),
                }
                for finding in self.months.listed(order)
            ],
            "ledger": self.months.ledger,
            "refused": self.refused,
        }

    def _ticket(self, ticket: Ticket) -> dict[str, Any]:
        unit = ticket.spell.unit if ticket.spell else None
        if ticket.spells and ticket.status in {"closed", "merged", "withdrawn"} and not ticket.returned:
            unit = ticket.spells[-1].unit
        return {
            "status": ticket.status,
            "unit": unit,
            "tier": book.TIER[ticket.category],
            "round": 1,
            "milestones": [self._milestone(ticket, clock) for clock in ticket.clocks],
        }

    def _milestone(self, ticket: Ticket, clock: Any) -> dict[str, Any]:
        verdict, unit = judge(ticket, clock, self.faults, self.now)
        return {
            "kind": clock.kind,
            "unit": unit,
            "starts_at": written(clock.started),
            "due_at": written(clock.due),
            "first_due_at": written(clock.first_due),
            "met_at": written(clock.met_at),
            "verdict": verdict,
        }


def consult(steps: list[dict[str, Any]]) -> dict[str, Any]:
    """What the contract says of a scenario's steps."""
    world = World()
    for step in steps:
        world.step(step)
    return world.output()
