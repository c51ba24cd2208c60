from __future__ import annotations

import time
from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from core import clock
from tickets.actions import overdue


class Command(BaseCommand):
    help = "Stamp every limit that has passed unmet, with its own due instant; print how many were stamped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--every", type=float, metavar="SECONDS", help="go on, once every so many seconds")

    def handle(self, *args: object, every: float | None = None, **options: object) -> None:
        while True:
            self.stdout.write(str(overdue.flag_all_due(now=clock.now())))
            if not every:
                return
            self.stdout.flush()
            time.sleep(every)
