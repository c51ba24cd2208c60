"""The desk: live tickets, what breaks next first."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core import clock
from dispatch.queries import desk as query
from dispatch.views.doors import DESK, EVERYBODY, AuthenticatedRequest, for_roles
from tickets.queries.visibility import visible_to


@require_safe
@for_roles(DESK)
def desk(request: AuthenticatedRequest) -> HttpResponse:
    """A page of the queue; for htmx only the part that changes, or nothing where nothing did."""
    now = clock.now()
    tab = request.GET.get("tab", "all")
    tab = tab if tab in query.DESK_TABS else "all"
    after = request.GET.get("after", "")
    tickets = query.desk_tickets(request.actor)
    try:
        queue = query.queue(tickets, request.actor, only=query.DESK_TABS[tab](now), after=after, now=now)
    except ValueError:
        return redirect(request.path)
    counts = query.counts(tickets, query.DESK_TABS, now=now)
    seen = queue.print + "".join(f".{number}" for number in counts.values())
    if request.htmx and request.GET.get("seen") == seen:
        return HttpResponse(status=204)
    context = {"queue": queue, "counts": counts, "tab": tab, "after": after, "now": now, "seen": seen}
    page = "dispatch/parts/queue.html" if request.htmx else "dispatch/desk.html"
    return render(request, page, context)


@require_safe
@for_roles(EVERYBODY)
def find(request: AuthenticatedRequest) -> HttpResponse:
    """Go to a ticket by its number."""
    number = request.GET.get("number", "").strip()
    if number and visible_to(request.actor).filter(number=number).exists():
        return redirect("ticket", number=number)
    messages.warning(request, _("There is no ticket with this number."))
    return redirect("start")
