"""What a list of tickets can be narrowed by."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ErrorDetail, ValidationError

from tickets.models import Ticket

YES_NO = (("true", "true"), ("false", "false"))
PAGING = (
    OpenApiParameter("cursor", str, description=_("Where the page before ended: its next_cursor.")),
    OpenApiParameter("page_size", {"type": "integer", "minimum": 1, "maximum": 200, "default": 50}),
)


class TicketFilter(django_filters.FilterSet):
    """Unknown values of a closed list are errors; an unknown unit or category has no tickets."""

    status = django_filters.ChoiceFilter(choices=Ticket.Status.choices)
    unit = django_filters.CharFilter(field_name="unit", max_length=40)
    category = django_filters.CharFilter(field_name="category", max_length=40)
    channel = django_filters.ChoiceFilter(choices=Ticket.Channel.choices)
    late = django_filters.ChoiceFilter(choices=YES_NO, method="by_late")
    live = django_filters.ChoiceFilter(choices=YES_NO, method="by_live")

    def by_late(self, tickets: QuerySet[Ticket], name: str, value: str) -> QuerySet[Ticket]:
        """Whether any clock was late."""
        return tickets.filter(late_at__isnull=value == "false")

    def by_live(self, tickets: QuerySet[Ticket], name: str, value: str) -> QuerySet[Ticket]:
        """Whether something is still to be done."""
        return tickets.filter(live=value == "true")


PARAMETERS = (
    OpenApiParameter("status", str, enum=Ticket.Status.values),
    OpenApiParameter("unit", str, description=_("Code of the unit that holds it, or held it last.")),
    OpenApiParameter("category", str),
    OpenApiParameter("channel", str, enum=Ticket.Channel.values),
    OpenApiParameter("late", str, enum=["true", "false"], description=_("Whether any clock was late.")),
    OpenApiParameter("live", str, enum=["true", "false"], description=_("Whether something is still to be done.")),
    *PAGING,
)


def narrowed(tickets: QuerySet[Ticket], query: QueryDict) -> QuerySet[Ticket]:
    """The tickets a query asks for. Raises ValidationError for parameters or values that do not exist."""
    refuse_strangers(query, (parameter.name for parameter in PARAMETERS))
    chosen = TicketFilter(query, queryset=tickets)
    if not chosen.is_valid():
        raise ValidationError(_details(chosen.errors.as_data()))
    return chosen.qs


def refuse_strangers(query: QueryDict, known: Iterable[str]) -> None:
    """Raise ValidationError for unknown parameters: a filter misspelt must not answer with everything."""
    strangers = set(query) - set(known)
    if strangers:
        problem = ErrorDetail(str(_("There is no such parameter.")), code="unknown")
        raise ValidationError(dict.fromkeys(sorted(strangers), problem))


def _details(errors: Any) -> dict[str, list[ErrorDetail]]:
    return {
        name: [ErrorDetail(message, code=error.code or "invalid") for error in found for message in error.messages]
        for name, found in errors.items()
    }
