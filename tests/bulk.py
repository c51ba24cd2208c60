"""Many tickets at once, by COPY: a city's year, each ticket with the events, spell and milestones it would have.

What is loaded replays: ``tickets.clocks`` gives for every ticket the milestones stored beside it. A tenth is live, and
their deadlines lie scattered over the table, which is the worst case for the sweep. Seeded, so each load is the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from io import StringIO
from random import Random
from typing import Any

MINUTE, HOUR, DAY = 60, 3600, 86400
CHUNK = 10_000

#: The clocks of the two categories loaded: kind and minutes, those of the report and those of the dispatch.
CLOCKS = {
    "public_pipe_leak": ([("close", 48 * 60)], [("accept", 20), ("on_site", 40), ("repair", 24 * 60)]),
    "billing_dispute": ([("close", 72 * 60)], [("accept", 20)]),
}
MET_BY = {"accept": "accept", "on_site": "arrive", "repair": "resolve", "close": "resolve"}
STATUS = {
    "report": "registered",
    "dispatch": "dispatched",
    "accept": "accepted",
    "arrive": "on_site",
    "resolve": "resolved",
    "callback": "resolved",
    "close": "closed",
}
LIVE = {"registered", "dispatched", "accepted", "on_site", "resolved"}
RULE = "Art. 16 @ 2020-01-01"

COLUMNS = {
    "tickets_ticket": "id number public_token external_hash channel category_id title content facts extra address "
    "reported_at registered_at status round unit_id tier last_seq next_due_at next_clock late_at assignee",
    "tickets_event": "ticket_id seq verb at recorded_at by_role by_unit by_name by_client status clock_key data",
    "tickets_spell": 'ticket_id seq unit_id starts_at ended_at blamed_until "end"',
    "tickets_milestone": "ticket_id key round spell_seq unit_id kind starts_at due_at first_due_at rule met_at verdict "
    "judged_from breached_at",
}


@dataclass
class Plan:
    """What to load. ``due`` tickets have an acceptance that has just passed and that no sweep has seen."""

    tickets: int
    now: datetime
    due: int = 0
    live: float = 0.1
    late: float = 0.03
    units: tuple[str, ...] = ("pipe-network", "meter-replacement", "office-1", "office-2", "office-3", "water-quality")
    seed: int = 1
    #: The due instants of the unseen breaches lie within this many seconds before ``now``; 0 means all at one instant.
    spread: int = 9 * MINUTE


def load(cursor: Any, plan: Plan) -> None:
    """Load a plan behind what is there. The app's role may do that, within a test's transaction too."""
    cursor.execute(
        "SELECT min(id) FROM (SELECT nextval(pg_get_serial_sequence('tickets_ticket', 'id')) AS id "
        "FROM generate_series(1, %s)) AS reserved",
        [plan.tickets],
    )
    (first,) = cursor.fetchone()
    for buffers in _chunks(plan, first):
        for table, buffer in buffers.items():
            columns = ", ".join(COLUMNS[table].split())
            buffer.seek(0)
            cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", buffer)


def load_fast(cursor: Any, plan: Plan) -> None:
    """Load and commit a plan with the indexes put aside, and let the planner know. Only the owner may."""
    cursor.execute("BEGIN")
    with _bare(cursor):
        load(cursor, plan)
    cursor.execute("COMMIT")
    cursor.execute(f"ANALYZE {', '.join(COLUMNS)}")


@contextmanager
def _bare(cursor: Any) -> Iterator[None]:
    """Foreign keys and plain indexes are made once at the end, which is cheaper than row by row."""
    cursor.execute(
        "SELECT conrelid::regclass, conname, pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE contype = 'f' AND conrelid = ANY (%s::regclass[])",
        [list(COLUMNS)],
    )
    references = cursor.fetchall()
    cursor.execute(
        "SELECT indexrelid::regclass, pg_get_indexdef(indexrelid) FROM pg_index "
        "WHERE NOT indisunique AND indrelid = ANY (%s::regclass[])",
        [list(COLUMNS)],
    )
    indexes = cursor.fetchall()
    for table, name, _definition in references:
        cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    for name, _definition in indexes:
        cursor.execute(f"DROP INDEX {name}")
    yield
    for _name, definition in indexes:
        cursor.execute(definition)
    for table, name, definition in references:
        cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')


def _chunks(plan: Plan, first: int) -> Iterator[dict[str, StringIO]]:
    random = Random(plan.seed)
    now = int(plan.now.timestamp())
    fresh = set(random.sample(range(plan.tickets), plan.due))
    for start in range(0, plan.tickets, CHUNK):
        buffers = {table: StringIO() for table in COLUMNS}
        for index in range(start, min(start + CHUNK, plan.tickets)):
            steps, category = _life(plan, random, now, index, due=index in fresh)
            _write(buffers, first + index, steps, category, random.choice(plan.units), now, index in fresh)
        yield buffers


def _life(plan: Plan, random: Random, now: int, index: int, *, due: bool) -> tuple[list[tuple[str, int]], str]:
    """The steps of one ticket as (verb, second), and its category."""
    category = "public_pipe_leak" if due or random.random() < 0.7 else "billing_dispute"
    if due:
        sent = now - 21 * MINUTE - (random.randrange(plan.spread) if plan.spread else 0)
        return [("report", sent), ("dispatch", sent)], category
    if random.random() >= plan.live:
        at = now - 370 * DAY + 365 * DAY * index // plan.tickets
        slow = random.random()
        accept = 25 * MINUTE if slow < plan.late else 5 * MINUTE
        arrive = 50 * MINUTE if slow < 2 * plan.late else 35 * MINUTE
        resolve = 80 * HOUR if slow > 1 - plan.late else 5 * HOUR
        gone = (0, 0, accept, arrive, resolve, resolve + HOUR, resolve + HOUR)
        return [(verb, at + seconds) for verb, seconds in zip(STATUS, gone, strict=True)], category
    stage = random.randrange(5)
    # How far a ticket may have come while nothing of it is late; a tenth of the live ones is, and long stamped.
    age = random.randrange((48 * HOUR, 19 * MINUTE, 39 * MINUTE, 23 * HOUR, 47 * HOUR)[stage])
    at = now - age - (10 * DAY if random.random() < 0.1 else 0)
    span = max(1, min(age, 10 * MINUTE) // 5)
    return [(verb, at + place * span) for place, verb in enumerate(list(STATUS)[: stage + 1])], category


def _write(
    buffers: dict[str, StringIO],
    pk: int,
    steps: list[tuple[str, int]],
    category: str,
    unit: str,
    now: int,
    unseen: bool,
) -> None:
    at = dict(steps)
    sent = at.get("dispatch")
    of_case, of_spell = CLOCKS[category]
    holder = unit if sent is not None else "dispatch-centre"
    clocks: list[tuple[str, str, int, int, int | None, bool]] = []
    for seq, start, kinds in ((1, at["report"], of_case), (2, sent, of_spell)):
        for kind, length in kinds if start is not None else ():
            due, met = start + length * MINUTE, at.get(MET_BY[kind])
            late = not unseen and (due < now if met is None else due < met)
            clocks.append((f"{seq}:{kind}", kind, start, due, met, late))
    lates = [(due, 1, "late", key, kind) for key, kind, _start, due, _met, late in clocks if late]
    timeline = sorted([*((when, 0, verb, "", "") for verb, when in steps), *lates], key=lambda row: row[0])
    status = ""
    for seq, (when, _rank, verb, key, kind) in enumerate(timeline, start=1):
        status = STATUS.get(verb, status)
        data = _data(verb, at, category, unit, kind)
        role = "system" if verb == "late" else "dispatcher"
        moment = _text(when)
        buffers["tickets_event"].write(
            f"{pk}\t{seq}\t{verb}\t{moment}\t{moment}\t{role}\t\t\t\t{status}\t{key}\t{data}\n"
        )
    ended = _text(at.get("close"))
    if sent is not None:
        end = "close" if "close" in at else ""
        buffers["tickets_spell"].write(f"{pk}\t2\t{unit}\t{_text(sent)}\t{ended}\t{ended}\t{end}\n")
    for key, kind, start, due, met, late in clocks:
        verdict = "late" if late else "pending" if met is None else "met"
        begins, falls_due = _text(start), _text(due)
        buffers["tickets_milestone"].write(
            f"{pk}\t{key}\t1\t{2 if key[0] == '2' else _NULL}\t{holder}\t{kind}\t{begins}\t{falls_due}\t{falls_due}\t"
            f"{RULE}\t{_text(met)}\t{verdict}\t{falls_due if verdict == 'pending' else _NULL}\t"
            f"{falls_due if late else _NULL}\n"
        )
    waiting = min(((due, kind) for _k, kind, _s, due, met, _l in clocks if met is None), default=None)
    if waiting is None and status in LIVE:
        waiting = next((due, kind) for _k, kind, _s, due, _m, _l in clocks if kind == "close")
    reported = _text(at["report"])
    buffers["tickets_ticket"].write(
        f"{pk}\tB{pk:09d}\ttoken-{pk:09d}\t\tphone\t{category}\tloaded\t\t{{}}\t{{}}\t\t{reported}\t{reported}\t{status}\t1\t"
        f"{unit if sent is not None else _NULL}\t48h\t{len(timeline)}\t{_text(waiting and waiting[0])}\t"
        f"{waiting[1] if waiting else ''}\t{_text(min((due for due, *_ in lates), default=None))}\t\n"
    )


_NULL = "\\N"
_CLOCK = [f"{second // HOUR:02d}:{second % HOUR // MINUTE:02d}:{second % MINUTE:02d}Z" for second in range(DAY)]


@cache
def _day(number: int) -> str:
    return (date(1970, 1, 1) + timedelta(days=number)).isoformat()


def _text(second: int | None) -> str:
    return _NULL if second is None else f"{_day(second // DAY)}T{_CLOCK[second % DAY]}"


def _data(verb: str, at: dict[str, int], category: str, unit: str, kind: str) -> str:
    if verb == "late":
        return f'{{"milestone": "{kind}", "unit": "{unit}"}}'
    if verb == "report":
        return f'{{"category": "{category}", "clocks": [{_starts(CLOCKS[category][0], at["report"])}]}}'
    if verb == "dispatch":
        return f'{{"unit": "{unit}", "clocks": [{_starts(CLOCKS[category][1], at["dispatch"])}]}}'
    return '{"kind": "solved"}' if verb == "callback" else "{}"


def _starts(clocks: list[tuple[str, int]], start: int) -> str:
    begins = _text(start)
    return ", ".join(
        f'{{"kind": "{kind}", "starts_at": "{begins}", "minutes": {length}, "rule": "{RULE}"}}'
        for kind, length in clocks
    )
