"""A month as a file to take along."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseBase
from django.views.decorators.http import require_GET

from core import clock
from core.clock import Month
from core.refusals import Refused
from dispatch.views.doors import MONTHS, AuthenticatedRequest, for_roles
from penalties.exports.download import workbook_of


@require_GET
@for_roles(MONTHS)
def month_workbook(request: AuthenticatedRequest, code: str) -> HttpResponseBase:
    """The workbook of a month, as far as the reader may see it."""
    try:
        return workbook_of(Month.parse(code), by=request.actor, at=clock.now())
    except ValueError as error:
        raise Http404 from error
    except Refused as refused:
        raise (PermissionDenied if refused.code == "wrong_role" else Http404) from refused
