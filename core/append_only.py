"""Tables that only grow.

The database itself refuses UPDATE, DELETE and TRUNCATE: the app's role holds no such right, and a trigger owned by
the owner stops whoever does. Our own small trigger instead of a library's: django-pgtrigger lets any session switch
its triggers off by a setting, which is what must not be possible here (docs/adr/0002).
"""

from __future__ import annotations

from django.apps import apps
from django.db import migrations

REFUSE = """
CREATE OR REPLACE FUNCTION core_refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
"""


def append_only(table: str) -> migrations.RunSQL:
    """A migration operation that shuts ``table`` to every change but INSERT."""
    return migrations.RunSQL(
        sql=[
            REFUSE,
            f"CREATE TRIGGER {table}_rows_stay BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION core_refuse_change();",
            f"CREATE TRIGGER {table}_table_stays BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change();",
        ],
        reverse_sql=[
            f"DROP TRIGGER {table}_table_stays ON {table};",
            f"DROP TRIGGER {table}_rows_stay ON {table};",
        ],
    )


def append_only_tables() -> list[str]:
    """Tables whose model declares ``append_only = True``."""
    return [model._meta.db_table for model in apps.get_models() if getattr(model, "append_only", False)]
