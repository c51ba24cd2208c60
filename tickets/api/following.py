"""What a platform may do to the orders it sent: urge, supplement, withdraw (contract, "Moves of a ticket")."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from core import clock
from tickets.actions import ending, following
from tickets.api import presenting
from tickets.api.answers import StandingSerializer
from tickets.api.door import Door, Reply
from tickets.api.schema import KEY, NUMBER, writes
from tickets.models import Ticket
from tickets.queries import reading

LONGEST_NOTE = 2000


class NoteIn(serializers.Serializer[Any]):
    note = serializers.CharField(max_length=LONGEST_NOTE, required=False, allow_blank=True, default="")


class SupplementIn(serializers.Serializer[Any]):
    note = serializers.CharField(max_length=LONGEST_NOTE, help_text=_("What has become known."))


class WithdrawalIn(NoteIn):
    reason = serializers.CharField(max_length=LONGEST_NOTE, required=False, allow_blank=True, default="")


def said(shape: type[serializers.Serializer[Any]], data: Any) -> dict[str, str]:
    """The body of a verb. Raises ValidationError, for unknown fields too."""
    body = shape(data=data)
    strangers = set(data) - set(body.fields) if isinstance(data, dict) else set()
    if strangers:
        stray = serializers.ErrorDetail(str(_("There is no such field.")), code="unknown")
        raise serializers.ValidationError(dict.fromkeys(sorted(strangers), stray))
    body.is_valid(raise_exception=True)
    words: dict[str, str] = body.validated_data
    return words


class Verb(Door):
    """A verb on one ticket, answered with where the ticket then stands."""

    def perform(
        self, number: str, shape: type[serializers.Serializer[Any]], verb: Callable[..., Ticket]
    ) -> HttpResponse:
        def effect() -> Reply:
            words = said(shape, self.request.data)
            ticket = verb(reading.find(self.actor, number), by=self.actor, at=clock.now(), **words)
            return 200, presenting.standing(ticket, reading.milestones_of(ticket))

        return self.once(effect)


def documented(verb: str, summary: str, shape: type[serializers.Serializer[Any]]) -> Any:
    """The schema of a verb."""
    return extend_schema(
        operation_id=f"tickets_{verb}",
        summary=summary,
        parameters=[KEY, NUMBER],
        request=shape,
        responses={200: StandingSerializer, **writes(404)},
    )


class Urge(Verb):
    @documented("urge", "催办 · Urge", NoteIn)
    def post(self, request: Request, number: str) -> HttpResponse:
        """Press the unit; no clock moves."""
        return self.perform(number, NoteIn, following.urge)


class Supplement(Verb):
    @documented("supplement", "补充信息 · Supplement", SupplementIn)
    def post(self, request: Request, number: str) -> HttpResponse:
        """Add what has become known."""
        return self.perform(number, SupplementIn, following.supplement)


class Withdrawal(Verb):
    @documented("withdrawal", "撤单 · Withdraw", WithdrawalIn)
    def post(self, request: Request, number: str) -> HttpResponse:
        """Take an order back before it is resolved; its open clocks are cancelled."""
        return self.perform(number, WithdrawalIn, ending.withdraw)
