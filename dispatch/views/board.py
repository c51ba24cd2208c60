"""The board."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from core import clock
from core.clock import Month
from dispatch.queries import board as query
from dispatch.views.doors import BOARD, AuthenticatedRequest, for_roles
from dispatch.wording import tier_name


@require_safe
@for_roles(BOARD)
def board(request: AuthenticatedRequest) -> HttpResponse:
    """Open tickets as they stand, and the timeliness of a month beside the month before."""
    now = clock.now()
    running = Month.of(now)
    try:
        month = Month.parse(request.GET["month"]) if "month" in request.GET else running
    except ValueError:
        return redirect(request.path)
    if month > running:
        return redirect(request.path)
    chosen = request.GET.get("milestone", query.CLOCKS[0])
    chosen = chosen if chosen in query.CLOCKS else query.CLOCKS[0]
    standings = query.standings(request.actor, now=now)
    every = query.timeliness(request.actor, month=month)
    context = {
        "now": now,
        "standings": standings,
        "every": every,
        "chosen": chosen,
        "timeliness": every[chosen],
        "month": month,
        "before": month.previous(),
        "after": month.next() if month < running else None,
        "fewest": query.FEWEST,
        "charts": {
            "units": _stacks((row.name, row) for row in standings.by_unit),
            "tiers": _stacks((tier_name(row.key), row) for row in standings.by_tier),
            "timeliness": _bars(every[chosen], month),
        },
    }
    return render(request, "dispatch/board.html", context)


def _stacks(rows: Any) -> dict[str, Any]:
    """Open tickets as stacked bars."""
    found = list(rows)
    series = [
        {"name": name, "look": look, "points": [_count(getattr(row, look)) for _name, row in found]}
        for look, name in (("late", _("Late")), ("soon", _("About to be late")), ("rest", pgettext("board", "Others")))
    ]
    return {"names": [name for name, _row in found], "series": series, "stacked": True}


def _count(figure: query.Figure) -> dict[str, Any]:
    return {"value": figure.number, "label": str(figure.number or ""), "link": _link(figure)}


def _bars(timeliness: query.Timeliness, month: Month) -> dict[str, Any]:
    """Shares as a pair of bars a unit; one of too few tickets is grey and tells its tickets instead."""
    series = [
        {"name": name, "look": look, "points": [_part(getattr(row, look)) for row in timeliness.units]}
        for look, name in (("this", str(month)), ("last", str(month.previous())))
    ]
    return {"names": [row.name for row in timeliness.units], "series": series, "percent": True}


def _part(share: query.Share) -> dict[str, Any]:
    met, decided = share.met.number, share.decided.number
    of = f"{met}/{decided}"
    return {
        "value": round(100 * met / decided, 1) if decided else 0,
        "label": (f"{share.percent}%  {of}" if share.enough else of) if decided else "—",
        "few": not share.enough,
        "link": _link(share.decided) if decided else "",
    }


def _link(figure: query.Figure) -> str:
    return f"{reverse('tickets')}?{figure.where}"
