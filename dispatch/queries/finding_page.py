"""All that the page of a finding shows: what it rests on, whose time it was, what was done with it, and the way on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import QuerySet

from core.clock import local
from core.masking import may_see_address
from dispatch.queries.month_groups import FINDING_TABS, Scope, before, behind
from dispatch.queries.month_steps import Step, step
from dispatch.queries.reporters import veil
from dispatch.wording import clock_name
from penalties.actions.bulk import within_reach
from penalties.models import AssessmentEvent, Clause, Finding
from penalties.queries import visible_to
from tickets.queries.explaining import Explained, explain
from tickets.queries.rulebook import rulebook
from tickets.queries.visibility import DISCIPLINE
from tickets.wording import rule_name
from units.actors import Actor
from units.models import Unit

#: The shades a bar of shares goes through.
SHADES = 6


@dataclass(frozen=True)
class Limit:
    """A limit of the ticket as it stands now. ``counts`` where the finding rests on it."""

    kind: str
    name: str
    unit: str
    rule: str
    since: str
    starts_at: datetime
    allowed: timedelta
    due_at: datetime
    first_due_at: datetime | None
    met_at: datetime | None
    over: timedelta | None
    verdict: str
    counts: bool


@dataclass(frozen=True)
class Share:
    """How long a unit held the ticket until the tier was up: a stretch of the bar, in thousandths."""

    unit: str
    seconds: int
    percent: int
    start: int
    width: int
    shade: int
    enough: bool


@dataclass(frozen=True)
class Shares:
    """Whose time it was. ``needed`` is what a unit must have held to answer for the tier by itself."""

    parts: list[Share]
    tier: timedelta | None
    needed: timedelta | None


@dataclass(frozen=True)
class FindingPage:
    """A finding as one reader may see it."""

    finding: Finding
    title: str
    opens: bool
    limits: list[Limit]
    shares: Shares
    alternatives: list[Clause]
    steps: list[Step]
    names: dict[str, str]
    units: list[Unit]


@dataclass(frozen=True)
class Way:
    """Where one goes from a finding within what one is looking at."""

    previous: int | None
    following: int | None
    undecided: int


def finding_page(pk: int, actor: Actor, *, now: datetime) -> FindingPage:
    """Raises Finding.DoesNotExist, also for one this reader may not see."""
    related = ("clause", "unit", "ticket__category", "ticket__unit", "of_unit", "month", "reading")
    finding = visible_to(actor).select_related(*related).get(pk=pk)
    units = list(Unit.objects.all())
    names = {unit.code: str(unit) for unit in units}
    explained = explain(finding.ticket, now=now) if finding.ticket else []
    missed = {miss["key"] for miss in finding.misses}
    return FindingPage(
        finding=finding,
        title=_title(finding, actor) if opens_ticket(finding, actor) else "",
        opens=opens_ticket(finding, actor),
        limits=[_limit(row, names, counts=row.clock.key in missed) for row in explained],
        shares=_shares(finding, names, _tier(explained, missed)),
        alternatives=sorted(Clause.objects.filter(code__in=finding.alternatives), key=lambda clause: clause.order),
        steps=[step(event, names) for event in AssessmentEvent.objects.filter(finding=finding.pk).order_by("id")],
        names=names,
        units=units,
    )


def way(finding: Finding, scope: Scope, actor: Actor) -> Way:
    """The neighbours in the order of time, and how many of the group still await this person's decision."""
    shown = scope.findings(actor).filter(FINDING_TABS[scope.tab])
    earlier = shown.filter(before(finding.occurred_at, finding.pk)).order_by("-occurred_at", "-id")
    later = shown.filter(behind(finding.occurred_at, finding.pk)).order_by("occurred_at", "id")
    return Way(_first(earlier), _first(later), _open_to(actor, scope).count())


def next_undecided(finding: Finding, scope: Scope, actor: Actor) -> int | None:
    """The next one of the group that awaits this person's decision, from the beginning again where none follows."""
    waiting = _open_to(actor, scope).exclude(pk=finding.pk).order_by("occurred_at", "id")
    found = _first(waiting.filter(behind(finding.occurred_at, finding.pk)))
    return found if found is not None else _first(waiting)


def first_undecided(scope: Scope, actor: Actor) -> int | None:
    """The earliest one of the group that awaits this person's decision."""
    return _first(_open_to(actor, scope).order_by("occurred_at", "id"))


def _open_to(actor: Actor, scope: Scope) -> QuerySet[Finding]:
    return scope.findings(actor).filter(within_reach(actor, dismiss=True))


def _first(findings: QuerySet[Finding]) -> int | None:
    return findings.values_list("pk", flat=True).first()


def opens_ticket(finding: Finding, actor: Actor) -> bool:
    """Whether this reader may go on to the ticket: the approver decides on confidential cases without reading them."""
    ticket = finding.ticket
    return ticket is not None and (actor.unit == DISCIPLINE or not ticket.category.confidential)


def _title(finding: Finding, actor: Actor) -> str:
    ticket = finding.ticket
    if ticket is None:
        return ""
    whole = may_see_address(actor.role, unit=actor.unit, holder=ticket.holder)
    return ticket.title if whole else veil(ticket.title, address=ticket.address)


def _limit(row: Explained, names: Mapping[str, str], *, counts: bool) -> Limit:
    clock, judgement = row.clock, row.judgement
    rule, since = rule_name(clock.rule)
    verdict = judgement.verdict
    if verdict == "pending" and row.standing:
        verdict = "standing"
    elif verdict == "met" and row.provisional:
        verdict = "provisional"
    return Limit(
        kind=clock.kind,
        name=clock_name(clock.kind),
        unit=names.get(judgement.unit, judgement.unit),
        rule=rule,
        since=since,
        starts_at=clock.starts_at,
        allowed=row.allowed,
        due_at=clock.due_at,
        first_due_at=clock.first_due_at if row.moved else None,
        met_at=clock.met_at,
        over=row.over,
        verdict=verdict,
        counts=counts,
    )


def _tier(explained: Iterable[Explained], missed: set[str]) -> timedelta | None:
    """The first length of the tier that was missed."""
    return next((row.allowed for row in explained if row.clock.kind == "close" and row.clock.key in missed), None)


def _shares(finding: Finding, names: Mapping[str, str], tier: timedelta | None) -> Shares:
    whole = sum(finding.shares.values())
    if not whole:
        return Shares([], tier, None)
    share = rulebook().close_share(local(finding.month.assessed_at or finding.occurred_at).date())
    needed = timedelta(seconds=int(Decimal(int(tier.total_seconds())) * share)) if tier else None
    parts, start = [], 0
    for place, (unit, seconds) in enumerate(sorted(finding.shares.items(), key=lambda held: -held[1])):
        width = round(seconds * 1000 / whole)
        measure = tier.total_seconds() if tier else whole
        parts.append(
            Share(
                unit=names.get(unit, unit),
                seconds=seconds,
                percent=round(seconds * 100 / measure),
                start=start,
                width=width,
                shade=min(place, SHADES - 1),
                enough=needed is not None and seconds >= needed.total_seconds(),
            )
        )
        start += width
    return Shares(parts, tier, needed)
