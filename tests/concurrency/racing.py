"""Many callers at one gate: threads, each with a connection of its own, let go at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread, local
from typing import Any

import pytest
from django.db import connection

from core.refusals import Refused
from tickets.actions import recording

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
