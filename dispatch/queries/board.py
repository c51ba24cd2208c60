"""The board: what is open and how it stands, and how timely a month was beside the one before. Every figure counts
tickets, and says which.

A ticket counts once a unit, clock and month, by its worst verdict there: late, else excused, else met. It stands in the
month in which the clock was decided: a late one at its due instant, any other when it was met.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Any
from urllib.parse import urlencode

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.utils.translation import gettext as _

from core.clock import Month
from dispatch.queries.countdown import late, soon
from dispatch.queries.desk import desk_tickets, unit_tickets
from tickets.models import Milestone, Ticket
from tickets.queries.rulebook import rulebook
from tickets.queries.visibility import DISCIPLINE, visible_to
from units.actors import CENTRE, FIELD_ROLES, Actor, Role
from units.models import Unit

#: The clocks whose timeliness is told, in the order of a case.
CLOCKS = ("accept", "on_site", "close")
#: A share of fewer tickets says nothing.
FEWEST = 10
#: In addresses: the unit of tickets that nobody holds.
NOBODY = "none"

#: The worst verdict of a ticket, by unit and over all units. One statement, for whatever ``decided`` holds.
COUNTED = """
WITH decided (ticket, unit, clock, this, grade) AS ({decided}),
worst AS MATERIALIZED (
    SELECT ticket, unit, clock, this, max(grade) AS grade FROM decided GROUP BY ticket, unit, clock, this
), counted (unit, clock, this, grade, tickets) AS (
    SELECT unit, clock, this, grade, count(*) FROM worst GROUP BY unit, clock, this, grade
    UNION ALL
    SELECT NULL, clock, this, grade, count(*)
    FROM (SELECT clock, this, max(grade) AS grade FROM worst GROUP BY ticket, clock, this) AS anywhere
    GROUP BY clock, this, grade
)
SELECT counted.*, u.name, u.name_en FROM counted LEFT JOIN units_unit u ON u.code = counted.unit
"""
MET, EXCUSED, LATE = range(3)
#: Of what was not missed; it asks for no column that the index of those has not.
GRADE_KEPT = Case(When(verdict="excused", then=Value(EXCUSED)), default=Value(MET))
GRADE = Case(When(breached_at__isnull=False, then=Value(LATE)), default=GRADE_KEPT)
GRADES = {"met": [MET], "excused": [EXCUSED], "late": [LATE], "decided": [MET, LATE]}


@dataclass(frozen=True)
class Figure:
    """A number of tickets, and the query that lists them."""

    number: int
    where: str


@dataclass(frozen=True)
class Standing:
    """How the open tickets of a unit or a tier stand; ``rest`` is neither late nor about to be."""

    key: str
    name: str
    open: Figure
    late: Figure
    soon: Figure
    rest: Figure


@dataclass(frozen=True)
class Standings:
    """The open tickets, by unit and by tier: what is worst comes first, tiers from the shortest."""

    by_unit: list[Standing]
    by_tier: list[Standing]
    total: Standing


@dataclass(frozen=True)
class Share:
    """The tickets of a unit, clock and month by verdict. Excused ones are neither met nor late."""

    met: Figure
    late: Figure
    excused: Figure
    decided: Figure

    @property
    def enough(self) -> bool:
        """Whether a share of them says something."""
        return self.decided.number >= FEWEST

    @property
    def percent(self) -> Decimal | None:
        """The share met, to a tenth; a hundred only where none was late. None where it would say nothing."""
        if not self.enough:
            return None
        exact = Decimal(100 * self.met.number) / self.decided.number
        return exact.quantize(Decimal("0.1"), ROUND_DOWN if exact > 99 else ROUND_HALF_UP)


@dataclass(frozen=True)
class Timely:
    """A unit's month beside the one before."""

    key: str
    name: str
    this: Share
    last: Share

    @property
    def change(self) -> str:
        """By how many points the share rose or fell; empty where one of the two says nothing."""
        this, last = self.this.percent, self.last.percent
        if this is None or last is None:
            return ""
        points = this - last
        return f"{'+' if points > 0 else '−' if points < 0 else '±'}{abs(points)}"


@dataclass(frozen=True)
class Timeliness:
    """One clock: every unit that had tickets decided in either month, and all of them together."""

    units: list[Timely]
    total: Timely


def standings(actor: Actor, *, now: datetime) -> Standings:
    """How the open tickets stand that this reader may see; of a unit's people, those their unit holds."""
    tickets = unit_tickets(actor) if actor.role in FIELD_ROLES else desk_tickets(actor)
    rows = (
        tickets.order_by()
        .values_list("unit", "unit__name", "unit__name_en", "tier")
        .annotate(open=Count("id"), late=Count("id", filter=late(now)), soon=Count("id", filter=soon(now)))
    )
    own = {"unit": actor.unit} if actor.role in FIELD_ROLES else {}
    units: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    tiers: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    total, names = [0, 0, 0], {NOBODY: _("Not dispatched yet")}
    for code, name, name_en, tier, *counts in rows:
        names[code or NOBODY] = str(Unit(code=code, name=name, name_en=name_en)) if code else names[NOBODY]
        for sums in (units[code or NOBODY], tiers[tier], total):
            sums[:] = map(sum, zip(sums, counts, strict=True))
    by_unit = [_standing(code, names[code], counts, unit=code) for code, counts in units.items()]
    by_tier = [_standing(tier, "", counts, tier=tier, **own) for tier, counts in tiers.items()]
    by_unit.sort(key=lambda row: (-row.late.number, -row.soon.number, -row.open.number, row.key))
    by_tier.sort(key=lambda row: _hours(row.key))
    return Standings(by_unit, by_tier, _standing("", "", total, **own))


