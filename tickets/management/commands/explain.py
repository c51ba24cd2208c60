from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from core import clock
from core.clock import iso
from tickets.models import Ticket
from tickets.queries.explaining import Explained, explain
from tickets.wording import MILESTONES, VERDICTS, duration, moment
from units.models import Unit


class Command(BaseCommand):
    help = "Explain every limit of a ticket: rule, version, start, arithmetic, due, met, verdict, whose time it was."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("number", metavar="NUMBER")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: object, number: str, as_json: bool, **options: object) -> None:
        ticket = Ticket.objects.filter(number=number).first()
        if ticket is None:
            raise CommandError(_("There is no ticket %(number)s.") % {"number": number})
        rows = explain(ticket, now=clock.now())
        if as_json:
            document = {
                "number": ticket.number,
                "status": ticket.status,
                "milestones": [as_json_row(r) for r in rows],
            }
            self.stdout.write(json.dumps(document, ensure_ascii=False))
            return
        names = {unit.code: str(unit) for unit in Unit.objects.all()}
        self.stdout.write(f"{ticket.number}  {ticket.get_status_display()}  {ticket.tier}")
        for row in rows:
            self.stdout.write("")
            for line in as_text(row, names):
                self.stdout.write(line)


def as_json_row(row: Explained) -> dict[str, Any]:
    """One clock as data; lengths in seconds."""
    return {
        "kind": row.clock.kind,
        "round": row.clock.round,
        "rule": row.clock.rule,
        "starts_at": iso(row.clock.starts_at),
        "allowed_seconds": int(row.allowed.total_seconds()),
        "first_due_at": iso(row.clock.first_due_at),
        "moved_seconds": int(row.moved.by.total_seconds()) if row.moved else 0,
        "moved_by": row.moved.why if row.moved else None,
        "due_at": iso(row.clock.due_at),
        "met_at": iso(row.clock.met_at),
        "over_seconds": row.over.total_seconds() if row.over else 0,
        "standing": row.standing,
        "provisional": row.provisional,
        "verdict": row.judgement.verdict,
        "unit": row.judgement.unit,
        "shares_seconds": {unit: int(held.total_seconds()) for unit, held in row.shares.items()},
    }


def as_text(row: Explained, names: dict[str, str]) -> list[str]:
    """One clock in sentences."""
    clock_ = row.clock
    lines = [
        f"{MILESTONES.get(clock_.kind, clock_.kind)}: {VERDICTS[row.judgement.verdict]}"
        f" — {names.get(row.judgement.unit, row.judgement.unit)}",
        "  "
        + _("%(rule)s: from %(start)s, %(allowed)s allowed, due %(due)s.")
        % {
            "rule": clock_.rule,
            "start": moment(clock_.starts_at),
            "allowed": duration(row.allowed),
            "due": moment(clock_.first_due_at),
        },
    ]
    if row.moved:
        why = (
            _("Delay granted: due moved by %(by)s to %(due)s.")
            if row.moved.why == "delay"
            else _("Stood still while a return was undecided: due moved by %(by)s to %(due)s.")
        )
        lines.append("  " + why % {"by": duration(row.moved.by), "due": moment(clock_.due_at)})
    if row.standing:
        lines.append("  " + _("Awaits a decision of the centre; not judged until then."))
    if clock_.met_at is not None:
        lines.append("  " + _("Met %(met)s.") % {"met": moment(clock_.met_at)})
    if row.over and row.judgement.verdict in {"late", "excused"}:
        lines.append("  " + _("%(over)s after it was due.") % {"over": duration(row.over)})
    if row.shares:
        parts = _(", ").join(f"{names.get(unit, unit)} {duration(held)}" for unit, held in row.shares.items())
        lines.append("  " + _("Held up to the due instant by: %(parts)s.") % {"parts": parts})
    return lines
