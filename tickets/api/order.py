"""An order as it arrives: its fields, their limits, and the report it becomes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from core.idempotency import fingerprint
from tickets.actions.reporting import Report
from tickets.api.fields import InstantField, LinkField
from tickets.facts import CHANNELS
from units.actors import Actor

#: Where an order without a fitting category goes; the dispatcher chooses the unit.
UNSORTED = "general"
#: What looks like a code and is none is a mistake; anything else is free text.
CODE = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
#: Said by people of the company only; from a platform these are unknown fields.
BY_HAND = frozenset({"reason", "first_contact"})
#: Fields without a column of their own.
KEPT_BESIDE = ("kind", "urgency", "location", "attachments")


def optional(longest: int, help_text: Any = None) -> serializers.CharField:
    """Text that may be absent, null or empty, which platforms use alike."""
    return serializers.CharField(
        max_length=longest, required=False, allow_null=True, allow_blank=True, help_text=help_text
    )


class ReporterIn(serializers.Serializer[Any]):
    name = optional(60)
    phone = optional(30)
    confidential = serializers.BooleanField(
        required=False, allow_null=True, help_text=_("The reporter asks not to be named to the unit.")
    )


class OrderIn(serializers.Serializer[Any]):
    """An order. Nothing is required, but an order must say something; a platform should send its number."""

    external_no = optional(60, _("The platform's own number; one ticket a number."))
    channel = serializers.ChoiceField(
        choices=CHANNELS,
        required=False,
        allow_null=True,
        help_text=_("How it came; mayor_hotline for platforms and phone for people where absent."),
    )
    kind = optional(40, _("What the platform calls it, kept as it came."))
    category = optional(200, _("A category code, or free text, which is kept and sorted by the dispatcher."))
    title = optional(120)
    content = optional(10_000)
    reported_at = InstantField(required=False, allow_null=True, help_text=_("The clocks run from here."))
    reporter = ReporterIn(required=False, allow_null=True)
    address = optional(200)
    location = serializers.JSONField(
        required=False, allow_null=True, help_text=_("Coordinates as the platform has them, kept as they came.")
    )
    urgency = optional(20, _("What the platform says, kept as it came."))
    city_due_at = InstantField(required=False, allow_null=True, help_text=_("The city's own deadline."))
    facts = serializers.DictField(
        required=False, allow_null=True, help_text=_("What decides clocks and unit: in_warranty, dn, buildings …")
    )
    attachments = serializers.ListField(
        child=LinkField(max_length=500), max_length=20, required=False, allow_null=True, help_text=_("Links.")
    )
    reason = optional(500, _("People only: why a category is set that is only set by hand."))
    first_contact = optional(40, _("People only: the unit that heard of it first."))

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not any(attrs.get(name) for name in ("title", "content", "category", "address", "facts")):
            raise serializers.ValidationError(
                _("The order says nothing: give a title, a content, a category, an address or facts."), code="empty"
            )
        return attrs


def read_order(data: Any, *, by: Actor) -> tuple[Report, list[str]]:
    """The report an order becomes, and the names of the fields nobody knew.

    Raises ValidationError; a person's unknown field is an error, a platform's is kept beside the ticket: it adds a
    field one day, and no order may be lost for it.
    """
    platform = by.client is not None
    order = OrderIn(data=data)
    if platform:
        for name in BY_HAND:
            order.fields.pop(name)
    unknown, of_reporter = _unknown(data, order)
    names = sorted([*unknown, *(f"reporter.{name}" for name in of_reporter)])
    valid = order.is_valid()
    if names and not platform:
        stray = serializers.ErrorDetail(str(_("There is no such field.")), code="unknown")
        raise serializers.ValidationError({**order.errors, **dict.fromkeys(names, stray)})
    if not valid:
        raise serializers.ValidationError(order.errors)
    said = {name: value for name, value in order.validated_data.items() if value not in (None, "")}
    category = said.get("category", UNSORTED)
    # Unknown names cannot meet ours: those under which we keep something are names of the order itself.
    extra = {name: said[name] for name in KEPT_BESIDE if name in said} | unknown
    if of_reporter:
        extra["reporter"] = of_reporter
    if not CODE.fullmatch(category):
        extra["category"], category = category, UNSORTED
    reporter = said.get("reporter", {})
    report = Report(
        category=category,
        channel=said.get("channel", "mayor_hotline" if platform else "phone"),
        title=said.get("title", ""),
        content=said.get("content", ""),
        address=said.get("address", ""),
        facts=said.get("facts", {}),
        reason=said.get("reason", ""),
        reported_at=said.get("reported_at"),
        reporter_name=reporter.get("name") or "",
        reporter_phone=reporter.get("phone") or "",
        confidential=reporter.get("confidential") or False,
        external_no=said.get("external_no"),
        external_hash=fingerprint(data),
        city_due_at=said.get("city_due_at"),
        first_contact=said.get("first_contact"),
        extra=extra,
    )
    return report, names


def _unknown(data: Any, order: OrderIn) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the order holds beside its fields, and what its reporter does."""
    if not isinstance(data, Mapping):
        return {}, {}
    reporter = data.get("reporter")
    within = reporter if isinstance(reporter, Mapping) else {}
    return (
        {name: value for name, value in data.items() if name not in order.fields},
        {name: value for name, value in within.items() if name not in ReporterIn().fields},
    )
