"""What is recorded stays: nothing the app's role can send changes or removes a row of the append-only tables."""

from __future__ import annotations

from contextlib import suppress

import pytest
from django.conf import settings
from django.db import DatabaseError, IntegrityError

from core.append_only import append_only_tables
from tests.core.sending import INSUFFICIENT_PRIVILEGE, as_owner, assert_refused, content, rows, send, value
from tests.factories import HANDLER, T0, UNIT, accepted_late, closed_march, minutes
from tickets.actions import system_faults

TABLES = ["tickets_event", "tickets_systemfault", "penalties_ledgerentry", "penalties_assessmentevent"]
APP, OWNER = settings.DATABASES["default"]["USER"], settings.DATABASES["owner"]["USER"]

ATTACKS = {
    "update": "UPDATE {table} SET id = id",
    "update_in_a_cte": "WITH new AS (UPDATE {table} SET id = id RETURNING 1) SELECT count(*) FROM new",
    "delete": "DELETE FROM {table}",
    "delete_in_a_cte": "WITH gone AS (DELETE FROM {table} RETURNING 1) SELECT count(*) FROM gone",
    "delete_by_a_join": "DELETE FROM {table} t USING units_unit u WHERE t.id > 0",
    "delete_by_a_rule": "CREATE RULE mine AS ON INSERT TO {table} DO ALSO DELETE FROM {table}",
    "truncate": "TRUNCATE {table}",
    "truncate_from_above": "TRUNCATE units_unit CASCADE",
    "upsert": "INSERT INTO {table} SELECT * FROM {table} ON CONFLICT (id) DO UPDATE SET id = EXCLUDED.id",
    "merge_update": "MERGE INTO {table} t USING {table} s ON t.id = s.id WHEN MATCHED THEN UPDATE SET id = s.id",
    "merge_delete": "MERGE INTO {table} t USING {table} s ON t.id = s.id WHEN MATCHED THEN DELETE",
    "an_updatable_view": "CREATE VIEW public.mine AS SELECT * FROM {table}",
    "disable_triggers": "ALTER TABLE {table} DISABLE TRIGGER USER",
    "disable_the_trigger": "ALTER TABLE {table} DISABLE TRIGGER {table}_rows_stay",
    "drop_the_trigger": "DROP TRIGGER {table}_rows_stay ON {table}",
    "replace_the_trigger": "CREATE OR REPLACE TRIGGER {table}_rows_stay BEFORE INSERT ON {table} "
    "FOR EACH ROW EXECUTE FUNCTION core_refuse_change()",
    "rename_the_trigger": "ALTER TRIGGER {table}_rows_stay ON {table} RENAME TO gone",
    "add_a_trigger": "CREATE TRIGGER mine BEFORE INSERT ON {table} "
    "FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "drop_the_table": "DROP TABLE {table} CASCADE",
    "rename_the_table": "ALTER TABLE {table} RENAME TO gone",
    "drop_a_column": "ALTER TABLE {table} DROP COLUMN id CASCADE",
    "take_the_table": "ALTER TABLE {table} OWNER TO CURRENT_USER",
    "take_the_rights": "UPDATE pg_catalog.pg_class SET relacl = NULL WHERE oid = '{table}'::regclass",
    "replace_the_function": "CREATE OR REPLACE FUNCTION core_refuse_change() RETURNS trigger LANGUAGE plpgsql "
    "AS 'BEGIN RETURN NEW; END'",
    "drop_the_function": "DROP FUNCTION core_refuse_change() CASCADE",
    "take_the_function": "ALTER FUNCTION core_refuse_change() OWNER TO CURRENT_USER",
    "replication_role": "SET session_replication_role = replica",
    "replication_role_by_function": "SELECT set_config('session_replication_role', 'replica', true)",
    "become_the_owner": "SET ROLE {owner}",
    "sign_in_as_the_owner": "SET SESSION AUTHORIZATION {owner}",
    "join_the_owner": "GRANT {owner} TO CURRENT_USER",
    "become_superuser": "ALTER ROLE CURRENT_USER SUPERUSER",
    "edit_the_catalogue": "UPDATE pg_catalog.pg_trigger SET tgenabled = 'D'",
    "make_a_schema": "CREATE SCHEMA mine",
}


