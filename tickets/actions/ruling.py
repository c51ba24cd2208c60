"""Changing the rules: rows are added for days to come, and ended; what has held is never rewritten (Art. 41).

A new row follows the one of its kind in force before it, which ends as the new one begins. So there is one row a day,
and a past day is judged by the rules of its time.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.clock import local
from core.refusals import Refused
from tickets.queries import rulebook
from units.actors import Actor, Role

#: On whose word a rule changes, and how the word begins: the centre's reading, or the company's own document.
GROUNDS = {"interpretation": "解释", "amendment": "修订"}
LONGEST_SOURCE = 120


def source(ground: str, document: str) -> str:
    """The source of a row, by which readings of the centre and amendments of the company are told apart.

    Raises Refused ``reason_required`` without a document, ``invalid`` for another ground or a text too long.
    """
    if ground not in GROUNDS:
        raise Refused("invalid", _("Say on what ground the rule changes."), fields={"ground": _("missing or unknown")})
    if not document.strip():
        missing = _("Name the reading of the centre, or the number of the document.")
        raise Refused("reason_required", missing, fields={"document": missing})
    found = f"{GROUNDS[ground]}：{document.strip()}"
    if len(found) > LONGEST_SOURCE:
        raise Refused("invalid", _("The document's name is too long."), fields={"document": _("too long")})
    return found


def in_force_since(row: Any, at: datetime) -> bool:
    """Whether a row holds or has held: its first day has begun."""
    return bool(row.valid_from <= local(at).date())


def check(row: Any, *, by: Actor, at: datetime) -> None:
    """Whether a row may be added, or changed before its first day. Raises Refused like ``enact`` and ``revise``."""
    _administrator(by)
    today = local(at).date()
    if row.valid_from is None or row.valid_from <= today:
        message = _("The first day must lie ahead: %(tomorrow)s or later.") % {"tomorrow": today + timedelta(days=1)}
        raise Refused("too_late", message, fields={"valid_from": message})
    if row.valid_to is not None and row.valid_to <= row.valid_from:
        raise Refused("invalid", _("It must hold for a day at least."), fields={"valid_to": _("too early")})
    if not row.source.strip():
        raise Refused("reason_required", _("Say on whose word the rule changes."), fields={"source": _("missing")})
    if _alike(row).filter(valid_from=row.valid_from).exists():
        taken = _("There is such a row of this day already.")
        raise Refused("invalid", taken, fields={"valid_from": taken})


def check_end(row: Any, *, on: date | None, by: Actor, at: datetime) -> None:
    """Whether a row in force may end on a day. Raises Refused like ``end``."""
    _administrator(by)
    today = local(at).date()
    if row.valid_to is not None and row.valid_to <= today:
        raise Refused("illegal_move", _("The row has ended; what has held is not rewritten."))
    if on is not None and on <= today:
        message = _("The end must lie ahead: %(tomorrow)s or later.") % {"tomorrow": today + timedelta(days=1)}
        raise Refused("too_late", message, fields={"valid_to": message})
    later = _alike(row).filter(valid_from__gt=row.valid_from).order_by("valid_from").first()
    if later is not None and (on is None or on > later.valid_from):
        message = _("Another row follows on %(day)s.") % {"day": later.valid_from}
        raise Refused("invalid", message, fields={"valid_to": message})
    if on is not None and not row.may_lapse and (later is None or on < later.valid_from):
        raise Refused("invalid", _("The rules need this figure every day: add the row that follows instead."))


def enact(row: Any, *, by: Actor, at: datetime) -> None:
    """Add a row. The one in force before it ends as it begins.

    Raises Refused: ``wrong_role`` for anybody but an administrator; ``too_late`` for a first day that has come;
    ``reason_required`` without a source; ``invalid`` for a period that is none or a day that is taken.
    """
    with transaction.atomic():
        check(row, by=by, at=at)
        _place(row)
        row.save()
    rulebook.forget()


def revise(row: Any, *, by: Actor, at: datetime) -> None:
    """Save a row changed before its first day. Raises Refused like ``enact``; ``illegal_move`` from that day on."""
    with transaction.atomic():
        before = type(row)._default_manager.select_for_update().get(pk=row.pk)
        _ahead(before, at)
        check(row, by=by, at=at)
        _close_gap(before)
        _place(row)
        row.save()
    rulebook.forget()


def repeal(row: Any, *, by: Actor, at: datetime) -> None:
    """Take back a row that is not in force yet; the one before it goes on. Raises Refused like ``revise``."""
    _administrator(by)
    with transaction.atomic():
        before = type(row)._default_manager.select_for_update().get(pk=row.pk)
        _ahead(before, at)
        _close_gap(before)
        before.delete()
    rulebook.forget()


def end(row: Any, *, on: date | None, by: Actor, at: datetime) -> None:
    """Let a row in force end on a day to come, or go on after all.

    Raises Refused: ``wrong_role``; ``illegal_move`` for one that has ended; ``too_late`` for a day that has come;
    ``invalid`` where the row that follows would overlap, or where the rules cannot do without a row.
    """
    with transaction.atomic():
        before = type(row)._default_manager.select_for_update().get(pk=row.pk)
        check_end(before, on=on, by=by, at=at)
        before.valid_to = on
        before.save(update_fields=["valid_to"])
    rulebook.forget()


def _administrator(by: Actor) -> None:
    if by.role != Role.ADMINISTRATOR:
        raise Refused("wrong_role", _("Only administrators change the rules."))


def _ahead(row: Any, at: datetime) -> None:
    if in_force_since(row, at):
        raise Refused("illegal_move", _("The row is in force; end it, or add the one that follows."))


def _alike(row: Any) -> models.QuerySet[Any]:
    """The other rows of the same rule: all that its uniqueness names, but for the day."""
    names = next(
        constraint.fields
        for constraint in row._meta.constraints
        if isinstance(constraint, models.UniqueConstraint) and "valid_from" in constraint.fields
    )
    same = {name: getattr(row, name) for name in names if name != "valid_from"}
    rows: models.QuerySet[Any] = type(row)._default_manager.filter(**same)
    return rows.exclude(pk=row.pk)


def _place(row: Any) -> None:
    """Make room for a row among those of its rule: the one before ends there, and it ends where the next begins."""
    later = _alike(row).filter(valid_from__gt=row.valid_from).order_by("valid_from").first()
    if later is not None and (row.valid_to is None or row.valid_to > later.valid_from):
        row.valid_to = later.valid_from
    running_over = Q(valid_to=None) | Q(valid_to__gt=row.valid_from)
    _alike(row).filter(running_over, valid_from__lt=row.valid_from).update(valid_to=row.valid_from)


def _close_gap(row: Any) -> None:
    """Let the row that ended where this one began go on to its end."""
    _alike(row).filter(valid_to=row.valid_from).update(valid_to=row.valid_to)