def _standing(key: str, name: str, counts: Iterable[int], **where: Any) -> Standing:
    total, passed, near = counts
    numbers = {"open": total, "late": passed, "soon": near, "rest": total - passed - near}
    figures = {state: Figure(number, urlencode({**where, "state": state})) for state, number in numbers.items()}
    return Standing(key, name, **figures)


def _hours(tier: str) -> int:
    return int(tier[:-1]) * (24 if tier.endswith("d") else 1)


def timeliness(actor: Actor, *, month: Month) -> dict[str, Timeliness]:
    """How timely a month was, by clock, beside the month before; of a unit's people, of their unit alone."""
    sql, values = _decided(actor, month).query.sql_with_params()
    counts: dict[tuple[str, str | None, bool], list[int]] = defaultdict(lambda: [0, 0, 0])
    names: dict[str, str] = {}
    with connection.cursor() as cursor:
        cursor.execute(COUNTED.format(decided=sql), values)
        for code, clock, this, grade, tickets, name, name_en in cursor.fetchall():
            counts[clock, code, this][grade] = tickets
            if code is not None:
                names[code] = str(Unit(code=code, name=name, name_en=name_en))
    own = actor.unit if actor.role in FIELD_ROLES else None

    def timely(clock: str, code: str | None, name: str) -> Timely:
        of = {"unit": code or own} if code or own else {}
        return Timely(
            code or "",
            name,
            _share(counts[clock, code, True], milestone=clock, month=month, **of),
            _share(counts[clock, code, False], milestone=clock, month=month.previous(), **of),
        )

    every = {}
    for clock in CLOCKS:
        units = [timely(clock, code, name) for code, name in names.items() if _any(counts, clock, code)]
        units.sort(key=lambda row: (-row.this.decided.number, -row.last.decided.number, row.key))
        every[clock] = Timeliness(units, timely(clock, None, ""))
    return every


def _any(counts: Mapping[tuple[str, str | None, bool], list[int]], clock: str, code: str) -> bool:
    return (clock, code, True) in counts or (clock, code, False) in counts


def _share(counts: list[int], **where: Any) -> Share:
    numbers = {
        "met": counts[MET],
        "late": counts[LATE],
        "excused": counts[EXCUSED],
        "decided": counts[MET] + counts[LATE],
    }
    return Share(**{name: Figure(number, urlencode({**where, "verdict": name})) for name, number in numbers.items()})


class Among(Func):
    """Whether a key is one of a subquery's: those are found first and then looked up one by one, however many the
    planner believes there are."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()


def judged(clock: str, verdict: str, month: Month, unit: str) -> Among:
    """Whether a ticket is behind a figure: its ``clock`` was decided so in the month, by a unit's or ("") any account.

    ``decided`` is met or late. The same rule as in ``COUNTED``: the worst verdict counts.
    """
    missed, kept = _missed(month.starts_at, month.ends_at), _kept(month.starts_at, month.ends_at)
    decided = (missed | kept).filter(kind=clock, **({"unit": unit} if unit else {}))
    worst = decided.values("ticket").annotate(worst=Max(GRADE)).filter(worst__in=GRADES[verdict])
    return Among(F("pk"), ArraySubquery(worst.values("ticket")))


def _missed(since: datetime, until: datetime) -> QuerySet[Milestone]:
    return Milestone.objects.order_by().filter(breached_at__gte=since, breached_at__lt=until)


def _kept(since: datetime, until: datetime) -> QuerySet[Milestone]:
    """Met or excused. Written as the partial index has it."""
    return Milestone.objects.order_by().filter(breached_at=None, met_at__gte=since, met_at__lt=until)


def _decided(actor: Actor, month: Month) -> QuerySet[Any]:
    """What was decided in the month and the one before, as rows of ticket, unit, clock, whether in the month, grade."""
    since, start, until = month.previous().starts_at, month.starts_at, month.ends_at
    missed = _as_rows(_missed(since, until), actor, in_month=Q(breached_at__gte=start), grade=Value(LATE))
    kept = _as_rows(_kept(since, until), actor, in_month=Q(met_at__gte=start), grade=GRADE_KEPT)
    return missed.union(kept, all=True)


def _as_rows(milestones: QuerySet[Milestone], actor: Actor, *, in_month: Q, grade: Any) -> QuerySet[Any]:
    this = ExpressionWrapper(in_month, output_field=BooleanField())
    seen = _seen_by(actor, milestones.filter(kind__in=CLOCKS))
    return seen.annotate(this=this, grade=grade).values_list("ticket_id", "unit_id", "kind", "this", "grade")


def _seen_by(actor: Actor, milestones: QuerySet[Milestone]) -> QuerySet[Milestone]:
    """Those of tickets the reader may see; of a unit's people, those their unit answers for.

    Not by ``visible_to``: a month would be laid beside every ticket there is. Who answers for a clock held the ticket,
    so a unit's people may see it; the centre alone answers without having held it.
    """
    if actor.role in FIELD_ROLES:
        milestones = milestones.filter(unit=actor.unit)
        if actor.unit == CENTRE:
            milestones = milestones.filter(ticket__in=visible_to(actor))
    if actor.role == Role.DUTY_LEADER or actor.unit == DISCIPLINE:
        return milestones
    hidden = [code for code, category in rulebook().categories.items() if category.confidential]
    return milestones.exclude(Exists(Ticket.objects.filter(pk=OuterRef("ticket"), category__in=hidden)))
