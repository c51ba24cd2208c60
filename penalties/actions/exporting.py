"""Taking a month out of the system as a file, which leaves a trace."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import BinaryIO

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from core.clock import Month
from core.refusals import Refused
from penalties.actions.tracing import trace
from penalties.exports import workbook
from penalties.queries import READERS, visible_to
from units.actors import Actor


def export(month: Month, file: BinaryIO, *, by: Actor, at: datetime) -> None:
    """Write the workbook of a month, as far as ``by`` may see it, into ``file``.

    Raises Refused: ``wrong_role`` for whoever does not read months; ``unknown_ref`` for a month that is ahead.
    """
    if by.role not in READERS:
        raise Refused("wrong_role", _("Your role does not read the assessment."))
    if month.starts_at > at:
        raise Refused("unknown_ref", _("This month has not begun."))
    with _one_view():
        trace("export", month=month, by=by, at=at, format="xlsx").save()
        workbook.write(month, file, at=at, findings=visible_to(by).filter(month_id=str(month)))


@contextmanager
def _one_view() -> Iterator[None]:
    """A transaction that sees one state of the month from its first read on, so that sheets agree with each other."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:  # within another transaction its own view counts
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield
