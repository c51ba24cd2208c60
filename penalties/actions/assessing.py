"""Assessing a month: from late milestones to proposals (Art. 6). Re-runnable; it writes only differences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.clock import SHANGHAI, Month, iso, local
from core.refusals import Refused
from penalties import clauses, gathering, ledger
from penalties.actions.tracing import trace
from penalties.amounts import Range, signed_range
from penalties.facts import Miss
from penalties.ledger import Proposal
from penalties.models import AssessmentEvent, AssessmentMonth, Clause, Finding, FindingMiss, Reading
from penalties.models.finding import UNDECIDED
from penalties.wording import sentence
from tickets.actions import overdue
from tickets.limits import in_force
from tickets.queries.rulebook import Rulebook, rulebook
from units.actors import Actor, Role
from units.models import Unit

ASSESSING_ROLES = frozenset({Role.ASSESSOR, Role.APPROVER, Role.SYSTEM})


@dataclass(frozen=True)
class Outcome:
    """What an assessment changed."""

    added: int = 0
    revised: int = 0
    withdrawn: int = 0


def assess(*, month: Month, by: Actor, at: datetime) -> Outcome:
    """Propose a finding for every missed limit of the month that the regulation fines, one fact one fine.

    Breaches that no job has stamped yet are stamped first, so the outcome does not depend on when a job looked.
    Raises Refused: ``wrong_role``; ``month_closed``.
    """
    if by.role not in ASSESSING_ROLES:
        raise Refused("wrong_role", _("Your role does not assess."))
    sweep(at)
    with transaction.atomic():
        row = lock(month)
        if row.status == AssessmentMonth.Status.CLOSED:
            raise Refused("month_closed", _("The month is closed."))
        return assess_locked(row, month=month, by=by, at=at)


def sweep(at: datetime) -> None:
    """Stamp what has passed, waiting for tickets that somebody is writing.

    Before the month is locked, never under its lock: two assessments that revise each other's findings would otherwise
    wait for one another, the one for a ticket, the other for a month.
    """
    overdue.flag_all_due(now=at, wait=True)


def lock(month: Month) -> AssessmentMonth:
    """The month's row, made if it is not there, held until the transaction ends."""
    AssessmentMonth.objects.bulk_create([AssessmentMonth(code=str(month))], ignore_conflicts=True)
    return AssessmentMonth.objects.select_for_update().get(pk=str(month))


def assess_locked(row: AssessmentMonth, *, month: Month, by: Actor, at: datetime) -> Outcome:
    """``assess`` under the month's lock, after the sweep."""
    work = _Assessment(row, month, by, at)
    work.run()
    status = AssessmentMonth.Status.REVIEWING if at >= month.ends_at else AssessmentMonth.Status.OPEN
    AssessmentMonth.objects.filter(pk=row.pk).update(status=status, assessed_at=at)
    row.status, row.assessed_at = status, at
    return work.outcome()


def bring_up_to_date(finding: Finding, *, month: AssessmentMonth, by: Actor, at: datetime) -> None:
    """Before a decision: a miss that came while the finding was undecided joins it, whether or not anybody assessed
    in between. The caller holds the month's lock, so nobody is waited for here.
    """
    overdue.flag_all_due(now=at)
    _Assessment(month, Month.parse(month.code), by, at).join(finding)


