"""Lists of tickets: found by what they are, or behind a figure of the board."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from core import clock
from dispatch.queries import lists as query
from dispatch.views.doors import BOARD, EVERYBODY, AuthenticatedRequest, for_roles
from tickets.queries.visibility import visible_to
from units.models import Unit


@require_safe
@for_roles(EVERYBODY)
def tickets(request: AuthenticatedRequest) -> HttpResponse:
    """A page of the tickets asked for; a number that is one leads to its ticket. What is misspelt finds nothing."""
    now = clock.now()
    asked = request.GET
    number = asked.get("number", "").strip()
    if number and visible_to(request.actor).filter(number=number).exists():
        return redirect("ticket", number=number)
    seen = query.seen_by(request.actor, unit=asked.get("unit", ""), milestone=asked.get("milestone", ""))
    narrowed = query.TicketFilter(asked, queryset=seen, actor=request.actor, now=now)
    valid = narrowed.is_valid()
    after = asked.get("after", "")
    try:
        found = query.page(narrowed.qs if valid else seen.none(), request.actor, after=after, now=now)
    except ValueError:
        return redirect(request.path)
    context = {
        "filter": narrowed.offer(Unit.objects.all()),
        "behind": narrowed.behind(),
        "found": found,
        "after": after,
        "number": number,
        "now": now,
        "may_board": request.actor.role in BOARD,
    }
    return render(request, "dispatch/ticket_list.html", context, status=200 if valid else 400)
