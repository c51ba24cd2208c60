from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from dispatch.demo import city, people
from tickets.models import Ticket


class Command(BaseCommand):
    help = "Play a demo: a week of the past month and today, through the real actions on a simulated clock."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--per-day", type=int, default=12, metavar="N", help="reports a day (12)")
        parser.add_argument("--seed", type=int, default=42, metavar="N", help="another city (42)")
        parser.add_argument("--until", metavar="INSTANT", help="the demo's present, ISO 8601 with offset (now)")
        parser.add_argument("--if-empty", action="store_true", help="do nothing where there are tickets")

    def handle(self, *args: object, **options: Any) -> None:
        if Ticket.objects.exists():
            if options["if_empty"]:
                people.hotline()
                self.stdout.write("tickets are there already; the demo is left out")
                return
            raise CommandError(_("There are tickets already; a demo is only made in an empty database."))
        try:
            until = clock.parse_instant(options["until"]) if options["until"] else clock.now()
        except ValueError as error:
            raise CommandError(str(error)) from error
        begun = time.monotonic()
        with transaction.atomic():
            played = city.build(until=until, per_day=options["per_day"], seed=options["seed"])
        self.stdout.write(f"{Ticket.objects.count()} tickets, {played} steps, {time.monotonic() - begun:.1f} s")
