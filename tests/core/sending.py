"""Sending SQL as the app's role and looking at what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.db.backends.utils import CursorWrapper

#: PostgreSQL's code for "you may not", which our triggers raise as well.
INSUFFICIENT_PRIVILEGE = "42501"


def send(sql: str, *parameters: object) -> None:
    """Run SQL in a savepoint of its own."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, parameters or None)


def assert_refused(sql: str, *parameters: object) -> None:
    """The database says "you may not", and for no other reason."""
    with pytest.raises(DatabaseError) as refused:
        send(sql, *parameters)
    assert refused.value.__cause__.pgcode == INSUFFICIENT_PRIVILEGE, f"{sql}: {refused.value}"


def rows(sql: str, *parameters: object) -> list[tuple[Any, ...]]:
    """All rows of an answer."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters or None)
        return cursor.fetchall()


def value(sql: str, *parameters: object) -> Any:
    """The only value of an answer."""
    return rows(sql, *parameters)[0][0]


def content(table: str) -> list[str]:
    """Every row of a table as text."""
    return [row for (row,) in rows(f"SELECT t::text FROM {table} t ORDER BY 1")]


@contextmanager
def as_owner() -> Iterator[CursorWrapper]:
    """A cursor of the owner, on a connection of its own: Django guards the alias itself during a test."""
    owner = connections["owner"].copy("owner beside the test")
    try:
        with owner.cursor() as cursor:
            yield cursor
    finally:
        owner.close()
