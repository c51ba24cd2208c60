"""Many callers at one gate: threads, each with a connection of its own, let go at the same moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Barrier, Event, Thread, local
from typing import Any

import pytest
from django.db import connection, transaction

from core.refusals import Refused
from tickets.actions import recording
from tickets.models import Ticket

#: Nothing here takes long; a test that hangs is a deadlock that PostgreSQL cannot see.
PATIENCE = 60


def race(*calls: Callable[[], Any]) -> list[Any]:
    """Let all calls go at once; returns, in order, what each gave or raised."""
    gate = Barrier(len(calls))
    outcomes: list[Any] = [TimeoutError("still running")] * len(calls)

    def run(place: int, call: Callable[[], Any]) -> None:
        try:
            connection.ensure_connection()
            gate.wait(PATIENCE)
            outcomes[place] = call()
        except Exception as error:
            outcomes[place] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=each, daemon=True) for each in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    return outcomes


def code(outcome: Any) -> str:
    """What a caller was told: "done", the code of a refusal, or the name of an error."""
    if isinstance(outcome, Refused):
        return outcome.code
    return type(outcome).__name__ if isinstance(outcome, Exception) else "done"


@contextmanager
def holding(
    ticket: Ticket, sql: str = "UPDATE tickets_ticket SET assignee = 'somebody' WHERE id = %s"
) -> Iterator[Any]:
    """Somebody else has the ticket in hand while the block runs, or until the function given is called."""
    holds, may_go = Event(), Event()

    def hold() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, [ticket.pk])
            holds.set()
            may_go.wait(PATIENCE)
        connection.close()

    thread = Thread(target=hold, daemon=True)
    thread.start()
    assert holds.wait(PATIENCE)
    try:
        yield may_go.set
    finally:
        may_go.set()
        thread.join(PATIENCE)


def all_read_before_one_writes(monkeypatch: pytest.MonkeyPatch, callers: int) -> None:
    """Nobody records before everybody has read: the race is there each time, not now and then.

    A caller who was too late and reads again goes on at once.
    """
    gate, seen, load = Barrier(callers), local(), recording.load

    def waiting(ticket_id: int) -> recording.Matter:
        matter = load(ticket_id)
        if not hasattr(seen, "gate"):
            seen.gate = gate
            gate.wait(PATIENCE)
        return matter

    monkeypatch.setattr(recording, "load", waiting)
