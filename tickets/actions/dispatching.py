"""Handing a ticket to the unit responsible (Art. 9, 15), and answering it at the desk instead (Art. 12)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from core.refusals import Refused
from tickets.actions.recording import Draft, Matter, perform
from tickets.models import Ticket
from tickets.queries.rulebook import rulebook
from units.actors import Actor
from units.models import Unit


def dispatch(
    ticket: Ticket, *, by: Actor, at: datetime, unit: str | None = None, reason: str = "", note: str = ""
) -> Ticket:
    """Open a spell of ``unit``, or of the suggested unit where none is named; its clocks start now.

    Raises Refused: ``illegal_move`` ``wrong_role``; ``no_suggestion`` where a suggestion is needed and there is none;
    ``reason_required`` for another unit than the suggested one; ``invalid`` for a unit that takes no tickets.
    """

    def decide(matter: Matter) -> Draft:
        matter.guard("dispatch", by)
        row, book = matter.ticket, rulebook()
        suggestion = book.suggestion(row.category_id, row.facts, row.area_id, at)
        chosen = unit or (suggestion.unit if suggestion else None)
        if chosen is None:
            raise Refused("no_suggestion", _("No unit follows from category, facts and address: choose one."))
        if not Unit.objects.filter(code=chosen, dispatchable=True).exists():
            raise Refused("invalid", _("There is no such unit, or it takes no tickets."))
        if suggestion and chosen != suggestion.unit and not reason.strip():
            raise Refused("reason_required", _("Another unit than the suggested one needs a reason."))
        data = {"suggested": suggestion.unit, "article": suggestion.article} if suggestion else {}
        return Draft(
            "dispatch",
            unit=chosen,
            starts=book.spell_clocks(row.category_id, row.facts, at),
            data=data | _said(reason=reason, note=note),
            columns={"assignee": ""},
        )

    return perform(ticket, decide, by=by, at=at)


def answer(ticket: Ticket, *, by: Actor, at: datetime, note: str = "") -> Ticket:
    """Answer a consultation at once, or explain that a matter is out of scope; the ticket ends."""

    def decide(matter: Matter) -> Draft:
        matter.guard("answer", by)
        return Draft("answer", data=_said(note=note))

    return perform(ticket, decide, by=by, at=at)


def _said(**texts: str) -> dict[str, str]:
    return {name: text for name, text in texts.items() if text}