@pytest.fixture
def recorded(db: None) -> dict[str, list[str]]:
    """A row in each append-only table, and what all of them hold."""
    _record()
    return {table: content(table) for table in TABLES}


def _record() -> None:
    accepted_late()
    system_faults.call(unit=UNIT, until=T0 + minutes(90), by=HANDLER, at=T0 + minutes(30))
    closed_march()


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
def test_the_app_cannot_change_what_is_recorded(recorded: dict[str, list[str]], attack: str) -> None:
    for table in TABLES:
        assert_refused(attack.format(table=table, owner=OWNER))
    assert all(recorded.values())
    assert {table: content(table) for table in TABLES} == recorded


def test_a_grant_to_itself_gives_the_app_nothing(recorded: dict[str, list[str]]) -> None:
    """PostgreSQL may answer such a grant with no more than a warning; what counts is what holds afterwards."""
    for table in TABLES:
        with suppress(DatabaseError):
            send(f"GRANT UPDATE, DELETE, TRUNCATE ON {table} TO CURRENT_USER")
        assert_refused(f"DELETE FROM {table}")


def test_the_triggers_stop_the_owner_too(committed: None) -> None:
    _record()
    with as_owner() as cursor:
        for table in TABLES:
            for change in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}", f"TRUNCATE {table}"):
                with pytest.raises(DatabaseError, match=f"{table} is append-only") as refused:
                    cursor.execute(change)
                assert refused.value.__cause__.pgcode == INSUFFICIENT_PRIVILEGE


def test_the_tables_named_here_are_declared_append_only() -> None:
    assert set(TABLES) <= set(append_only_tables())


@pytest.mark.django_db
def test_every_append_only_table_has_both_triggers() -> None:
    for table in append_only_tables():
        found = rows(
            "SELECT tgname, tgtype, tgenabled, proname FROM pg_trigger JOIN pg_proc p ON p.oid = tgfoid "
            "WHERE tgrelid = %s::regclass AND NOT tgisinternal AND tgname IN (%s, %s) AND tgqual IS NULL ORDER BY 1",
            table,
            f"{table}_rows_stay",
            f"{table}_table_stays",
        )
        before, row, update, delete, truncate = 2, 1, 16, 8, 32
        assert found == [
            (f"{table}_rows_stay", before | row | update | delete, "O", "core_refuse_change"),
            (f"{table}_table_stays", before | truncate, "O", "core_refuse_change"),
        ], table


@pytest.mark.django_db
def test_the_app_may_read_and_append_and_nothing_else() -> None:
    for table in append_only_tables():
        may = {
            right
            for right in ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
            if value("SELECT has_table_privilege(%s, %s, %s)", APP, table, right)
            or (
                right in {"UPDATE", "REFERENCES"}
                and value("SELECT has_any_column_privilege(%s, %s, %s)", APP, table, right)
            )
        }
        assert may == {"SELECT", "INSERT"}, table


@pytest.mark.django_db
def test_the_tests_run_as_the_app_and_the_app_owns_nothing() -> None:
    assert value("SELECT current_user") == APP != OWNER
    assert not value("SELECT pg_has_role(%s, %s, 'MEMBER')", APP, OWNER)
    assert rows(
        "SELECT rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls FROM pg_roles WHERE rolname = %s",
        APP,
    ) == [(False, False, False, False, False)]
    for catalogue, owner in (("pg_class", "relowner"), ("pg_proc", "proowner"), ("pg_namespace", "nspowner")):
        assert not value(f"SELECT count(*) FROM {catalogue} WHERE {owner} = %s::regrole", APP), catalogue
    assert not value("SELECT has_schema_privilege(%s, 'public', 'CREATE')", APP)
    assert not value("SELECT has_database_privilege(%s, current_database(), 'CREATE')", APP)


@pytest.mark.django_db
def test_a_ticket_with_history_cannot_be_deleted() -> None:
    ticket = accepted_late()
    send("SET CONSTRAINTS ALL IMMEDIATE")
    send(f"DELETE FROM tickets_milestone WHERE ticket_id = {ticket.pk}")
    send(f"DELETE FROM tickets_spell WHERE ticket_id = {ticket.pk}")
    with pytest.raises(IntegrityError, match="tickets_event"):
        send(f"DELETE FROM tickets_ticket WHERE id = {ticket.pk}")
