"""The scenario player's pace: `python -m bench.play [--seconds N]`.

Plays the scenarios of the tests over and over. Printed are scenarios and steps a second, statements a step, and the
whole time against the part of it that was spent in the database, its floor.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

from bench.stage import stage

SCENARIOS = Path(__file__).parents[1] / "tests" / "scenarios"


class Database:
    """Counts statements and the time they took."""

    def __init__(self) -> None:
        self.statements, self.seconds = 0, 0.0

    def __call__(self, execute: Callable[..., Any], *call: Any) -> Any:
        started = perf_counter()
        try:
            return execute(*call)
        finally:
            self.statements += 1
            self.seconds += perf_counter() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0)
    asked = parser.parse_args()
    with stage():
        measure(asked.seconds)


def measure(seconds: float) -> None:
    """Play for so long, print."""
    from django.db import connection

    from dispatch.play.player import play
    from dispatch.play.scenario import parse

    scenarios = [parse(json.loads(path.read_text("utf-8"))) for path in sorted(SCENARIOS.glob("*.json"))]
    play(scenarios[0])
    database, played, steps = Database(), 0, 0
    started = perf_counter()
    with connection.execute_wrapper(database):
        while perf_counter() - started < seconds:
            scenario = scenarios[played % len(scenarios)]
            play(scenario)
            played += 1
            steps += len(scenario.steps)
    taken = perf_counter() - started
    print(f"{played / taken:.1f} scenarios/s, {steps / taken:.0f} steps/s over {len(scenarios)} scenarios")
    print(f"{database.statements / steps:.1f} statements a step")
    print(f"whole ÷ time in the database {taken / database.seconds:.2f}")


if __name__ == "__main__":
    main()
