"""System faults (Art. 16.7.2): a unit tells in time that its system is down, or the centre records its call."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core import clock
from core.refusals import Refused
from dispatch.forms import ReportingFault
from dispatch.queries import faults as query
from dispatch.views.doors import DESK, REGISTRARS, AuthenticatedRequest, for_roles
from dispatch.views.sending import do_once
from dispatch.wording import moment
from tickets.actions import system_faults
from units.actors import FIELD_ROLES

READERS = DESK | FIELD_ROLES


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(READERS)
def faults(request: AuthenticatedRequest) -> HttpResponse:
    """What is down now, and the form to report it."""
    now = clock.now()
    may_report = request.actor.role in REGISTRARS
    units = query.units_of(request.actor) if may_report else []
    form = ReportingFault(request.POST if request.method == "POST" else None, units=units) if units else None
    if form and request.method == "POST" and form.is_valid():
        said = form.cleaned_data

        def effect() -> str:
            return str(system_faults.call(**said, by=request.actor, at=now).unit)

        try:
            unit = do_once(request, effect, at=now)
        except Refused as refused:
            form.refuse(refused)
        else:
            told = _("%(unit)s: system down until %(until)s, recorded.")
            messages.success(request, told % {"unit": unit, "until": moment(said["until"])})
            return redirect("faults")
    context = {"form": form, "faults": query.faults(request.actor, now=now), "now": now}
    return render(request, "dispatch/faults.html", context, status=422 if form and form.errors else 200)
