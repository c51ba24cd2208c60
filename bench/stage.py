"""A PostgreSQL of one's own for a measurement, with durable settings, thrown away afterwards."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ops.postgres import Postgres


@contextmanager
def stage() -> Iterator[None]:
    """Start, migrate, load the reference data; Django is ready inside. A server named by DATABASE_URL is never used."""
    with tempfile.TemporaryDirectory(prefix="dispatch-bench-") as folder:
        server = Postgres(Path(folder).resolve() / "postgres", log=Path(folder) / "postgres.log")
        server.start()
        try:
            os.environ.update(server.addresses(), DJANGO_SETTINGS_MODULE="config.settings")
            _make_ready()
            yield
        finally:
            server.stop()


def _make_ready() -> None:
    import django

    django.setup()
    from django.core.management import call_command

    from dispatch.actions import reference

    call_command("migrate", database="owner", verbosity=0)
    reference.load()
