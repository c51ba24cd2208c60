"""The workbook as an answer to a browser or a program."""

from __future__ import annotations

import tempfile
from datetime import datetime
from urllib.parse import quote

from django.http import FileResponse

from core.clock import Month
from penalties.actions import exporting
from units.actors import Actor

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook_of(month: Month, *, by: Actor, at: datetime) -> FileResponse:
    """The file, made on disk and sent from there, so that memory does not grow with the month and no half of it is
    sent. Raises Refused like ``exporting.export``.
    """
    file = tempfile.TemporaryFile()  # noqa: SIM115  # the answer closes it
    try:
        exporting.export(month, file, by=by, at=at)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    answer = FileResponse(file, content_type=WORKBOOK)
    answer.headers["Content-Disposition"] = disposition(month)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def disposition(month: Month) -> str:
    """The name of the file in Chinese (RFC 5987), and a plain one for what does not read that."""
    name = quote(f"{month.year}年{month.number}月奖惩考核.xlsx")
    return f"attachment; filename=\"assessment-{month}.xlsx\"; filename*=UTF-8''{name}"
