"""The hotline roster (Art. 9): whom the centre calls at each unit, and its changes."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core import clock
from core.refusals import Refused
from dispatch.forms import RosterEnd, RosterLine
from dispatch.queries import rosters as query
from dispatch.views.doors import DESK, AuthenticatedRequest, for_roles
from units.actions import rosters as actions
from units.actors import FIELD_ROLES
from units.models import RosterEntry, Unit

READERS = DESK | FIELD_ROLES


@require_safe
@for_roles(READERS)
def rosters(request: AuthenticatedRequest) -> HttpResponse:
    """All units with the people who answer for them."""
    return render(request, "dispatch/rosters.html", {"rosters": query.rosters(request.actor, now=clock.now())})


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(READERS)
def roster(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """One unit with its history; whoever may edit adds a line here."""
    unit = get_object_or_404(Unit, code=code)
    form = RosterLine(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        _only_editors(unit.code, request)
        if form.is_valid():
            now = clock.now()
            try:
                entry = actions.enter(unit=unit.code, **form.cleaned_data, by=request.actor, at=now)
            except Refused as refused:
                form.refuse(refused)
            else:
                messages.success(request, _("%(name)s is on the roster.") % {"name": entry.name})
                return redirect("roster", code=unit.code)
    context = {"roster": query.roster_of(unit, request.actor, now=clock.now()), "form": form}
    return render(request, "dispatch/roster.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(READERS)
def roster_line(request: AuthenticatedRequest, code: str, pk: int) -> HttpResponse:
    """Change a line or end it: two forms, told apart by the button."""
    entry = get_object_or_404(RosterEntry.objects.select_related("unit"), pk=pk, unit=code)
    _only_editors(code, request)
    ending = "end" in request.POST
    change_form = RosterLine(
        request.POST if request.method == "POST" and not ending else None,
        initial={"duty": entry.duty, "order": entry.order, "name": entry.name, "phone": entry.phone},
    )
    end_form = RosterEnd(request.POST if ending else None, auto_id="end-%s")
    form = end_form if ending else change_form
    if request.method == "POST" and form.is_valid():
        now = clock.now()
        try:
            if ending:
                actions.end(entry, note=form.cleaned_data["note"], by=request.actor, at=now)
            else:
                actions.change(entry, **form.cleaned_data, by=request.actor, at=now)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The roster is changed; the old line is kept below."))
            return redirect("roster", code=code)
    context = {"entry": entry, "unit": entry.unit, "form": change_form, "end_form": end_form}
    return render(request, "dispatch/roster_line.html", context, status=422 if form.errors else 200)


def _only_editors(unit: str, request: AuthenticatedRequest) -> None:
    if not actions.may_edit(unit, request.actor):
        raise PermissionDenied
