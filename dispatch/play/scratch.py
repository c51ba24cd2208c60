"""The player's scratch database: reference data only, made once by the owner, reused under a lock."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connections

from dispatch.actions import reference

#: Advisory lock of the player, any number will do as long as nobody else on the server takes it.
LOCK = 7_211_042


@contextmanager
def scratch_database() -> Iterator[None]:
    """Point both roles at the scratch database while the block runs; one player at a time."""
    owner, app = connections["owner"], connections["default"]
    real = str(owner.settings_dict["NAME"])
    scratch = real + settings.PLAY_DATABASE_SUFFIX
    gate = owner.copy("owner")
    try:
        with gate.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
            cursor.execute(
                "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [scratch]
            )
            found = cursor.fetchone()
            wanted = _fingerprint()
            ready = found is not None and found[0] == wanted
            if not ready:
                quoted = gate.ops.quote_name(scratch)
                cursor.execute(f"DROP DATABASE IF EXISTS {quoted} WITH (FORCE)")
                cursor.execute(f"CREATE DATABASE {quoted} TEMPLATE template0 ENCODING 'UTF8'")
            for connection in (owner, app):
                connection.close()
                connection.settings_dict["NAME"] = scratch
            if not ready:
                call_command("migrate", database="owner", verbosity=0)
                reference.load()
                # Written last: a scratch database without its mark was not finished, and is made anew.
                cursor.execute(f"COMMENT ON DATABASE {quoted} IS '{wanted}'")
        yield
    finally:
        gate.close()
        for connection in (owner, app):
            connection.close()
            connection.settings_dict["NAME"] = real


def restart_numbers() -> None:
    """Let ticket numbers start over, so that a scenario prints the same whenever it is played."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT setval('tickets_number', 1, false)")


def _fingerprint() -> str:
    """A digest of all that the scratch database is made from."""
    digest = hashlib.sha256()
    for path in [*_migrations(), *reference.files()]:
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _migrations() -> list[Path]:
    own = [app for app in apps.get_app_configs() if Path(app.path).is_relative_to(settings.BASE_DIR)]
    return sorted(path for app in own for path in Path(app.path, "migrations").glob("*.py"))
