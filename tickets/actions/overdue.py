"""The sweep: stamp every clock that has passed unmet, once, with its own due instant.

One statement a batch: it locks what is due and free, stamps the breach, appends its event and marks the ticket, so a
crash leaves all of it or nothing. Whoever sweeps twice, late or in parallel stamps nothing twice: the stamp itself
takes the row out of the partial index that the sweep reads.
"""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

BATCH = 1000

SWEEP = """
WITH due AS (
    SELECT m.id, m.judged_from
    FROM tickets_milestone m JOIN tickets_ticket t ON t.id = m.ticket_id
    WHERE m.judged_from < %(now)s AND m.judged_from >= %(resume)s
    ORDER BY m.judged_from, m.id
    LIMIT %(batch)s
    FOR UPDATE OF t, m SKIP LOCKED
), stamped AS (
    UPDATE tickets_milestone m SET breached_at = m.due_at, verdict = 'late', judged_from = NULL
    FROM due WHERE m.id = due.id
    RETURNING m.ticket_id, m.key, m.kind, m.due_at, m.unit_id, m.spell_seq
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
SELECT (SELECT count(*) FROM written), (SELECT max(judged_from) FROM due)
"""


def flag_batch(*, now: datetime, resume: datetime, batch: int = BATCH) -> tuple[int, datetime | None]:
    """Stamp up to ``batch`` breaches whose instant lies before ``now``; returns how many, and where to resume."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SWEEP, {"now": now, "resume": resume, "batch": batch})
        stamped, reached = cursor.fetchone()
    return stamped, reached


def flag_all_due(*, now: datetime) -> int:
    """Stamp every breach before ``now``, batch by batch, each its own transaction. Returns how many it stamped."""
    total, resume = 0, datetime.fromisoformat("1970-01-01T00:00:00+00:00")
    while True:
        stamped, reached = flag_batch(now=now, resume=resume)
        total += stamped
        if stamped < BATCH or reached is None:
            return total
        resume = reached
