"""What the desk's queue can be narrowed by; it stands in the address of the page."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from dispatch.wording import Text, tier_name
from tickets.models import Ticket
from tickets.queries.rulebook import rulebook
from tickets.queries.searching import matching
from units.actors import Actor
from units.models import Unit

NUMBER = re.compile(r"\d{8}-\d{6,}")


def _chosen(field: str, label: Text, length: int) -> django_filters.CharFilter:
    """A closed list for the reader; a value that is not in it has no tickets."""
    return django_filters.CharFilter(field_name=field, max_length=length, label=label, widget=forms.Select())


class DeskFilter(django_filters.FilterSet):
    """Unit, category, tier, channel, and a search that only finds what is written whole."""

    q = django_filters.CharFilter(method="by_words", max_length=60, label=_("Search"))
    unit = _chosen("unit", _("Unit"), 40)
    category = _chosen("category", _("Category"), 40)
    tier = _chosen("tier", _("Tier"), 6)
    channel = _chosen("channel", _("Channel"), 20)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        self.actor = actor
        super().__init__(*args, **kwargs)

    def by_words(self, tickets: QuerySet[Ticket], name: str, value: str) -> QuerySet[Ticket]:
        """A number, a platform's number, or the last digits of a caller's phone."""
        return tickets.filter(pk__in=matching(value, self.actor))

    @property
    def chosen(self) -> dict[str, str]:
        """What narrows the list, by parameter."""
        self.form.is_valid()
        return {name: value for name, value in self.form.cleaned_data.items() if value}

    @property
    def kept(self) -> str:
        """The same, as it goes on in addresses."""
        return urlencode(self.chosen)

    @property
    def ended_number(self) -> str:
        """The number of a ticket that was asked for; it may be one that has ended."""
        words = self.chosen.get("q", "").strip()
        return words if NUMBER.fullmatch(words) else ""

    def offer(self, units: Iterable[Unit]) -> DeskFilter:
        """Fill the lists of the form."""
        book = rulebook()
        tiers = sorted({row.tier for row in book.limits if row.tier}, key=_hours)
        offered: dict[str, tuple[Text, list[tuple[str, Text]]]] = {
            "unit": (_("All units"), [(unit.code, str(unit)) for unit in units if unit.dispatchable]),
            "category": (_("All categories"), [(code, str(category)) for code, category in book.categories.items()]),
            "tier": (_("All tiers"), [(tier, tier_name(tier)) for tier in tiers]),
            "channel": (_("All channels"), [(code, name) for code, name in Ticket.Channel.choices]),
        }
        for name, (everything, choices) in offered.items():
            widget = self.form.fields[name].widget
            widget.choices = [("", everything), *choices]
            widget.attrs["class"] = "form-select"
        return self


def _hours(tier: str) -> int:
    return int(tier[:-1]) * (24 if tier.endswith("d") else 1)
