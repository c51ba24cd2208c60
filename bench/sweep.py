"""The sweep against its floor: `python -m bench.sweep [--open N] [--due N] [--rounds N]`.

In turn, on one table and over the same partial index, each on breaches of its own and each committed: the bare UPDATE
with an INSERT of events, which nobody can undercut; the sweep in one batch; the sweep in the batches it uses. Printed
are the ratios of each round's times and their median, and what an idle sweep takes.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from statistics import median
from time import perf_counter
from typing import Any

from bench.stage import stage

NOW = datetime(2026, 3, 2, tzinfo=UTC)
#: Breaches lie in windows of a minute before ``NOW``, one window a measurement.
WINDOW = timedelta(minutes=1)

FLOOR = """
WITH stamped AS (
    UPDATE tickets_milestone SET breached_at = due_at, verdict = 'late', judged_from = NULL
    WHERE judged_from < %(now)s
    RETURNING id, ticket_id, key, kind, due_at, unit_id
)
INSERT INTO tickets_event (ticket_id, seq, verb, at, recorded_at, by_role, by_unit, by_name, by_client,
                           status, clock_key, data)
SELECT ticket_id, 1000000 + id %% 1000000000, 'late', due_at, %(now)s, 'system', '', '', '', 'dispatched', key,
       jsonb_build_object('milestone', kind, 'unit', unit_id)
FROM stamped
"""

SCATTER = """
WITH chosen AS (
    SELECT id, row_number() OVER () - 1 AS place FROM (
        SELECT id FROM tickets_milestone WHERE judged_from IS NOT NULL ORDER BY random() LIMIT %(windows)s * %(due)s
    ) AS drawn
), placed AS (
    SELECT id, %(first)s + %(window)s * (place / %(due)s + random()) AS instant FROM chosen
)
UPDATE tickets_milestone m SET due_at = placed.instant, judged_from = placed.instant
FROM placed WHERE m.id = placed.id
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--open", type=int, default=1_000_000, help="open milestones")
    parser.add_argument("--due", type=int, default=10_000, help="breaches a measurement")
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    with stage():
        measure(asked.open, asked.due, asked.rounds)


def measure(open_milestones: int, due: int, rounds: int) -> None:
    """Build the table, measure in turn, print."""
    from django.db import connection, connections

    from tests import bulk
    from tickets.actions import overdue

    def floor(now: datetime) -> None:
        with connection.cursor() as cursor:
            cursor.execute(FLOOR, {"now": now})

    contenders: dict[str, Callable[[datetime], Any]] = {
        "floor": floor,
        "one batch": lambda now: overdue.flag_batch(now=now, batch=due + 1),
        f"batches of {overdue.BATCH}": lambda now: overdue.flag_all_due(now=now),
    }
    windows = rounds * len(contenders)
    first = NOW - windows * WINDOW
    with connections["owner"].cursor() as cursor:
        started = perf_counter()
        # All tickets live, of all stages: not quite two open milestones each.
        bulk.load_fast(cursor, bulk.Plan(tickets=open_milestones * 5 // 9, now=NOW, live=1.0))
        cursor.execute(SCATTER, {"windows": windows, "due": due, "first": first, "window": WINDOW})
        if cursor.rowcount < windows * due:
            raise SystemExit(f"{rounds} rounds of {due} need more than {open_milestones} open milestones")
        cursor.execute("VACUUM ANALYZE tickets_milestone")
        cursor.execute("SELECT count(*) FROM tickets_milestone WHERE judged_from IS NOT NULL")
        print(f"{cursor.fetchone()[0]} open milestones, made in {perf_counter() - started:.0f} s")

    idle = [timed(lambda: overdue.flag_all_due(now=first)) for _time in range(20)]
    print(f"idle sweep: {median(idle) * 1000:.2f} ms")
    times: dict[str, list[float]] = {name: [] for name in contenders}
    end = first
    for _round in range(rounds):
        for name, sweep in contenders.items():
            end += WINDOW
            times[name].append(timed(lambda sweep=sweep, end=end: sweep(end)))
    for name, taken in times.items():
        ratios = [mine / bare for mine, bare in zip(taken, times["floor"], strict=True)]
        each = " ".join(f"{ratio:.2f}" for ratio in ratios)
        print(f"{name:>16}: {median(taken) * 1000:7.1f} ms for {due}   ÷ floor {median(ratios):.2f}   ({each})")


def timed(work: Callable[[], Any]) -> float:
    """Seconds of wall clock."""
    started = perf_counter()
    work()
    return perf_counter() - started


if __name__ == "__main__":
    main()
