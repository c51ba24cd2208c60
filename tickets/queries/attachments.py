"""Reading the photos of a ticket, as far as a reader may see the ticket."""

from __future__ import annotations

from django.db.models import QuerySet

from tickets.models import Attachment
from tickets.queries.visibility import visible_to
from units.actors import Actor


def photos_of(number: str, actor: Actor) -> QuerySet[Attachment]:
    """The photos of a ticket, oldest first; none of a ticket this reader may not see."""
    return Attachment.objects.filter(ticket__in=visible_to(actor).filter(number=number)).order_by("pk")
