"""Fields of the API's input that the framework has not got."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.clock import parse_instant

#: Outside these an instant is a typing error; a day from the calendar's end it could not even be shown in Shanghai.
FIRST, LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


@extend_schema_field(OpenApiTypes.DATETIME)
class InstantField(serializers.Field):
    """ISO 8601 with an offset, between 2000 and 2100; a time without an offset names no instant and is refused."""

    default_error_messages = {
        "instant": _("Write ISO 8601 with an offset, such as 2026-11-23T08:30:00+08:00."),
        "range": _("The instant must lie between 2000 and 2100."),
    }

    def to_internal_value(self, data: object) -> datetime:
        try:
            instant = parse_instant(data)
        except (ValueError, OverflowError):
            self.fail("instant")
        if not FIRST <= instant < LAST:
            self.fail("range")
        return instant

    def to_representation(self, value: datetime) -> str:
        return utc(value)


@extend_schema_field({"type": "string", "maxLength": 500, "pattern": "^[Hh][Tt][Tt][Pp][Ss]?://"})
class LinkField(serializers.CharField):
    """A web address. Other schemes are refused: somebody will click on it one day."""

    default_error_messages = {"link": _("Give a http or https address.")}

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        if not text.lower().startswith(("http://", "https://")):
            self.fail("link")
        return text


def utc(instant: datetime) -> str:
    """An instant as the API writes it: ISO 8601 in UTC."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def utc_or_none(instant: datetime | None) -> str | None:
    """The same where there may be none."""
    return None if instant is None else utc(instant)
