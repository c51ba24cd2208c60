from __future__ import annotations

import time
from argparse import ArgumentParser
from datetime import datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, OutputWrapper
from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from dispatch.demo import city, people
from tickets.models import Ticket


class Command(BaseCommand):
    help = "Play a demo city through the real actions on a simulated clock, up to now or --until."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--months", type=int, default=1, metavar="N", help="whole months before the present (1)")
        parser.add_argument("--per-day", type=int, default=16, metavar="N", help="reports on an ordinary day (16)")
        parser.add_argument("--week", action="store_true", help="a small city: one week of the past month, and today")
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
        if options["months"] < 0 or options["per_day"] < 0:
            raise CommandError(_("Months and reports a day cannot be negative."))
        try:
            until = clock.parse_instant(options["until"]) if options["until"] else clock.now()
        except ValueError as error:
            raise CommandError(str(error)) from error
        begun = time.monotonic()
        more: dict[str, Any] = {
            "per_day": options["per_day"],
            "seed": options["seed"],
            "progress": Bar(self.stdout, until),
        }
        with transaction.atomic():
            if options["week"]:
                played = city.build_week(until=until, **more)
            else:
                played = city.build(until=until, months=options["months"], **more)
        self.stdout.write(f"{Ticket.objects.count()} tickets, {played} steps, {time.monotonic() - begun:.1f} s")


class Bar:
    """How far the simulated clock has come: a bar on a terminal, a line every five seconds elsewhere."""

    def __init__(self, out: OutputWrapper, until: datetime) -> None:
        self.out, self.until = out, until
        self.first: datetime | None = None
        self.told = time.monotonic()

    def __call__(self, instant: datetime) -> None:
        self.first = self.first or instant
        terminal = self.out.isatty()
        if time.monotonic() - self.told < (0.2 if terminal else 5.0):
            return
        self.told = time.monotonic()
        done = (instant - self.first) / max(self.until - self.first, timedelta(seconds=1))
        blocks = "#" * round(done * 30)
        line = f"[{blocks:<30}] {done:4.0%}  {clock.local(instant):%Y-%m-%d}"
        self.out.write("\r" + line if terminal else line, ending="" if terminal else "\n")
        self.out.flush()
