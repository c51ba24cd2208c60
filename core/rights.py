"""Who may do what in the database: the owner migrates, the app's role reads and writes rows and owns nothing."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper

from core.append_only import append_only_tables


class OwnerMigrates:
    """Migrations run on the ``owner`` connection only; rows are read and written on ``default``."""

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == "owner"

    def allow_relation(self, obj1: Any, obj2: Any, **hints: Any) -> bool:
        return True  # both aliases are the same database


def grant_app_role(connection: BaseDatabaseWrapper) -> None:
    """Give the app's role its rights on every table, and take back what append-only tables must not allow.

    Runs as the owner after each migrate; safe to repeat. Nothing to do where one role plays both parts.
    """
    role = settings.DATABASES["default"]["USER"]
    if role == connection.settings_dict["USER"]:
        return
    quoted = connection.ops.quote_name(role)
    database = connection.ops.quote_name(connection.settings_dict["NAME"])
    with connection.cursor() as cursor:
        # A temporary table could stand in for a real one; the app needs none.
        cursor.execute(f"REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC")
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {quoted}")
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {quoted}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {quoted}")
        for table in ["django_migrations", *append_only_tables()]:
            cursor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {connection.ops.quote_name(table)} FROM {quoted}")
        cursor.execute(f"REVOKE INSERT ON django_migrations FROM {quoted}")
