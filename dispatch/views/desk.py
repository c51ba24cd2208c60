"""The desk: live tickets, what breaks next first."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRedirect

from core import clock
from dispatch.filters import DeskFilter
from dispatch.queries import desk as query
from dispatch.views.doors import DESK, AuthenticatedRequest, for_roles
from tickets.queries.visibility import visible_to
from units.models import Unit


@require_safe
@for_roles(DESK)
def desk(request: AuthenticatedRequest) -> HttpResponse:
    """A page of the queue; for htmx only the part that changes, or nothing where nothing did."""
    now = clock.now()
    tab = request.GET.get("tab", "all")
    tab = tab if tab in query.DESK_TABS else "all"
    after = request.GET.get("after", "")
    narrowed = DeskFilter(request.GET, queryset=query.desk_tickets(request.actor), actor=request.actor)
    tickets = narrowed.qs
    try:
        queue = query.queue(tickets, request.actor, only=query.DESK_TABS[tab](now), after=after, now=now)
    except ValueError:
        return redirect(request.path)
    number = "" if queue.rows or "seen" in request.GET else narrowed.ended_number
    if number and _is_there(request, number):
        return HttpResponseClientRedirect(reverse("ticket", args=[number])) if request.htmx else _to(number)
    counts = query.counts(tickets, query.DESK_TABS, now=now)
    seen = queue.print + "".join(f".{number}" for number in counts.values())
    if request.htmx and request.GET.get("seen") == seen:
        return HttpResponse(status=204)
    context = {"queue": queue, "counts": counts, "tab": tab, "after": after, "now": now, "seen": seen}
    context |= {"kept": narrowed.kept, "narrowed": bool(narrowed.chosen)}
    if request.htmx:
        return render(request, "dispatch/parts/queue.html", context)
    return render(request, "dispatch/desk.html", context | {"filter": narrowed.offer(Unit.objects.all())})


def _is_there(request: AuthenticatedRequest, number: str) -> bool:
    return visible_to(request.actor).filter(number=number).exists()


def _to(number: str) -> HttpResponse:
    return redirect("ticket", number=number)
