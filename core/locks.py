"""Named locks of a transaction, for what no row stands for yet."""

from __future__ import annotations

from django.db import connection


def share(name: str) -> None:
    """Hold ``name`` together with others who share it, until the transaction ends."""
    _lock("pg_advisory_xact_lock_shared", name)


def own(name: str) -> None:
    """Hold ``name`` alone until the transaction ends."""
    _lock("pg_advisory_xact_lock", name)


def _lock(function: str, name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(hashtextextended(%s, 0))", [name])
