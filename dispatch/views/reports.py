"""Registering a report, at the desk or by whoever hears it first."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import reselect, retarget

from core import clock
from core.refusals import Refused
from dispatch.forms import Registering
from dispatch.queries.desk import row
from dispatch.queries.registering import advice, relevant_facts
from dispatch.views.doors import REGISTRARS, AuthenticatedRequest, for_roles
from dispatch.views.sending import do_once
from tickets.actions.reporting import Report, report
from tickets.queries.rulebook import rulebook
from tickets.queries.searching import live_of_caller
from tickets.queries.visibility import visible_to
from units.actors import CENTRE_ROLES

#: Earlier tickets of a caller that are shown: enough to see that it is the same matter.
MOST_EARLIER = 5

PLAIN = (
    "category",
    "channel",
    "title",
    "content",
    "address",
    "reporter_name",
    "reporter_phone",
    "confidential",
    "reason",
)


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(REGISTRARS)
def register(request: AuthenticatedRequest) -> HttpResponse:
    """The form, and the ticket it makes."""
    now = clock.now()
    form = _form(request.POST if request.method == "POST" else None, now)
    if request.method != "POST":
        return render(request, "dispatch/register.html", {"form": form})
    if not form.is_valid():
        return _again(request, form, now, 422)
    said = {name: form.cleaned_data[name] for name in PLAIN}

    def effect() -> str:
        return report(Report(**said, facts=form.facts()), by=request.actor, at=now).number

    try:
        number = do_once(request, effect, at=now)
    except Refused as refused:
        form.refuse(refused)
        return _again(request, form, now, refused.status)
    messages.success(request, _("Registered as %(number)s.") % {"number": number})
    # A case of misconduct is not shown to whoever heard of it.
    if visible_to(request.actor).filter(number=number).exists():
        return redirect("ticket", number=number)
    return redirect("start")


@require_POST
@for_roles(CENTRE_ROLES)
def caller(request: AuthenticatedRequest) -> HttpResponse:
    """While a phone number is typed: the live tickets of the same caller, so that none is registered twice."""
    now = clock.now()
    tickets = live_of_caller(request.POST.get("reporter_phone", ""), request.actor, most=MOST_EARLIER)
    rows = [row(ticket, request.actor, now=now) for ticket in tickets]
    return render(request, "dispatch/parts/caller.html", {"rows": rows})


@require_POST
@for_roles(REGISTRARS)
def advise(request: AuthenticatedRequest) -> HttpResponse:
    """While somebody types: the facts that matter, the tier and the unit it would go to."""
    now = clock.now()
    form = _form(request.POST, now)
    form.full_clean()
    context = {"form": form, "advice": _advice(form, now)}
    # What is still missing is no mistake while typing.
    form.errors.clear()
    response = render(request, "dispatch/parts/advice.html", context)
    if request.POST.get("shown", "") == ",".join(form.fact_names):
        # The same questions as before: leave alone what is being typed into them.
        return reselect(retarget(response, "#follow"), "#follow")
    return response


def _form(data: QueryDict | None, now: datetime) -> Registering:
    category, matter = (data.get("category", ""), data.get("matter", "")) if data else ("", "")
    return Registering(data, categories=rulebook().categories.values(), facts=relevant_facts(category, matter, now=now))


def _advice(form: Registering, now: datetime) -> object:
    said = form.cleaned_data
    return advice(said.get("category", ""), form.facts(), said.get("address", ""), now=now)


def _again(request: AuthenticatedRequest, form: Registering, now: datetime, status: int) -> HttpResponse:
    context = {"form": form, "advice": _advice(form, now)}
    return render(request, "dispatch/register.html", context, status=status)
