"""The monthly assessment: months, findings, decisions, closing."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from core.clock import Month
from core.refusals import Refused
from dispatch.forms import Deciding
from dispatch.queries import months as query
from dispatch.views.doors import MONTHS, REVIEWERS, AuthenticatedRequest, for_roles
from penalties.actions import assessing, reviewing
from penalties.actions import months as closing
from penalties.models import AssessmentMonth, Finding
from penalties.models.finding import UNDECIDED
from units.actors import CENTRE, Role
from units.models import Unit


@require_safe
@for_roles(MONTHS)
def months(request: AuthenticatedRequest) -> HttpResponse:
    """All months."""
    return render(request, "dispatch/months.html", {"months": query.months(clock.now())})


@require_safe
@for_roles(MONTHS)
def month(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """The findings of one month."""
    return _month(request, code)


@require_POST
@for_roles(REVIEWERS)
def assess(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Propose what is missing."""
    try:
        outcome = assessing.assess(month=_parsed(code), by=request.actor, at=clock.now())
    except Refused as refused:
        return _month(request, code, refused=refused)
    words = {"added": outcome.added, "revised": outcome.revised, "withdrawn": outcome.withdrawn}
    messages.success(request, _("Assessed: %(added)d new, %(revised)d revised, %(withdrawn)d withdrawn.") % words)
    return redirect("month", code=code)


@require_POST
@for_roles(REVIEWERS)
def close_month(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Post to the ledger and shut the month."""
    try:
        closing.close(month=_parsed(code), by=request.actor, at=clock.now())
    except Refused as refused:
        return _month(request, code, refused=refused)
    messages.success(request, _("The month %(month)s is closed.") % {"month": code})
    return redirect("month", code=code)


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(MONTHS)
def finding(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """One finding with its evidence, and the decision on it."""
    now = clock.now()
    row = _finding(request, pk)
    may = request.actor.role in REVIEWERS
    if request.method == "POST" and not may:
        raise PermissionDenied
    units = list(Unit.objects.all())
    form = Deciding(
        request.POST if request.method == "POST" else None,
        units=units,
        undetermined=row.status == Finding.Status.UNDETERMINED,
    )
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                reviewing.decide(row, by=request.actor, at=now, **form.arguments())
            except Refused as refused:
                form.refuse(refused)
                row, status = _finding(request, pk), refused.status
            else:
                messages.success(request, _("The decision is recorded."))
                return redirect("month", code=row.month_id)
        else:
            status = 422
    alone = row.unit_id == CENTRE and request.actor.role != Role.APPROVER
    context = {
        "finding": row,
        "form": form,
        "names": {unit.code: str(unit) for unit in units},
        "may_decide": may and (form.is_bound or (row.status in UNDECIDED and not alone)),
        "for_approver_alone": may and alone and row.status in UNDECIDED,
    }
    return render(request, "dispatch/finding.html", context, status=status)


def _finding(request: AuthenticatedRequest, pk: int) -> Finding:
    try:
        return query.finding_of(pk, request.actor)
    except Finding.DoesNotExist as error:
        raise Http404 from error


def _parsed(code: str) -> Month:
    try:
        return Month.parse(code)
    except ValueError as error:
        raise Http404 from error


def _month(request: AuthenticatedRequest, code: str, *, refused: Refused | None = None) -> HttpResponse:
    now = clock.now()
    wanted = _parsed(code)
    row = query.month_row(wanted, now)
    if row is None:
        raise Http404
    tab = request.GET.get("tab", "all")
    tab = tab if tab in query.FINDING_TABS else "all"
    try:
        findings = query.findings_of(code, request.actor, tab=tab, after=request.GET.get("after", ""))
    except ValueError:
        return redirect(request.path)
    totals = query.totals_of(code, request.actor)
    open_month = row.status != AssessmentMonth.Status.CLOSED
    context = {
        "month": row,
        "findings": findings,
        "totals": totals,
        "tab": tab,
        "refused": refused,
        "undecided": UNDECIDED,
        "may_decide": open_month and request.actor.role in REVIEWERS,
        "may_assess": open_month and request.actor.role in REVIEWERS,
        "may_close": open_month and request.actor.role == Role.APPROVER,
        "ended": now >= wanted.ends_at,
    }
    return render(request, "dispatch/month.html", context, status=refused.status if refused else 200)
