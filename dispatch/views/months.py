"""The monthly assessment: months, their groups and findings, decisions one by one and many at once, closing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from core.clock import Month
from core.refusals import Refused
from dispatch.forms import Deciding, DecidingMany, ticked
from dispatch.queries import finding_page as one
from dispatch.queries import month_groups as query
from dispatch.queries import months as calendar
from dispatch.queries.month_groups import Scope
from dispatch.views.doors import MONTHS, REVIEWERS, AuthenticatedRequest, for_roles
from penalties.actions import assessing, bulk, reviewing
from penalties.actions import months as closing
from penalties.models import AssessmentMonth, Finding
from penalties.models.finding import UNDECIDED
from tickets.queries.visibility import DISCIPLINE
from tickets.wording import duration
from units.actors import CENTRE, Role


@require_safe
@for_roles(MONTHS)
def months(request: AuthenticatedRequest) -> HttpResponse:
    """All months."""
    return render(request, "dispatch/months.html", {"months": calendar.months(request.actor, clock.now())})


@require_safe
@for_roles(MONTHS)
def month(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """The findings of one month, by unit, clause or person."""
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
def decide_many(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Accept or dismiss what is ticked, or what was offered of the group, for one reason."""
    scope = Scope.read(str(_parsed(code)), request.GET)
    form = DecidingMany(request.POST)
    if not form.is_valid():
        return _month(request, code, form=form, status=422)
    dismiss = form.dismisses
    try:
        chosen = _offered(scope, form, request) if form.cleaned_data["whole"] else ticked(request.POST)
        count = bulk.decide_all(
            chosen, by=request.actor, at=clock.now(), reason=form.cleaned_data["reason"], dismiss=dismiss
        )
    except Refused as refused:
        return _month(request, code, refused=refused, form=form)
    one_or_many = (
        ngettext("%(count)d finding dismissed.", "%(count)d findings dismissed.", count)
        if dismiss
        else ngettext("%(count)d finding accepted.", "%(count)d findings accepted.", count)
    )
    messages.success(request, one_or_many % {"count": count})
    return redirect(f"{reverse('month', args=[code])}?{scope.address}")


def _offered(scope: Scope, form: DecidingMany, request: AuthenticatedRequest) -> list[int]:
    """What the page offered of a group. Raises Refused where the group is not any more what was seen."""
    dismiss = form.dismisses
    found = query.ids_within_reach(scope, request.actor, dismiss=dismiss, most=bulk.LARGEST)
    if len(found) != form.cleaned_data["dismissable" if dismiss else "acceptable"]:
        raise Refused(
            "illegal_move", gettext_lazy("The group has changed meanwhile. Look at it again before deciding.")
        )
    return found


