"""Who reported a ticket, as far as a reader may know."""

from __future__ import annotations

from dataclasses import dataclass

from core.masking import mask_address, mask_name, mask_phone, mask_text, may_see_reporter
from tickets.models import Reporter, Ticket
from units.actors import Actor


@dataclass(frozen=True)
class Contact:
    """Name and phone, whole or masked. ``known`` is false where nobody left either."""

    known: bool
    name: str = ""
    phone: str = ""
    masked: bool = True
    confidential: bool = False


def veil(text: str, *, address: str = "", name: str = "") -> str:
    """Free text without phone numbers, and without the address and name given: people type them into it as well."""
    if address:
        text = text.replace(address, mask_address(address))
    if name:
        text = text.replace(name, mask_name(name))
    return mask_text(text)


def contact(ticket: Ticket, actor: Actor) -> Contact:
    """The ticket must have been read with its category and reporter."""
    reporter: Reporter | None = getattr(ticket, "reporter", None)
    confidential = ticket.category.confidential or (reporter is not None and reporter.confidential)
    whole = may_see_reporter(actor.role, unit=actor.unit, holder=ticket.holder, confidential=confidential)
    if reporter is None:
        return Contact(known=False, masked=not whole, confidential=confidential)
    name = reporter.name if whole else mask_name(reporter.name)
    phone = reporter.phone if whole else mask_phone(reporter.phone)
    return Contact(True, name, phone, not whole, confidential)
