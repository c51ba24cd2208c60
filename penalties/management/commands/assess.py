from __future__ import annotations

import json
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from core import clock
from core.clock import Month
from core.refusals import Refused
from penalties.actions import assessing
from penalties.queries import summary
from units.actors import SYSTEM


class Command(BaseCommand):
    help = "Assess a month: propose findings for its missed limits, print them with totals. Re-runnable."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("month", metavar="YYYY-MM")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: object, month: str, as_json: bool, **options: object) -> None:
        try:
            wanted = Month.parse(month)
        except ValueError as error:
            raise CommandError(str(error)) from error
        try:
            assessing.assess(month=wanted, by=SYSTEM, at=clock.now())
        except Refused as refused:
            if refused.code != "month_closed":
                raise CommandError(str(refused)) from refused
            # A closed month is only read: its findings stand as they were decided.
        result = summary(wanted)
        if as_json:
            self.stdout.write(json.dumps(result, ensure_ascii=False))
            return
        self.stdout.write(f"{result['month']}  {result['status']}")
        for row in result["findings"]:
            self.stdout.write(
                f"{row['occurred_at']}  {row['clause']:<6}{row['unit'] or '?':<20}{row['ticket']}  {row['status']:<13}"
                f"{row['amount'] or row['proposed']:>10}  {row['sentence']}"
            )
        totals = result["totals"]
        self.stdout.write(f"{totals['count']} findings, {totals['undecided']} undecided")
        for subject, amount in totals["confirmed"].items():
            self.stdout.write(f"{subject:<20}{amount:>12}")
