from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from dispatch.play.player import play
from dispatch.play.scenario import Malformed, parse, read_file, read_lines
from dispatch.play.scratch import restart_numbers, scratch_database


class Command(BaseCommand):
    help = (
        "Play scenarios through the real actions on a seeded clock, in a scratch database, and say what came of them."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", help="scenario files; - reads JSON lines")
        parser.add_argument("--json", action="store_true", dest="as_json", help="one line of JSON a scenario")

    def handle(self, *args: object, files: list[str], as_json: bool, **options: object) -> None:
        failed = False
        with scratch_database():
            for document in self._documents(files):
                try:
                    if isinstance(document, Malformed):
                        raise document
                    scenario = parse(document)
                except Malformed as error:
                    failed = True
                    self._print({"error": str(error)}, as_json)
                    continue
                restart_numbers()
                self._print(play(scenario), as_json)
        if failed:
            sys.exit(1)

    def _documents(self, files: list[str]) -> Iterator[object]:
        for name in files:
            if name == "-":
                yield from read_lines(sys.stdin)
                continue
            try:
                text = Path(name).read_text("utf-8")
            except (OSError, UnicodeDecodeError) as error:
                yield Malformed(f"{name}: {error}")
                continue
            yield from read_file(text)

    def _print(self, result: dict[str, Any], as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(result, ensure_ascii=False))
            self.stdout.flush()
            return
        if "error" in result:
            self.stdout.write(f"error: {result['error']}")
            return
        self.stdout.write(f"== {result['name']}")
        for ref, ticket in result["tickets"].items():
            self.stdout.write(
                f"{ref}  {ticket['number']}  {ticket['status']}  {ticket['unit'] or '-'}  {ticket['tier']}"
            )
            for row in ticket["milestones"]:
                self.stdout.write(
                    f"   {row['kind']:<13}{row['verdict']:<10}due {row['due_at']}  met {row['met_at'] or '-'}"
                    f"  {row['unit']}  {row['rule']}"
                )
        for finding in result["findings"]:
            self.stdout.write(
                f"   finding {finding['clause']} {finding['unit'] or '?'} {finding['status']}"
                f" {finding['amount'] or finding['proposed']}: {finding['sentence']}"
            )
        for entry in result["ledger"]:
            self.stdout.write(f"   ledger {entry['month']} {entry['clause']} {entry['unit']} {entry['amount']}")
        for refused in result["refused"]:
            self.stdout.write(f"   step {refused['step']} refused: {refused['error']}")
