"""The shapes of the API's answers, for its schema. What fills them is in ``presenting``; a test holds them together."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import PolymorphicProxySerializer
from rest_framework import serializers

from tickets.facts import CHANNELS
from tickets.models import Milestone, Ticket
from tickets.moves import MOVES

Shape = serializers.Serializer[Any]


def instant(*, null: bool = False) -> serializers.DateTimeField:
    return serializers.DateTimeField(allow_null=null)


def text(*, null: bool = False) -> serializers.CharField:
    return serializers.CharField(allow_null=null, allow_blank=True)


class MilestoneShape(Shape):
    kind = text()
    round = serializers.IntegerField()
    unit = text()
    starts_at = instant()
    due_at = instant()
    first_due_at = instant()
    met_at = instant(null=True)
    verdict = serializers.ChoiceField(choices=Milestone.Verdict.choices)
    rule = text()


class SpellShape(Shape):
    unit = text()
    starts_at = instant()
    ended_at = instant(null=True)
    end = text()


class ReporterShape(Shape):
    name = text()
    phone = text()
    confidential = serializers.BooleanField()
    masked = serializers.BooleanField()


class ReceiptShape(Shape):
    """The receipt of an order. A platform finds in unknown_fields what was kept beside the ticket unread."""

    number = text()
    external_no = text(null=True)
    status = serializers.ChoiceField(choices=Ticket.Status.choices)
    round = serializers.IntegerField()
    category = text()
    channel = serializers.ChoiceField(choices=CHANNELS)
    tier = text()
    reported_at = instant()
    registered_at = instant()
    due_at = instant(null=True)
    city_due_at = instant(null=True)
    milestones = MilestoneShape(many=True)
    unknown_fields = serializers.ListField(child=serializers.CharField())


class PlatformLineShape(Shape):
    number = text()
    external_no = text(null=True)
    channel = serializers.ChoiceField(choices=CHANNELS)
    category = text()
    title = text()
    status = serializers.ChoiceField(choices=Ticket.Status.choices)
    round = serializers.IntegerField()
    tier = text()
    reported_at = instant()
    late = serializers.BooleanField()


class PersonLineShape(PlatformLineShape):
    unit = text(null=True)
    assignee = text()
    next_clock = text()
    next_due_at = instant(null=True)
    pending = serializers.ListField(child=serializers.ChoiceField(choices=["delay", "return"]))


class WholeShape(Shape):
    content = text()
    address = text()
    registered_at = instant()
    due_at = instant(null=True)
    city_due_at = instant(null=True)
    merged_into = text(null=True)
    reporter = ReporterShape(allow_null=True)
    milestones = MilestoneShape(many=True)
    available_actions = serializers.ListField(child=serializers.ChoiceField(choices=list(MOVES)))


class PlatformTicketShape(PlatformLineShape, WholeShape):
    """A ticket as the platform it came from sees it."""


class PersonTicketShape(PersonLineShape, WholeShape):
    """A ticket as a signed-in person sees it."""

    client = text(null=True)
    area = text(null=True)
    first_contact = text(null=True)
    facts = serializers.DictField()
    late_at = instant(null=True)
    spells = SpellShape(many=True)
    extra = serializers.DictField()


class PlatformEventShape(Shape):
    verb = text()
    at = instant()
    status = serializers.ChoiceField(choices=Ticket.Status.choices)


class PersonEventShape(PlatformEventShape):
    seq = serializers.IntegerField()
    recorded_at = instant()
    by_role = text()
    by_unit = text(null=True)
    by_name = text()
    data = serializers.DictField()


class ChangeShape(Shape):
    number = text()
    external_no = text(null=True)
    verb = text()
    at = instant()
    status = serializers.ChoiceField(choices=Ticket.Status.choices)


def either(name: str, platform: type[Shape], person: type[Shape], *, many: bool = False) -> Any:
    """What depends on who asks. The person's shape holds the platform's, so any of the two may fit: anyOf."""
    return PolymorphicProxySerializer(
        component_name=name, serializers=[person, platform], resource_type_field_name=None, many=many
    )


class TicketPageShape(Shape):
    results = either("TicketLine", PlatformLineShape, PersonLineShape, many=True)
    next_cursor = text(null=True)
    next = serializers.URLField(allow_null=True)


class EventPageShape(Shape):
    results = either("Event", PlatformEventShape, PersonEventShape, many=True)
    next_cursor = text(null=True)
    next = serializers.URLField(allow_null=True)


class ChangePageShape(Shape):
    results = ChangeShape(many=True)
    next_after = text(null=True)
    more = serializers.BooleanField()


TICKET = either("Ticket", PlatformTicketShape, PersonTicketShape)


class FieldErrorShape(Shape):
    field = text()
    code = text()
    detail = text()


class ProblemShape(Shape):
    """A problem document (RFC 9457). Programs read code, people read detail."""

    type = text()
    title = text()
    status = serializers.IntegerField()
    detail = text()
    code = text()
    errors = FieldErrorShape(many=True, required=False)
