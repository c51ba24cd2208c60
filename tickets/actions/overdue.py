"""The sweep: stamp every clock that has passed unmet, once, with its own due instant.

One statement a batch: it takes what is due and free, stamps the breach, appends its event and marks the ticket, so a
crash leaves all of it or nothing. Whoever sweeps twice, late or in parallel stamps nothing twice: the stamp itself
takes the row out of the partial index that the sweep reads.

The batch is cut out of that index before anything else is looked at, and tickets and milestones are locked one by one
by their keys (LATERAL): whatever the planner believes about the rest, a sweep costs as much as there are breaches.
What somebody else is writing is left to the next sweep; the position moves past it, so it holds up nothing behind it.
Who must know that nothing is left, as an assessment must, waits for it instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

BATCH = 1000

SWEEP = """
WITH passed AS MATERIALIZED (
    SELECT id, ticket_id, judged_from FROM tickets_milestone
    WHERE judged_from < %(now)s AND (judged_from, id) > (%(instant)s, %(id)s)
    ORDER BY judged_from, id
    LIMIT %(batch)s
), due AS (
    SELECT passed.id
    FROM passed
    CROSS JOIN LATERAL (
        SELECT FROM tickets_ticket t WHERE t.id = passed.ticket_id
        FOR NO KEY UPDATE SKIP LOCKED
    ) AS ticket
    CROSS JOIN LATERAL (
        SELECT FROM tickets_milestone m WHERE m.id = passed.id AND m.judged_from = passed.judged_from
        FOR NO KEY UPDATE SKIP LOCKED
    ) AS milestone
), stamped AS (
    UPDATE tickets_milestone m SET breached_at = m.due_at, verdict = 'late', judged_from = NULL
    FROM due WHERE m.id = due.id
    RETURNING m.ticket_id, m.key, m.kind, m.due_at, m.unit_id
), numbered AS (
    SELECT stamped.*, row_number() OVER (PARTITION BY ticket_id ORDER BY due_at, key) AS place FROM stamped
), marked AS (
    UPDATE tickets_ticket t
    SET last_seq = t.last_seq + n.breaches, late_at = least(t.late_at, n.first_due)
    FROM (SELECT ticket_id, count(*) AS breaches, min(due_at) AS first_due FROM stamped GROUP BY ticket_id) n
    WHERE t.id = n.ticket_id
    RETURNING t.id, t.last_seq - n.breaches AS seq_before, t.status
), written AS (
    INSERT INTO tickets_event (ticket_id, seq, verb, at, recorded_at, by_role, by_unit, by_name, by_client,
                               status, clock_key, data)
    SELECT n.ticket_id, marked.seq_before + n.place, 'late', n.due_at, %(now)s, 'system', '', '', '',
           marked.status, n.key, jsonb_build_object('milestone', n.kind, 'unit', n.unit_id)
    FROM numbered n JOIN marked ON marked.id = n.ticket_id
    RETURNING 1
)
SELECT (SELECT count(*) FROM written), (SELECT count(*) FROM passed), last.judged_from, last.id
FROM (SELECT judged_from, id FROM passed ORDER BY judged_from DESC, id DESC LIMIT 1) AS last
"""
WAITING = SWEEP.replace(" SKIP LOCKED", "")


@dataclass(frozen=True)
class Position:
    """How far a sweep has come, by instant and milestone."""

    instant: datetime
    id: int = 0


START = Position(datetime.fromisoformat("1970-01-01T00:00:00+00:00"))


def flag_batch(
    *, now: datetime, after: Position = START, batch: int = BATCH, wait: bool = False
) -> tuple[int, Position | None]:
    """Stamp up to ``batch`` breaches whose instant lies before ``now``; returns how many, and where to go on, if."""
    limits: dict[str, Any] = {"now": now, "instant": after.instant, "id": after.id, "batch": batch}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(WAITING if wait else SWEEP, limits)
        row = cursor.fetchone()
    if row is None:
        return 0, None
    stamped, found, instant, last = row
    return stamped, Position(instant, last) if found == batch else None


def flag_all_due(*, now: datetime, wait: bool = False) -> int:
    """Stamp every breach before ``now``, batch by batch, each its own transaction. Returns how many it stamped.

    Tickets that others are writing are left out, or with ``wait`` waited for.
    """
    total = 0
    position: Position | None = START
    while position is not None:
        stamped, position = flag_batch(now=now, after=position, wait=wait)
        total += stamped
    return total
