"""The page of a ticket, and the one door through which every verb goes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core import clock
from core.refusals import Refused
from dispatch import forms
from dispatch.queries.next_step import next_step
from dispatch.queries.ticket_page import TicketPage, ticket_page
from dispatch.views.acts import ACTS, Act
from dispatch.views.doors import EVERYBODY, AuthenticatedRequest, for_roles
from tickets.models import Ticket


@require_safe
@for_roles(EVERYBODY)
def ticket(request: AuthenticatedRequest, number: str) -> HttpResponse:
    """All about a ticket, with what this person may do."""
    return _answer(request, _page(request, number, clock.now()))


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(EVERYBODY)
def act(request: AuthenticatedRequest, number: str, verb: str) -> HttpResponse:
    """Do one verb; a refusal comes back beside its form, with what was typed."""
    if verb not in ACTS:
        raise Http404
    now = clock.now()
    page = _page(request, number, now)
    chosen = ACTS[verb]
    if request.method != "POST":
        return _answer(request, page, chosen=chosen)
    form = chosen.bind(page, request.actor, request.POST)
    if not form.is_valid():
        return _answer(request, page, chosen=chosen, form=form, status=422)
    try:
        chosen.run(page.ticket, by=request.actor, at=now, **form.arguments())
    except Refused as refused:
        form.refuse(refused)
        # What is allowed may have changed under the reader: show the ticket as it is now.
        return _answer(request, _page(request, number, now), chosen=chosen, form=form, status=refused.status)
    messages.success(request, _("%(number)s: %(verb)s recorded.") % {"number": number, "verb": chosen.label})
    return redirect(_next(request) or reverse("ticket", args=[number]))


def _page(request: AuthenticatedRequest, number: str, now: Any) -> TicketPage:
    try:
        return ticket_page(number, request.actor, now=now)
    except Ticket.DoesNotExist as error:
        raise Http404 from error


def _answer(
    request: AuthenticatedRequest,
    page: TicketPage,
    *,
    chosen: Act | None = None,
    form: forms.Act | None = None,
    status: int = 200,
) -> HttpResponse:
    first = next_step(page.ticket, page.verbs, role=request.actor.role, done=page.done, called_back=page.called_back)
    if chosen and (form or chosen.verb in page.verbs):
        first = chosen.verb
    offered = [ACTS[verb] for verb in ACTS if verb in page.verbs or verb == first]
    offers = [
        {
            "act": act,
            "form": form if form and act is chosen else act.bind(page, request.actor),
            "first": act.verb == first,
        }
        for act in sorted(offered, key=lambda act: act.verb != first)
    ]
    context = {"page": page, "ticket": page.ticket, "offers": offers, "now": page.now}
    return render(request, "dispatch/ticket.html", context, status=status)


def _next(request: AuthenticatedRequest) -> str:
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else ""
