from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from core import clock
from dispatch.queries.rules import in_force


class Command(BaseCommand):
    help = "Print limits, routes, parameters, clauses and ranges in force on a day (today unless --on)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", dest="as_json")
        parser.add_argument("--on", metavar="DATE", help="YYYY-MM-DD")

    def handle(self, *args: object, as_json: bool, on: str | None = None, **options: object) -> None:
        try:
            day = date.fromisoformat(on) if on else clock.local(clock.now()).date()
        except ValueError as error:
            raise CommandError(_("%(text)s is no date; write YYYY-MM-DD.") % {"text": on}) from error
        rules = in_force(day)
        if as_json:
            self.stdout.write(json.dumps(rules, ensure_ascii=False))
            return
        self.stdout.write(rules["on"])
        for row in rules["limits"]:
            condition = json.dumps(row["when"], ensure_ascii=False) if row["when"] else ""
            self.stdout.write(
                f"{row['category'] or '*':<24}{row['milestone']:<14}{row['minutes']:>6} min  {row['tier'] or '':<5}"
                f"from {row['starts']:<9}Art. {row['article']:<8}{condition}"
            )
        for row in rules["routes"]:
            condition = json.dumps(row["when"], ensure_ascii=False) if row["when"] else ""
            self.stdout.write(f"{row['category']:<24}→ {row['unit']:<20}Art. {row['article']:<8}{condition}")
        for row in rules["parameters"]:
            self.stdout.write(f"{row['code']:<28}{row['value']:<12}Art. {row['article']:<8}{row['meaning']}")
        for row in rules["clauses"]:
            money = " ".join(
                f"{name} {'–'.join(row[name])}" for name in ("unit", "person", "rate") if row[name] is not None
            )
            self.stdout.write(f"{row['code']:<8}{row['direction']:<9}{money:<44}{row['title']}")
