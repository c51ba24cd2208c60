"""The page of a ticket, and the one door through which every verb goes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import trigger_client_event

from core import clock
from core.refusals import Refused
from dispatch import forms
from dispatch.queries.next_step import next_step
from dispatch.queries.ticket_page import TicketPage, ticket_page
from dispatch.views.acts import ACTS, ASKED_BY, PANELS, Act
from dispatch.views.doors import EVERYBODY, AuthenticatedRequest, for_roles
from dispatch.views.sending import do_once, sent_by_script, told
from dispatch.wording import moment
from tickets.models import Ticket


@require_safe
@for_roles(EVERYBODY)
def ticket(request: AuthenticatedRequest, number: str) -> HttpResponse:
    """All about a ticket, with what this person may do."""
    return _answer(request, _page(request, number, clock.now()))


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(EVERYBODY)
def act(request: AuthenticatedRequest, number: str, verb: str) -> HttpResponse:
    """Do one verb; a refusal comes back beside its form, with what was typed.

    The desk asks for the form alone, in a panel beside its list; a page's script may send it and take the answer.
    """
    if verb not in ACTS:
        raise Http404
    now = clock.now()
    page = _page(request, number, now)
    chosen = ACTS[verb]
    if request.method != "POST":
        return _panel(request, page, chosen) if _in_panel(request) else _answer(request, page, chosen=chosen)
    form = chosen.bind(page, request.actor, request.POST)
    if not form.is_valid():
        return _refusal(request, page, chosen, form, status=422)

    def effect() -> str:
        chosen.run(page.ticket, by=request.actor, at=now, **form.arguments())
        return moment(now)

    try:
        recorded_at = do_once(request, effect, at=now)
    except Refused as refused:
        form.refuse(refused)
        # What is allowed may have changed under the reader: show the ticket as it is now.
        return _refusal(request, _page(request, number, now), chosen, form, status=refused.status)
    message = _("%(number)s: %(verb)s recorded.") % {"number": number, "verb": chosen.label}
    if sent_by_script(request) == "stay":
        return told(f"{message} {recorded_at}")
    if _in_panel(request):
        return _after_panel(request, number, _following(chosen, form), message, now)
    messages.success(request, message)
    to = _next(request) or reverse("ticket", args=[number])
    return told(message, to=to) if sent_by_script(request) else redirect(to)


def _in_panel(request: AuthenticatedRequest) -> bool:
    return bool(request.htmx) and request.htmx.target == "panel"


def _panel(
    request: AuthenticatedRequest, page: TicketPage, chosen: Act, *, form: forms.Act | None = None, status: int = 200
) -> HttpResponse:
    offered = [verb for verb in PANELS.get(chosen.verb, (chosen.verb,)) if verb in page.verbs or verb == chosen.verb]
    offers = [
        {
            "act": ACTS[verb],
            "form": form if form and verb == chosen.verb else ACTS[verb].bind(page, request.actor),
            "open": verb in page.verbs or bool(form),
            "first": verb == chosen.verb,
        }
        for verb in offered
    ]
    asked = next((entry for entry in page.timeline if entry.verb == ASKED_BY.get(chosen.verb)), None)
    context = {"page": page, "ticket": page.ticket, "offers": offers, "chosen": chosen, "asked": asked, "panel": True}
    return render(request, "dispatch/parts/panel.html", context, status=status)


def _following(chosen: Act, form: forms.Act) -> str:
    """What the panel goes on with: after a callback the check, or the rework that the customer asked for."""
    if chosen.verb != "callback" or form.cleaned_data["reached"] != "yes":
        return ""
    return "reject" if form.cleaned_data["solved"] == "no" else "close"


def _after_panel(request: AuthenticatedRequest, number: str, verb: str, message: str, now: datetime) -> HttpResponse:
    """The panel's next form where one follows at once; else nothing, which closes it."""
    page = _page(request, number, now) if verb else None
    response = _panel(request, page, ACTS[verb]) if page and verb in page.verbs else HttpResponse(status=204)
    return trigger_client_event(response, "recorded", {"message": message})


def _refusal(
    request: AuthenticatedRequest, page: TicketPage, chosen: Act, form: forms.Act, *, status: int
) -> HttpResponse:
    if sent_by_script(request):
        said = [str(error) for error in form.non_field_errors()]
        fields = {name: [str(error) for error in errors] for name, errors in form.errors.items() if name in form.fields}
        return told(" ".join(said) or _("Not recorded: please look at the fields."), status=status, fields=fields)
    if _in_panel(request):
        return _panel(request, page, chosen, form=form, status=status)
    return _answer(request, page, chosen=chosen, form=form, status=status)


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
