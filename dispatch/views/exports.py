"""A month as a file to take along."""

from __future__ import annotations

import tempfile
from urllib.parse import quote

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponseBase
from django.views.decorators.http import require_safe

from core import clock
from core.clock import Month
from core.refusals import Refused
from dispatch.views.doors import MONTHS, AuthenticatedRequest, for_roles
from penalties.actions import exporting

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@for_roles(MONTHS)
def month_workbook(request: AuthenticatedRequest, code: str) -> HttpResponseBase:
    """The workbook of a month, made on disk and sent from there, so memory does not grow with the month."""
    try:
        return workbook_of(Month.parse(code), request)
    except ValueError as error:
        raise Http404 from error
    except Refused as refused:
        raise (PermissionDenied if refused.code == "wrong_role" else Http404) from refused


def workbook_of(month: Month, request: AuthenticatedRequest) -> FileResponse:
    """The answer itself. Raises Refused like ``exporting.export``."""
    file = tempfile.TemporaryFile()
    try:
        exporting.export(month, file, by=request.actor, at=clock.now())
    except BaseException:
        file.close()
        raise
    file.seek(0)
    response = FileResponse(file, content_type=WORKBOOK)
    response.headers["Content-Disposition"] = disposition(month)
    response.headers["Cache-Control"] = "no-store"
    return response


def disposition(month: Month) -> str:
    """The name of the file in Chinese (RFC 5987), with a plain one for what does not read that."""
    name = quote(f"{month.year}年{month.number}月奖惩考核.xlsx")
    return f"attachment; filename=\"assessment-{month}.xlsx\"; filename*=UTF-8''{name}"
