"""Finding tickets by what people read out on the phone: always whole words, so that an index answers."""

from __future__ import annotations

import re
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Right

from tickets.models import Reporter, Ticket
from tickets.queries.visibility import visible_to
from units.actors import CENTRE_ROLES, Actor, Role

#: How many last digits of a phone the index keeps, and the fewest that are looked for.
TAIL = 4
SHORTEST_PHONE, LONGEST_PHONE = 7, 13


def matching(words: str, actor: Actor) -> QuerySet[Any]:
    """The keys of tickets whose number or platform's number is ``words``, or whose caller's phone ends in them.

    Phones only for those who may read them: the centre, and of a confidential caller the duty leader alone.
    """
    words = words.strip()
    found: list[QuerySet[Any]] = [
        Ticket.objects.filter(number=words).values_list("pk"),
        Ticket.objects.filter(external_no=words).values_list("pk"),
    ]
    digits = digits_of(words)
    if actor.role in CENTRE_ROLES and TAIL <= len(digits) <= LONGEST_PHONE:
        found.append(_callers(digits, actor).filter(phone__endswith=digits).values_list("ticket"))
    return found[0].union(*found[1:])


def live_of_caller(phone: str, actor: Actor, *, most: int) -> list[Ticket]:
    """Up to ``most`` live tickets of a phone number that was typed whole, what breaks next first.

    None for whoever may not read phone numbers.
    """
    digits = digits_of(phone)
    if actor.role not in CENTRE_ROLES or len(digits) < SHORTEST_PHONE:
        return []
    callers = _callers(digits, actor).filter(phone__in={phone.strip(), digits})
    tickets = visible_to(actor).filter(live=True, pk__in=callers.values("ticket"))
    return list(tickets.select_related("category", "unit").order_by("next_due_at", "id")[:most])


def digits_of(text: str) -> str:
    """The digits of a phone number; empty where anything but digits, blanks and hyphens is in it."""
    digits = re.sub(r"[\s+()-]", "", text)
    return digits if digits.isascii() and digits.isdigit() else ""


def _callers(digits: str, actor: Actor) -> QuerySet[Reporter]:
    callers = Reporter.objects.alias(tail=Right("phone", TAIL)).filter(tail=digits[-TAIL:])
    return callers if actor.role == Role.DUTY_LEADER else callers.filter(confidential=False)
