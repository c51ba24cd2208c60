"""A month by unit, clause or person: its groups, what they add up to, and their findings a page at a time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case, CharField, Count, F, Min, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from penalties.actions.bulk import within_reach
from penalties.models import Clause, Finding
from penalties.models.finding import UNDECIDED
from penalties.queries import visible_to
from units.actors import CENTRE, Actor, Role
from units.models import Unit

PAGE = 50
ZERO = Decimal("0.00")

FINDING_TABS: dict[str, Q] = {
    "all": Q(),
    "undecided": Q(status__in=UNDECIDED),
    "undetermined": Q(status="undetermined"),
    "confirmed": Q(status="confirmed"),
    "dismissed": Q(status="dismissed"),
}
BY = ("unit", "clause", "person")

#: Groups that no unit stands for; a unit's code holds no tilde.
UNNAMED, PERSONS = "~unnamed", "~persons"
#: Which unit group a finding belongs to. A person's money is not the unit's.
GROUP_OF_UNIT = Case(
    When(~Q(person=""), then=Value(PERSONS)),
    When(unit=None, then=Value(UNNAMED)),
    default=F("unit_id"),
    output_field=CharField(),
)
#: The unit of a person as text, so that persons can be put in order and paged through.
HOME = Coalesce("of_unit_id", Value(""), output_field=CharField())


@dataclass(frozen=True)
class Scope:
    """What somebody looks at: a month by unit, clause or person, one group of it or all, and a status."""

    month: str
    by: str = "unit"
    group: str = ""
    tab: str = "all"

    @classmethod
    def read(cls, month: str, query: Any, *, tab: str = "all") -> Scope:
        """From the parameters of an address; what is not known counts as not said."""
        by, wanted = query.get("by", "unit"), query.get("tab", tab)
        return cls(
            month,
            by if by in BY else "unit",
            query.get("group", "").replace("\x00", ""),
            wanted if wanted in FINDING_TABS else tab,
        )

    @property
    def address(self) -> str:
        """The parameters of the address that leads here."""
        said = {"by": self.by, "group": self.group, "tab": self.tab}
        return urlencode({name: value for name, value in said.items() if value})

    def findings(self, actor: Actor) -> QuerySet[Finding]:
        """The findings of the month and group, whatever their status."""
        return visible_to(actor).filter(self._of_group(), month_id=self.month)

    def _of_group(self) -> Q:
        if self.by == "person":
            home, _tilde, person = self.group.partition("~")
            return Q(person=person, of_unit=home or None) if self.group else ~Q(person="")
        if not self.group:
            return Q()
        if self.by == "clause":
            return Q(clause=self.group)
        if self.group == PERSONS:
            return ~Q(person="")
        return Q(person="", unit=None if self.group == UNNAMED else self.group)


@dataclass(frozen=True)
class Totals:
    """What findings add up to so far: how many of each status, how many a person may decide at once, yuan."""

    counts: dict[str, int]
    acceptable: int = 0
    dismissable: int = 0
    confirmed: Decimal = ZERO
    proposed: Decimal = ZERO

    @classmethod
    def of(cls, row: dict[str, Any], prefix: str = "") -> Totals:
        """From a row of sums."""
        return cls(
            {tab: row[prefix + tab] for tab in FINDING_TABS},
            row[prefix + "acceptable"],
            row[prefix + "dismissable"],
            row[prefix + "confirmed_sum"] or ZERO,
            row[prefix + "proposed_sum"] or ZERO,
        )

    def reach(self, tab: str) -> tuple[int, int]:
        """How many of a tab a person may accept at once, and how many dismiss."""
        if tab == "undetermined":
            return 0, self.counts["undetermined"]
        return (self.acceptable, self.dismissable) if tab in {"all", "undecided"} else (0, 0)

    def __add__(self, other: Totals) -> Totals:
        return Totals(
            {tab: self.counts[tab] + other.counts[tab] for tab in self.counts},
            self.acceptable + other.acceptable,
            self.dismissable + other.dismissable,
            self.confirmed + other.confirmed,
            self.proposed + other.proposed,
        )


NOTHING = Totals(dict.fromkeys(FINDING_TABS, 0))


@dataclass(frozen=True)
class Group:
    """A unit, clause or person, with what its findings add up to."""

    key: str
    name: str
    totals: Totals


@dataclass(frozen=True)
class Groups:
    """The groups of a month, what all of them add up to, and the one that is open. ``after`` asks for more."""

    rows: list[Group]
    everything: Totals
    chosen: Totals
    name: str = ""
    after: str = ""


@dataclass(frozen=True)
class Findings:
    """One page of findings. ``after`` asks for the next page."""

    rows: list[Finding]
    after: str


def findings_of(scope: Scope, actor: Actor, *, after: str) -> Findings:
    """One page, by time. Raises ValueError for an ``after`` that is none."""
    wanted = scope.findings(actor).filter(FINDING_TABS[scope.tab])
    wanted = wanted.select_related("clause", "unit", "ticket__category", "of_unit").order_by("occurred_at", "id")
    if after:
        instant, _sign, pk = after.rpartition("~")
        at = datetime.fromisoformat(instant)
        if at.tzinfo is None:
            raise ValueError(after)
        wanted = wanted.filter(behind(at, int(pk)))
    found = list(wanted[: PAGE + 1])
    rows = found[:PAGE]
    more = f"{rows[-1].occurred_at.isoformat()}~{rows[-1].pk}" if len(found) > PAGE else ""
    return Findings(rows, more)


def behind(at: datetime, pk: int) -> Q:
    """What comes after a place in the order of time. The first condition is what an index descends by."""
    return Q(occurred_at__gte=at) & (Q(occurred_at__gt=at) | Q(id__gt=pk))


def before(at: datetime, pk: int) -> Q:
    """What comes before a place in the order of time."""
    return Q(occurred_at__lte=at) & (Q(occurred_at__lt=at) | Q(id__lt=pk))


def groups_of(scope: Scope, actor: Actor, *, after: str = "") -> Groups:
    """The month by unit, clause or person. Units and clauses are few; persons come in pages."""
    if scope.by == "person":
        return _persons(scope, actor, after)
    everything = replace(scope, group="").findings(actor)
    if scope.by == "clause":
        names: dict[str, Any] = {
            "name": Min("clause__title_zh"),
            "name_en": Min("clause__title"),
            "place": Min("clause__order"),
        }
        rows: Any = everything.annotate(key=F("clause_id")).values("key")
    else:
        names = {"name": Min("unit__name"), "name_en": Min("unit__name_en"), "place": Min("unit_id")}
        rows = everything.annotate(key=GROUP_OF_UNIT).values("key")
    rows = rows.annotate(**names, **_sums(actor)).order_by("place", "key")
    groups = [Group(row["key"], name_of(scope.by, row), Totals.of(row)) for row in rows]
    total = sum((group.totals for group in groups), NOTHING)
    if not scope.group:
        return Groups(groups, total, total)
    chosen = next((group for group in groups if group.key == scope.group), Group(scope.group, scope.group, NOTHING))
    return Groups(groups, total, chosen.totals, chosen.name)


def _persons(scope: Scope, actor: Actor, after: str) -> Groups:
    everything = replace(scope, group="").findings(actor)
    sums = _sums(actor)
    if scope.group:
        sums |= _sums(actor, prefix="chosen_", among=scope._of_group())
    total: Any = everything.aggregate(**sums)
    persons = everything.annotate(home=HOME).values("person", "home")
    persons = persons.annotate(name=Min("of_unit__name"), name_en=Min("of_unit__name_en"), **_sums(actor))
    persons = persons.order_by("person", "home")
    if after:
        home, _tilde, person = after.partition("~")
        persons = persons.filter(Q(person__gt=person) | Q(person=person, home__gt=home))
    found: list[Any] = list(persons[: PAGE + 1])
    groups = [Group(f"{row['home']}~{row['person']}", name_of("person", row), Totals.of(row)) for row in found[:PAGE]]
    more = groups[-1].key if len(found) > PAGE else ""
    all_of_them = Totals.of(total)
    if not scope.group:
        return Groups(groups, all_of_them, all_of_them, after=more)
    _home, _tilde, name = scope.group.partition("~")
    return Groups(groups, all_of_them, Totals.of(total, "chosen_"), name, more)


def _sums(actor: Actor, *, prefix: str = "", among: Q | None = None) -> dict[str, Any]:
    of = among if among is not None else Q()
    sums: dict[str, Any] = {prefix + tab: Count("id", filter=of & only) for tab, only in FINDING_TABS.items()}
    for name, dismiss in (("acceptable", False), ("dismissable", True)):
        sums[prefix + name] = Count("id", filter=of & within_reach(actor, dismiss=dismiss))
    sums[prefix + "confirmed_sum"] = Sum("amount", filter=of & FINDING_TABS["confirmed"])
    sums[prefix + "proposed_sum"] = Sum("proposed", filter=of & FINDING_TABS["undecided"])
    return sums


def name_of(by: str, row: dict[str, Any]) -> str:
    """What a group is called, in the reader's language."""
    if by == "unit" and row["key"] == UNNAMED:
        return _("Unit to be named")
    if by == "unit" and row["key"] == PERSONS:
        return _("Persons")
    if by == "clause":
        return str(Clause(code=row["key"], title_zh=row["name"], title=row["name_en"]))
    named = str(Unit(name=row["name"] or "", name_en=row["name_en"] or ""))
    if by == "person":
        return f"{row['person']} ({named})" if named else str(row["person"])
    return named


def ids_within_reach(scope: Scope, actor: Actor, *, dismiss: bool, most: int) -> list[int]:
    """The findings of a group that this person may decide at once, the earliest first."""
    wanted = scope.findings(actor).filter(FINDING_TABS[scope.tab]).filter(within_reach(actor, dismiss=dismiss))
    return list(wanted.order_by("occurred_at", "id").values_list("id", flat=True)[:most])


def may_decide(finding: Finding, actor: Actor) -> bool:
    """Whether this one is this person's to decide, while the month is open."""
    return finding.status in UNDECIDED and (actor.role == Role.APPROVER or finding.unit_id != CENTRE)