class _Assessment:
    """One run over one month."""

    def __init__(self, row: AssessmentMonth, month: Month, by: Actor, at: datetime) -> None:
        self.row, self.month, self.by, self.at = row, month, by, at
        self.book: Rulebook = rulebook()
        closed = AssessmentMonth.objects.filter(status=AssessmentMonth.Status.CLOSED)
        self.closed = set(closed.values_list("code", flat=True))
        self.names = {unit.code: unit.name for unit in Unit.objects.all()}
        self.clauses = {clause.code: clause for clause in Clause.objects.all()}
        self.readings = list(Reading.objects.all())
        self.traces: list[AssessmentEvent] = []
        self.added: list[tuple[Finding, list[int]]] = []
        self.standing: dict[int, list[Finding]] = {}
        self.decided: dict[int, set[int]] = {}
        self.counts = {"added": 0, "revised": 0, "withdrawn": 0}

    def run(self) -> None:
        since = self._since()
        tickets = gathering.tickets_with_misses(self.month, since=since)
        misses = gathering.misses_of(tickets, since=since, book=self.book)
        self._read_findings(tickets)
        for ticket in sorted(tickets):
            while not self._settle(ticket, misses.get(ticket, {})):
                self._read_findings({ticket})  # somebody decided a finding of another month meanwhile
        self._save_added()
        AssessmentEvent.objects.bulk_create(self.traces, batch_size=5000)

    def _read_findings(self, tickets: set[int]) -> None:
        """What is proposed about these tickets, and which missed limits decisions already cover."""
        for ticket in tickets:
            self.decided[ticket], self.standing[ticket] = set(), []
        for finding in Finding.objects.filter(ticket__in=tickets).prefetch_related("evidence"):
            assert finding.ticket_id is not None
            if finding.status in UNDECIDED:
                self.standing[finding.ticket_id].append(finding)
            else:
                self.decided[finding.ticket_id].update(miss.milestone_id for miss in finding.evidence.all())

    def join(self, finding: Finding) -> None:
        """Let an undecided finding take up the misses that came since it was proposed; add and withdraw nothing."""
        assert finding.ticket_id is not None
        self._read_findings({finding.ticket_id})
        misses = gathering.misses_of({finding.ticket_id}, since=self._since(), book=self.book)
        milestone_of, wanted = self._wanted(finding.ticket_id, misses.get(finding.ticket_id, {}))
        proposal = wanted.get((finding.clause_id, finding.unit_id))
        if proposal is not None:
            self._revise(finding, proposal, milestone_of)
        AssessmentEvent.objects.bulk_create(self.traces)

    def _since(self) -> datetime:
        """The regulation's first instant (Art. 42)."""
        first_day = self.book.parameter("effective_from", local(self.at).date())
        return datetime.fromisoformat(first_day).replace(tzinfo=SHANGHAI)

    def _wanted(
        self, ticket: int, misses: dict[int, Miss]
    ) -> tuple[dict[str, int], dict[tuple[str, str | None], Proposal]]:
        """What the ticket's misses that no decision covers come to, by clause and unit; and their milestones by key."""
        free = {pk: miss for pk, miss in misses.items() if pk not in self.decided[ticket]}
        share = self.book.close_share(local(self.at).date())
        claims = [claim for miss in free.values() if (claim := clauses.claim(miss, share)) is not None]
        wanted = {
            (proposal.clause, proposal.unit): proposal
            for proposal in ledger.proposals(claims, is_closed=lambda month: str(month) in self.closed)
        }
        return {miss.key: pk for pk, miss in free.items()}, wanted

    def _settle(self, ticket: int, misses: dict[int, Miss]) -> bool:
        """Bring the undecided findings of one ticket up to its misses that no decision covers.

        False if one of them was decided while we looked; then nothing of the ticket was added.
        """
        milestone_of, wanted = self._wanted(ticket, misses)
        kept = {(finding.clause_id, finding.unit_id): finding for finding in self.standing[ticket]}
        # Withdraw first: a missed limit feeds one finding at a time.
        for key, finding in list(kept.items()):
            if key not in wanted and finding.month_id == str(self.month):
                self._trace("withdraw_finding", finding, sentence=finding.sentence)
                finding.delete()
                del kept[key]
                self.counts["withdrawn"] += 1
        for key, finding in kept.items():
            if key in wanted and not self._revise(finding, wanted[key], milestone_of):
                return False
        for key, proposal in wanted.items():
            if key not in kept and proposal.month == self.month:
                self._add(ticket, proposal, milestone_of)
        return True

    def _add(self, ticket: int, proposal: Proposal, milestone_of: dict[str, int]) -> None:
        finding = Finding(month=self.row, ticket_id=ticket, clause_id=proposal.clause, **self._columns(proposal))
        self.added.append((finding, [milestone_of[claim.miss.key] for claim in proposal.claims]))

    def _save_added(self) -> None:
        """Make the new findings, all at once: what they rest on, and their traces."""
        Finding.objects.bulk_create([finding for finding, _rests_on in self.added], batch_size=1000)
        # Where the blame moved, the finding of another month loses what this one now rests on.
        taken = [milestone for finding, rests_on in self.added for milestone in rests_on]
        FindingMiss.objects.filter(milestone__in=taken).delete()
        FindingMiss.objects.bulk_create(
            [
                FindingMiss(finding=finding, milestone_id=milestone)
                for finding, rests_on in self.added
                for milestone in rests_on
            ],
            batch_size=5000,
        )
        for finding, _rests_on in self.added:
            self._trace("propose", finding, amount=str(finding.proposed), unit=finding.unit_id)
        self.counts["added"] = len(self.added)

    def _revise(self, finding: Finding, proposal: Proposal, milestone_of: dict[str, int]) -> bool:
        """Bring one finding up to its proposal. False if it has been decided since it was read."""
        columns = self._columns(proposal)
        if all(getattr(finding, name) == value for name, value in columns.items()):
            return True
        if not Finding.objects.filter(pk=finding.pk, status__in=UNDECIDED).update(**columns):
            return False
        self._rest_on(finding, proposal, milestone_of)
        self._trace("revise", finding, amount=str(columns["proposed"]), misses=len(columns["misses"]))
        self.counts["revised"] += 1
        return True

    def _rest_on(self, finding: Finding, proposal: Proposal, milestone_of: dict[str, int]) -> None:
        wanted = {milestone_of[claim.miss.key] for claim in proposal.claims}
        FindingMiss.objects.filter(Q(finding=finding) | Q(milestone__in=wanted)).delete()
        FindingMiss.objects.bulk_create(FindingMiss(finding=finding, milestone_id=pk) for pk in sorted(wanted))

    def _columns(self, proposal: Proposal) -> dict[str, Any]:
        first = proposal.claims[0].miss
        reading = self._reading(proposal.clause, first.due_at)
        money = unit_range(self.clauses[proposal.clause], reading)
        shares = next((claim.miss.shares for claim in proposal.claims if claim.miss.shares), {})
        return {
            "reading_id": reading.pk,
            "unit_id": proposal.unit,
            "occurred_at": first.due_at,
            "misses": [_miss_json(claim.miss) for claim in proposal.claims],
            "shares": {unit: int(held.total_seconds()) for unit, held in shares.items()},
            "alternatives": list(proposal.alternatives),
            "sentence": sentence(proposal, money, names=self.names),
            "low": money.low,
            "high": money.high,
            "proposed": money.proposed,
            "status": Finding.Status.PROPOSED if proposal.unit else Finding.Status.UNDETERMINED,
        }

    def _reading(self, clause: str, instant: datetime) -> Reading:
        """The reading of the time of the fact, not of the assessment."""
        on = local(instant).date()
        rows = [row for row in self.readings if row.clause_id == clause and in_force(row, on)]
        return max(rows, key=lambda row: row.valid_from)

    def _trace(self, verb: str, finding: Finding, **data: Any) -> None:
        data |= {"clause": finding.clause_id, "ticket": finding.ticket_id}
        self.traces.append(trace(verb, month=finding.month_id, by=self.by, at=self.at, finding=finding.pk, **data))

    def outcome(self) -> Outcome:
        return Outcome(**self.counts)


def unit_range(clause: Clause, reading: Reading) -> Range:
    """The signed range of a unit under a reading."""
    assert reading.unit_low is not None
    assert reading.unit_high is not None
    return signed_range(reading.unit_low, reading.unit_high, direction=clause.direction)


def _miss_json(miss: Miss) -> dict[str, Any]:
    return {
        "milestone": miss.milestone,
        "key": miss.key,
        "starts_at": iso(miss.starts_at),
        "due_at": iso(miss.due_at),
        "met_at": iso(miss.met_at),
        "unit": miss.unit,
    }
