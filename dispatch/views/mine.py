"""My tickets: what the unit has in hand, for a phone held in one hand."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from core import clock
from core.clock import local
from core.masking import mask_phone
from dispatch.queries import desk as query
from dispatch.queries.countdown import tier_due
from dispatch.queries.next_step import next_step, other_steps
from dispatch.queries.reporters import contact
from dispatch.views.acts import ACTS, SHEETS
from dispatch.views.doors import AuthenticatedRequest, for_roles
from units.actors import FIELD_ROLES
from units.models import User

#: What a delay is offered with; the field can be changed.
OFFERED_DELAY = timedelta(days=1)


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
            tickets.annotate(tier_due_at=tier_due()),
            request.actor,
            only=query.UNIT_TABS[tab](now),
            after=after,
            now=now,
            related=("reporter",),
        )
    except ValueError:
        return redirect(request.path)
    firsts = [(row, next_step(row.ticket, row.verbs, role=request.actor.role)) for row in queue.rows]
    cards = [
        {
            "row": row,
            "act": ACTS.get(first),
            "more": [ACTS[verb] for verb in other_steps(row.ticket, row.verbs) if verb != first],
            "sheets": [ACTS[verb] for verb in SHEETS[1:] if verb in row.verbs],
            "contact": (who := contact(row.ticket, request.actor)),
            "masked": mask_phone(who.phone) if not who.masked else who.phone,
            "offered_until": _offered(getattr(row.ticket, "tier_due_at", None), now),
        }
        for row, first in firsts
    ]
    counts = query.counts(tickets, query.UNIT_TABS, now=now)
    seen = queue.print + "".join(f".{number}" for number in counts.values())
    if request.htmx and request.GET.get("seen") == seen:
        return HttpResponse(status=204)
    context = {"cards": cards, "queue": queue, "counts": counts, "tab": tab, "after": after, "now": now, "seen": seen}
    if not request.htmx:
        colleagues = list(User.objects.filter(unit=request.actor.unit, is_active=True).select_related("unit"))
        context["unit"] = colleagues[0].unit if colleagues else None
        context["colleagues"] = [person.name for person in colleagues if person.role in FIELD_ROLES]
        context["sheets"] = [{"act": ACTS[verb], "form": ACTS[verb].bind(None, request.actor)} for verb in SHEETS]
    page = "dispatch/parts/cards.html" if request.htmx else "dispatch/my_tickets.html"
    return render(request, page, context)


def _offered(due: datetime | None, now: datetime) -> str:
    """The deadline a delay is offered with: a day behind the one of the tier, or behind now."""
    after = max(due or now, now) + OFFERED_DELAY
    return f"{local(after):%Y-%m-%dT%H:%M}"