@require_safe
@for_roles(REVIEWERS)
def work_through(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Open the first finding of the group that awaits a decision of this person."""
    scope = Scope.read(str(_parsed(code)), request.GET)
    first = one.first_undecided(scope, request.actor)
    if first is None:
        messages.info(request, _("Nothing here awaits your decision."))
        return redirect(f"{reverse('month', args=[code])}?{scope.address}")
    return redirect(f"{reverse('finding', args=[first])}?{scope.address}")


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(MONTHS)
def close_month(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """What closing comes to; then post to the ledger and shut the month."""
    now = clock.now()
    wanted = _parsed(code)
    if request.method != "POST":
        return _closing(request, wanted, now)
    try:
        seen = request.POST.get("seen")
        if seen and seen != calendar.closing(code, request.actor).seen:
            message = gettext_lazy("The sums have changed since you looked. Check them again before closing.")
            raise Refused("illegal_move", message)
        closing.close(month=wanted, by=request.actor, at=now)
    except Refused as refused:
        return _closing(request, wanted, now, refused=refused)
    messages.success(request, _("The month %(month)s is closed.") % {"month": code})
    return redirect("month", code=code)


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(MONTHS)
def finding(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """One finding with its evidence, and the decision on it; then the next that awaits one."""
    now = clock.now()
    page = _page(request, pk, now)
    if request.method != "POST":
        return _finding(request, page, _form(page))
    if request.actor.role not in REVIEWERS:
        raise PermissionDenied
    form = _form(page, request.POST)
    if not form.is_valid():
        return _finding(request, page, form, status=422)
    try:
        decided = reviewing.decide(page.finding, by=request.actor, at=now, **form.arguments())
    except Refused as refused:
        form.refuse(refused)
        return _finding(request, _page(request, pk, now), form, status=refused.status)
    named = {"clause": decided.clause_id, "decision": decided.get_status_display()}
    messages.success(request, _("Clause %(clause)s: %(decision)s.") % named)
    scope = Scope.read(decided.month_id, request.GET)
    following = one.next_undecided(decided, scope, request.actor)
    if following is None:
        messages.info(request, _("Nothing more here awaits your decision."))
        return redirect(f"{reverse('month', args=[decided.month_id])}?{scope.address}")
    return redirect(f"{reverse('finding', args=[following])}?{scope.address}")


def _page(request: AuthenticatedRequest, pk: int, now: datetime) -> one.FindingPage:
    try:
        return one.finding_page(pk, request.actor, now=now)
    except Finding.DoesNotExist as error:
        raise Http404 from error


def _form(page: one.FindingPage, data: Any = None) -> Deciding:
    """The form of a decision. Who held the matter stands first among the units, with his time."""
    held = page.finding.shares
    units = sorted(page.units, key=lambda unit: -held.get(unit.code, -1))
    choices = [
        (unit.code, f"{unit} ({duration(timedelta(seconds=held[unit.code]))})" if unit.code in held else str(unit))
        for unit in units
    ]
    undetermined = page.finding.status == Finding.Status.UNDETERMINED
    return Deciding(data, units=choices, undetermined=undetermined)


def _finding(
    request: AuthenticatedRequest, page: one.FindingPage, form: Deciding, *, status: int = 200
) -> HttpResponse:
    row, actor = page.finding, request.actor
    scope = Scope.read(row.month_id, request.GET)
    reviewer = actor.role in REVIEWERS
    undecided = row.status in UNDECIDED and row.month.status != AssessmentMonth.Status.CLOSED
    own = query.may_decide(row, actor)
    context = {
        "page": page,
        "finding": row,
        "form": form,
        "scope": scope,
        "way": one.way(row, scope, actor),
        "may_decide": reviewer and (form.is_bound or (undecided and own)),
        "for_approver_alone": reviewer and undecided and not own,
        "reviewer": reviewer,
    }
    return render(request, "dispatch/finding.html", context, status=status)


def _parsed(code: str) -> Month:
    try:
        return Month.parse(code)
    except ValueError as error:
        raise Http404 from error


def _row(month: Month, now: datetime) -> AssessmentMonth:
    row = calendar.month_row(month, now)
    if row is None:
        raise Http404
    return row


def _month(
    request: AuthenticatedRequest,
    code: str,
    *,
    refused: Refused | None = None,
    form: DecidingMany | None = None,
    status: int = 200,
) -> HttpResponse:
    now = clock.now()
    wanted = _parsed(code)
    row = _row(wanted, now)
    scope = Scope.read(code, request.GET)
    try:
        findings = query.findings_of(scope, request.actor, after=request.GET.get("after", ""))
    except ValueError:
        return redirect(request.path)
    groups = query.groups_of(scope, request.actor, after=request.GET.get("groups", "").replace("\x00", ""))
    reviewer = request.actor.role in REVIEWERS and row.status != AssessmentMonth.Status.CLOSED
    acceptable, dismissable = groups.chosen.reach(scope.tab)
    offered = {"acceptable": min(acceptable, bulk.LARGEST), "dismissable": min(dismissable, bulk.LARGEST)}
    if form is None:
        form = DecidingMany(initial=offered)
    context = {
        "month": row,
        "standing": row.standing(now),
        "standing_label": row.standing_label(now),
        "scope": scope,
        "kept": replace(scope, tab="").address,
        "work": replace(scope, tab="undecided"),
        "dimensions": [("unit", _("By unit")), ("clause", _("By clause")), ("person", _("By person"))],
        "everything": {"unit": _("All units"), "clause": _("All clauses"), "person": _("All persons")}[scope.by],
        "groups": groups,
        "findings": findings,
        "form": form,
        "ticked": set(ticked(request.POST)),
        "offered": offered,
        "beyond": max(acceptable, dismissable) > bulk.LARGEST,
        "largest": bulk.LARGEST,
        "refused": refused,
        "undecided": UNDECIDED,
        "centre": CENTRE,
        "discipline": request.actor.unit == DISCIPLINE,
        "reviewer": reviewer,
        "approver": request.actor.role == Role.APPROVER,
        "bulk": reviewer and dismissable > 0,
        "ended": now >= wanted.ends_at,
    }
    return render(request, "dispatch/month.html", context, status=refused.status if refused else status)


def _closing(
    request: AuthenticatedRequest, month: Month, now: datetime, *, refused: Refused | None = None
) -> HttpResponse:
    row = _row(month, now)
    ended = now >= month.ends_at
    summary = calendar.closing(row.code, request.actor)
    closed = row.status == AssessmentMonth.Status.CLOSED
    context = {
        "month": row,
        "standing": row.standing(now),
        "standing_label": row.standing_label(now),
        "summary": summary,
        "steps": calendar.steps_of_month(row.code),
        "ended": ended,
        "closed": closed,
        "refused": refused,
        "may_close": request.actor.role == Role.APPROVER and ended and not closed and not summary.undecided,
        "approver": request.actor.role == Role.APPROVER,
    }
    return render(request, "dispatch/month_close.html", context, status=refused.status if refused else 200)
