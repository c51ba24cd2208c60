"""My tickets: what the unit has in hand, for a phone held in one hand."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from core import clock
from dispatch.queries import desk as query
from dispatch.queries.next_step import next_step
from dispatch.queries.reporters import contact
from dispatch.views.acts import ACTS
from dispatch.views.doors import AuthenticatedRequest, for_roles
from units.actors import FIELD_ROLES
from units.models import Unit


@require_safe
@for_roles(FIELD_ROLES)
def my_tickets(request: AuthenticatedRequest) -> HttpResponse:
    """The unit's tickets as cards, each with the next step."""
    now = clock.now()
    tab = request.GET.get("tab", "dispatched")
    tab = tab if tab in query.UNIT_TABS else "dispatched"
    after = request.GET.get("after", "")
    tickets = query.unit_tickets(request.actor)
    try:
        queue = query.queue(
            tickets, request.actor, only=query.UNIT_TABS[tab](now), after=after, now=now, related=("reporter",)
        )
    except ValueError:
        return redirect(request.path)
    cards = [
        {
            "row": row,
            "act": ACTS.get(next_step(row.ticket, row.verbs, role=request.actor.role)),
            "contact": contact(row.ticket, request.actor),
        }
        for row in queue.rows
    ]
    counts = query.counts(tickets, query.UNIT_TABS, now=now)
    seen = queue.print + "".join(f".{number}" for number in counts.values())
    if request.htmx and request.GET.get("seen") == seen:
        return HttpResponse(status=204)
    context = {"cards": cards, "queue": queue, "counts": counts, "tab": tab, "after": after, "now": now, "seen": seen}
    if not request.htmx:
        context["unit"] = Unit.objects.filter(pk=request.actor.unit).first()
    page = "dispatch/parts/cards.html" if request.htmx else "dispatch/my_tickets.html"
    return render(request, page, context)
