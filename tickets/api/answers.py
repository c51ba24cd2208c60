"""The shapes of the API's answers, for its schema. What fills them is in ``presenting``; a test holds them together.

A field that only signed-in people are answered with is not required: a platform's answer has the others.
"""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from tickets.facts import CHANNELS
from tickets.models import Milestone, Ticket
from tickets.moves import MOVES

Shape = serializers.Serializer[Any]


def instant(*, null: bool = False, people: bool = False) -> serializers.DateTimeField:
    """An instant; ``people`` marks what platforms are not told."""
    return serializers.DateTimeField(allow_null=null, required=not people)


def text(*, null: bool = False, people: bool = False) -> serializers.CharField:
    """Text; ``people`` marks what platforms are not told."""
    return serializers.CharField(allow_null=null, allow_blank=True, required=not people)


def status() -> serializers.ChoiceField:
    """A status of the contract."""
    return serializers.ChoiceField(choices=Ticket.Status.choices)


class MilestoneSerializer(Shape):
    kind = text()
    round = serializers.IntegerField()
    unit = text()
    starts_at = instant()
    due_at = instant()
    first_due_at = instant()
    met_at = instant(null=True)
    verdict = serializers.ChoiceField(choices=Milestone.Verdict.choices)
    rule = text()


class SpellSerializer(Shape):
    unit = text()
    starts_at = instant()
    ended_at = instant(null=True)
    end = text()


class ReporterSerializer(Shape):
    name = text()
    phone = text()
    confidential = serializers.BooleanField()
    masked = serializers.BooleanField()


class StandingSerializer(Shape):
    """Where a ticket stands, with the clocks of the case."""

    number = text()
    external_no = text(null=True)
    status = status()
    round = serializers.IntegerField()
    category = text()
    channel = serializers.ChoiceField(choices=CHANNELS)
    tier = text()
    reported_at = instant()
    registered_at = instant()
    due_at = instant(null=True)
    city_due_at = instant(null=True)
    milestones = MilestoneSerializer(many=True)


class ReceiptSerializer(StandingSerializer):
    """The receipt of an order. A platform finds in unknown_fields what was kept beside the ticket unread."""

    unknown_fields = serializers.ListField(child=serializers.CharField())


class TicketLineSerializer(Shape):
    """A ticket in a list. unit, assignee, next_clock, next_due_at and pending are for signed-in people."""

    number = text()
    external_no = text(null=True)
    channel = serializers.ChoiceField(choices=CHANNELS)
    category = text()
    title = text()
    status = status()
    round = serializers.IntegerField()
    tier = text()
    reported_at = instant()
    late = serializers.BooleanField()
    unit = text(null=True, people=True)
    assignee = text(people=True)
    next_clock = text(people=True)
    next_due_at = instant(null=True, people=True)
    pending = serializers.ListField(child=serializers.ChoiceField(choices=["delay", "return"]), required=False)


class TicketSerializer(TicketLineSerializer):
    """A ticket. What a platform does not need is for signed-in people: units, spells, facts, the late instant."""

    content = text()
    address = text()
    registered_at = instant()
    due_at = instant(null=True)
    city_due_at = instant(null=True)
    merged_into = text(null=True)
    reporter = ReporterSerializer(allow_null=True)
    milestones = MilestoneSerializer(many=True)
    available_actions = serializers.ListField(child=serializers.ChoiceField(choices=list(MOVES)))
    client = text(null=True, people=True)
    area = text(null=True, people=True)
    first_contact = text(null=True, people=True)
    facts = serializers.DictField(required=False)
    late_at = instant(null=True, people=True)
    spells = SpellSerializer(many=True, required=False)
    extra = serializers.DictField(required=False)


class EventSerializer(Shape):
    """A step. A platform reads verb, at and status; who did it and what was said is for signed-in people."""

    verb = text()
    at = instant()
    status = status()
    seq = serializers.IntegerField(required=False)
    recorded_at = instant(people=True)
    by_role = text(people=True)
    by_unit = text(null=True, people=True)
    by_name = text(people=True)
    data = serializers.DictField(required=False)  # type: ignore[assignment]  # a field, where the class has a property


class ChangeSerializer(Shape):
    number = text()
    external_no = text(null=True)
    verb = text()
    at = instant()
    status = status()


class TicketPageSerializer(Shape):
    results = TicketLineSerializer(many=True)
    next_cursor = text(null=True)
    next = serializers.URLField(allow_null=True)


class EventPageSerializer(Shape):
    results = EventSerializer(many=True)
    next_cursor = text(null=True)
    next = serializers.URLField(allow_null=True)


class ChangePageSerializer(Shape):
    results = ChangeSerializer(many=True)
    next_after = text(null=True)
    more = serializers.BooleanField()


class FieldErrorSerializer(Shape):
    field = text()
    code = text()
    detail = text()


class ProblemSerializer(Shape):
    """A problem document (RFC 9457). Programs read code, people read detail."""

    type = text()
    title = text()
    status = serializers.IntegerField()
    detail = text()
    code = text()
    errors = FieldErrorSerializer(many=True, required=False)  # type: ignore[assignment]  # likewise
