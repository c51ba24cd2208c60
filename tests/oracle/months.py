"""From misses to findings, decisions and the ledger, month by month."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tests.oracle import book
from tests.oracle.instants import first_second, month_after, month_of
from tests.oracle.misses import Miss
from tests.oracle.moves import ANY

LEAST, MOST = Decimal("-100.00"), Decimal("-500.00")


@dataclass
class Finding:
    """What is proposed, and what became of it."""

    clause: str
    unit: str | None
    ref: str
    month: str
    alternatives: tuple[str, ...]
    misses: dict[tuple[str, str, int | None], int] = field(default_factory=dict)
    status: str = "proposed"
    amount: Decimal | None = None

    @property
    def key(self) -> tuple[str, str | None, str]:
        """One finding per clause, subject and matter while undecided."""
        return self.clause, self.unit, self.ref

    @property
    def decided(self) -> bool:
        """Confirmed or dismissed."""
        return self.status in {"confirmed", "dismissed"}

    @property
    def first(self) -> int:
        """When it was first missed."""
        return min(self.misses.values())


@dataclass
class Months:
    """The findings and the closed months."""

    findings: list[Finding] = field(default_factory=list)
    closed: set[str] = field(default_factory=set)
    ledger: list[dict[str, Any]] = field(default_factory=list)

    def first_open(self, month: str) -> str:
        """The month itself, or the next one that is not closed."""
        while month in self.closed:
            month = month_after(month)
        return month

    def assess(self, month: str, found: list[Miss]) -> set[str]:
        """Take up the matters whose first miss belongs to a month; what is decided stands and is not taken up again.

        Later misses of a ticket that is looked at join its undecided finding, whatever month that stands in; a finding
        that no longer holds goes when its own month is assessed.
        """
        matters = self._matters(found)
        looked_at = {miss.clock[0] for miss in found if self.first_open(month_of(miss.at)) == month}
        looked_at |= {finding.ref for finding in self.findings if finding.month == month and not finding.decided}
        gone = [f for f in self.findings if not f.decided and f.month == month and f.key not in matters]
        self.findings = [finding for finding in self.findings if not any(finding is other for other in gone)]
        for key, taken in matters.items():
            target = self.first_open(month_of(min(miss.at for miss in taken)))
            finding = next((f for f in self.findings if f.key == key and not f.decided), None)
            if finding is None and target == month:
                finding = Finding(*key, month, taken[0].alternatives)
                finding.status = "undetermined" if finding.unit is None else "proposed"
                self.findings.append(finding)
            if finding is not None and finding.ref in looked_at:
                finding.month, finding.misses = target, {miss.clock: miss.at for miss in taken}
        return set()

    def _matters(self, found: list[Miss]) -> dict[tuple[str, str | None, str], list[Miss]]:
        """What no decision covers, by clause, subject and ticket."""
        decided = {clock for finding in self.findings if finding.decided for clock in finding.misses}
        matters: dict[tuple[str, str | None, str], list[Miss]] = {}
        for miss in found:
            if miss.clock not in decided:
                matters.setdefault((miss.clause, miss.unit, miss.clock[0]), []).append(miss)
        return matters

    def listed(self, order: dict[str, int]) -> list[Finding]:
        """As they are numbered: by time, clause and unit."""
        return sorted(self.findings, key=lambda f: (f.first, f.clause, f.unit or "", order[f.ref]))

    def decide(self, step: dict[str, Any], listed: list[Finding], found: list[Miss]) -> set[str]:
        """Confirm or dismiss one, with the misses that joined it by then; the codes if it is refused."""
        by = step.get("by", "assessor")
        if by not in {"assessor", "approver"}:
            return {"wrong_role"}
        if not 0 <= step["finding"] < len(listed) or listed[step["finding"]].decided:
            return {ANY}
        finding = listed[step["finding"]]
        reason, dismissed = step.get("reason"), step.get("dismiss", False)
        unit = finding.unit or (None if dismissed else step.get("unit"))
        amount = Decimal(step.get("amount", LEAST))
        codes = set()
        if unit == book.CENTRE and by != "approver":
            codes.add("wrong_role")
        if (dismissed or finding.unit is None or amount != LEAST) and not reason:
            codes.add("reason_required")
        if not dismissed and not MOST <= amount <= LEAST:
            codes.add("out_of_range")
        if not dismissed and unit not in book.UNITS:
            codes.add("invalid")
        if not codes:
            joined = self._matters(found).get(finding.key, [])
            finding.misses = {miss.clock: miss.at for miss in joined} or finding.misses
            finding.unit = unit
            finding.status = "dismissed" if dismissed else "confirmed"
            finding.amount = None if dismissed else amount
        return codes

    def close(self, step: dict[str, Any], order: dict[str, int], now: int, found: list[Miss]) -> set[str]:
        """Post the month; the codes if it is refused. What an assessment would find now is undecided too."""
        month = step["month"]
        codes = set() if step.get("by", "approver") == "approver" else {"wrong_role"}
        if month in self.closed:
            return codes | {"month_closed"}
        if now < first_second(month_after(month)):
            codes.add("month_running")
        fresh = Months(deepcopy(self.findings), self.closed)
        fresh.assess(month, found)
        if any(finding.month == month and not finding.decided for finding in fresh.findings):
            codes.add("undecided")
        if not codes:
            self.findings = fresh.findings
            self.closed.add(month)
            for finding in self.listed(order):
                if finding.month == month and finding.status == "confirmed":
                    self.ledger.append(
                        {
                            "month": month,
                            "clause": finding.clause,
                            "unit": finding.unit,
                            "person": None,
                            "amount": f"{finding.amount:.2f}",
                        }
                    )
        return codes
