"""What every test may rely on: the reference data, a fixed first instant, and a cast."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connections
from django.test.utils import setup_databases, teardown_databases

from dispatch.actions import reference
from tickets.queries import rulebook


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_modify_db_settings: None,
    django_db_blocker: pytest.FixtureRequest,
) -> Iterator[None]:
    """The owner makes and migrates the test database; tests then work in it as the app's role, a mirror of it.

    Every test database holds the reference data, and nothing else.
    """
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False, aliases={"owner"}, serialized_aliases=set())
        reference.load()
    yield
    with django_db_blocker.unblock():
        for connection in connections.all():
            connection.close()
        teardown_databases(made, verbosity=0)


@pytest.fixture(autouse=True)
def _fresh_rules(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Rules a test changes are gone after it; within it they are read once, however slow the machine is."""
    monkeypatch.setattr(rulebook, "KEEP_SECONDS", 3600.0)
    rulebook.forget()
    yield
    rulebook.forget()


@pytest.fixture
def committed(transactional_db: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """A test that commits: many connections see its rows. Afterwards the owner empties every table and loads anew.

    The app's role cannot do that, and neither can the owner while the triggers stand, which is the point of them.
    """
    yield
    with django_db_blocker.unblock():
        empty_everything()


def empty_everything() -> None:
    """Back to the reference data."""
    owner = connections["owner"].copy("emptying")  # Django guards the alias itself during a test
    tables = [name for name in owner.introspection.table_names() if name != "django_migrations"]
    guarded = [name for name in tables if name.startswith(("tickets_", "penalties_"))]
    with owner.cursor() as cursor:
        for table in guarded:
            cursor.execute(f"ALTER TABLE {owner.ops.quote_name(table)} DISABLE TRIGGER USER")
        quoted = ", ".join(owner.ops.quote_name(name) for name in tables)
        cursor.execute(f"TRUNCATE {quoted} RESTART IDENTITY CASCADE")
        for table in guarded:
            cursor.execute(f"ALTER TABLE {owner.ops.quote_name(table)} ENABLE TRIGGER USER")
    owner.close()
    rulebook.forget()
    reference.load()
