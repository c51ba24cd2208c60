"""Playing a scenario step by step: what is refused, and what the rest adds up to."""

from __future__ import annotations

from typing import Any

from tests.oracle import book, moves
from tests.oracle.instants import seconds
from tests.oracle.misses import Miss, misses
from tests.oracle.months import Finding, Months
from tests.oracle.ticket import Ticket
from tests.oracle.verdict import Fault


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
        verb, month = step["do"], step.get("month")
        if verb == "report":
            return self._report(step)
        if verb == "system_fault":
            return self._fault(step)
        if verb == "assess":
            return {moves.OPEN} if month in self.months.closed else self.months.assess(month, self._misses())
        if verb == "decide":
            return self.months.decide(step, self.findings(), self._misses())
        if verb == "close_month":
            return self.months.close(step, self._order(), self.now, self._misses())
        if verb == "wage":
            return {moves.OPEN} if month in self.months.closed else set()
        return self._move(step)

    def findings(self) -> list[Finding]:
        """The findings as they are numbered."""
        return self.months.listed(self._order())

    def _order(self) -> dict[str, int]:
        return {ref: index for index, ref in enumerate(self.tickets)}

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
        codes = moves.Attempt(step, ticket, self.tickets, self.now).codes()
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
