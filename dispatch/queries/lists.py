"""Finding tickets: by what they are, and those behind a figure of the board. Newest report first, page by page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.clock import Month, parse_instant
from dispatch.queries.board import CLOCKS, NOBODY, judged
from dispatch.queries.countdown import judged_from, late, soon
from dispatch.queries.desk import Row, row
from dispatch.wording import Text, clock_name, tier_name
from tickets.models import Ticket
from tickets.queries import reading
from tickets.queries.rulebook import rulebook
from tickets.queries.searching import matching
from tickets.queries.visibility import DISCIPLINE, visible_to
from units.actors import CENTRE, CENTRE_ROLES, FIELD_ROLES, Actor
from units.models import Unit

PAGE = 50

STATES: dict[str, Text] = {
    "open": pgettext_lazy("board", "Open"),
    "late": gettext_lazy("Open, late"),
    "soon": gettext_lazy("Open, about to be late"),
    "rest": gettext_lazy("Open, others"),
}
VERDICTS: dict[str, Text] = {
    "decided": gettext_lazy("met or late"),
    "met": gettext_lazy("met"),
    "late": gettext_lazy("late"),
    "excused": gettext_lazy("excused"),
}
YES_NO: tuple[tuple[str, Text], ...] = (("true", gettext_lazy("yes")), ("false", gettext_lazy("no")))


def month_of(text: str) -> Month:
    """A month as a form has it."""
    try:
        return Month.parse(text)
    except ValueError as error:
        raise ValidationError(_("Write a month as 2026-03."), code="invalid") from error


class TicketForm(forms.Form):
    """A clock is asked for with its month; the verdict may be left open."""

    def clean_month(self) -> str:
        month: str = self.cleaned_data["month"]
        return str(month_of(month)) if month else ""

    def clean(self) -> dict[str, Any]:
        asked = self.cleaned_data
        if asked.get("milestone") and not asked.get("month") and "month" not in self.errors:
            self.add_error("month", _("A limit is asked for with its month."))
        return asked


def _chosen(field: str, label: Text, length: int, **more: Any) -> django_filters.CharFilter:
    """A closed list for the reader; a value that is not in it has no tickets."""
    return django_filters.CharFilter(field_name=field, max_length=length, label=label, widget=forms.Select(), **more)


def _listed(label: Text, choices: Iterable[tuple[str, Text]], **more: Any) -> django_filters.ChoiceFilter:
    return django_filters.ChoiceFilter(choices=list(choices), label=label, empty_label=gettext_lazy("Any"), **more)


class TicketFilter(django_filters.FilterSet):
    """What a list of tickets can be narrowed by; it stands in the address of the page.

    With a milestone, unit and month are those of the clock: who answers for it, and when it was decided. Without one
    they are the ticket's: who has it, and when it was reported.
    """

    number = django_filters.CharFilter(method="by_words", max_length=60, label=gettext_lazy("Search"))
    unit = _chosen("unit", gettext_lazy("Unit"), 40, method="by_unit")
    status = _listed(gettext_lazy("Status"), Ticket.Status.choices)
    state = _listed(gettext_lazy("Limits"), STATES.items(), method="by_state")
    category = _chosen("category", gettext_lazy("Category"), 40)
    channel = _listed(gettext_lazy("Channel"), Ticket.Channel.choices)
    late = _listed(gettext_lazy("Ever late"), YES_NO, method="by_late")
    month = django_filters.CharFilter(
        method="by_month", label=gettext_lazy("Month"), widget=forms.TextInput(attrs={"type": "month"})
    )
    tier = django_filters.CharFilter(method="by_tier", max_length=6, widget=forms.HiddenInput())
    milestone = django_filters.ChoiceFilter(
        choices=[(clock, clock) for clock in CLOCKS], method="by_milestone", widget=forms.HiddenInput()
    )
    verdict = django_filters.ChoiceFilter(choices=list(VERDICTS.items()), method="as_it_is", widget=forms.HiddenInput())

    class Meta:
        model = Ticket
        fields: list[str] = []
        form = TicketForm

    def __init__(self, *args: Any, actor: Actor, now: datetime, **kwargs: Any) -> None:
        self.actor, self.now = actor, now
        super().__init__(*args, **kwargs)

    def by_words(self, tickets: QuerySet[Ticket], name: str, value: str) -> QuerySet[Ticket]:
        """A number, a platform's number, or the last digits of a caller's phone."""
        return tickets.filter(pk__in=matching(value, self.actor))

    def by_unit(self, tickets: QuerySet[Ticket], name: str, value: str) -> QuerySet[Ticket]:
        """The unit that has it, or nobody."""
        if self.form.cleaned_data.get("milestone"):
            return tickets
        return tickets.filter(unit=None) if value == NOBODY else tickets.filter(unit=value)

    def by_state(self, tickets: QuerySet[Ticket], name: str, value: str) -> QuerySet[Ticket]:
        """Open, and how its next limit stands."""
        tickets = tickets.filter(live=True)
        if value == "rest":
            return tickets.exclude(late(self.now)).exclude(soon(self.now))
        only = {"late": late, "soon": soon}.get(value)
        return tickets.filter(only(self.now)) if only else tickets

    def by_tier(self, tickets: QuerySet[Ticket], name: str, value: str) -> QuerySet[Ticket]:
        """Open, of a tier: the board counts no others by it."""
        return tickets.filter(live=True, tier=value)

    def by_late(self, tickets: QuerySet[Ticket], name: str, value: str) -> QuerySet[Ticket]:
        """Whether any clock was late."""
        return tickets.filter(late_at__isnull=value == "false")

    def by_month(self, tickets: QuerySet[Ticket], name: str, value: str) -> QuerySet[Ticket]:
        """Reported in a month."""
        if self.form.cleaned_data.get("milestone"):
            return tickets
        month = Month.parse(value)
        return tickets.filter(reported_at__gte=month.starts_at, reported_at__lt=month.ends_at)

    def by_milestone(self, tickets: QuerySet[Ticket], name: str, value: str) -> QuerySet[Ticket]:
        """A clock that was decided in a month."""
        asked = self.form.cleaned_data
        return tickets.filter(judged(value, asked["verdict"] or "decided", Month.parse(asked["month"]), asked["unit"]))

    def as_it_is(self, tickets: QuerySet[Ticket], name: str, value: str) -> QuerySet[Ticket]:
        """Asked for together with another parameter, or in vain."""
        return tickets

    def offer(self, units: Iterable[Unit]) -> TicketFilter:
        """Fill the lists of the form."""
        self.form.fields["unit"].widget.choices = [
            ("", _("Any")),
            (NOBODY, _("Not dispatched yet")),
            *((unit.code, str(unit)) for unit in units if unit.dispatchable),
        ]
        categories = rulebook().categories.items()
        self.form.fields["category"].widget.choices = [("", _("Any")), *((code, str(c)) for code, c in categories)]
        asked = _("Number or last digits of the phone") if self.actor.role in CENTRE_ROLES else _("Ticket number")
        self.form.fields["number"].widget.attrs["placeholder"] = asked
        for field in self.form.fields.values():
            if not field.widget.is_hidden:
                field.widget.attrs["class"] = (
                    "form-select" if isinstance(field.widget, forms.Select) else "form-control"
                )
        return self

    def behind(self) -> list[str]:
        """In words, what the reader came for from the board and no list of the form shows."""
        if not self.form.is_valid():
            return []
        asked = self.form.cleaned_data
        words = [tier_name(asked["tier"])] if asked["tier"] else []
        if asked["milestone"]:
            words += [clock_name(asked["milestone"]), str(VERDICTS[asked["verdict"] or "decided"])]
            words.append(_("decided in %(month)s") % {"month": asked["month"]})
        return words


@dataclass(frozen=True)
class Found:
    """One page of tickets. ``after`` asks for the next page."""

    rows: list[Row]
    after: str


def seen_by(actor: Actor, *, unit: str, milestone: str) -> QuerySet[Ticket]:
    """The tickets a reader may see among those of a unit, or of any, or for whose milestone it answers.

    What a unit has, or answers for, it held, so its own people may see it, and no spell need be looked up; the centre
    alone answers without having held.
    """
    if actor.role not in FIELD_ROLES or unit != actor.unit or (milestone and unit == CENTRE):
        return visible_to(actor)
    return Ticket.objects.all() if unit == DISCIPLINE else Ticket.objects.exclude(category__confidential=True)


def page(tickets: QuerySet[Ticket], actor: Actor, *, after: str, now: datetime) -> Found:
    """One page, newest report first, from behind ``after``. Raises ValueError for an ``after`` that is none."""
    place = None
    if after:
        instant, _sign, pk = after.rpartition("~")
        place = parse_instant(instant), int(pk)
    wanted = tickets.select_related("category", "unit").annotate(judged_from=judged_from())
    found = reading.page_before(wanted, place, PAGE + 1)
    more = f"{found[PAGE - 1].reported_at.isoformat()}~{found[PAGE - 1].pk}" if len(found) > PAGE else ""
    return Found([row(ticket, actor, now=now) for ticket in found[:PAGE]], more)
