"""A closed month is closed for good, whatever the app's role sends: findings, evidence, ledger, the month itself."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.conf import settings
from django.db import DatabaseError

from penalties.actions import assessing, wages
from tests.core.sending import as_owner, assert_refused, content, send, value
from tests.factories import AFTER_MARCH, ASSESSOR, MARCH, UNIT, accepted_late, closed_march, minutes

APRIL = MARCH.next()
GUARDED = [
    "penalties_assessmentmonth",
    "penalties_finding",
    "penalties_findingmiss",
    "penalties_ledgerentry",
    "units_variablewage",
]
OWNER = settings.DATABASES["owner"]["USER"]

CLOSED = "(SELECT id FROM penalties_finding WHERE month_id = '2026-03')"
OPEN = "(SELECT id FROM penalties_finding WHERE month_id = '2026-04')"
UNUSED = "(SELECT id FROM tickets_milestone WHERE verdict = 'met' ORDER BY id LIMIT 1)"

ATTACKS = {
    "insert_a_finding": "INSERT INTO penalties_finding SELECT (jsonb_populate_record(f, "
    """'{"id": -1, "month_id": "2026-03"}')).* FROM penalties_finding f WHERE month_id = '2026-04'""",
    "change_a_sentence": f"UPDATE penalties_finding SET sentence = 'forged' WHERE id = {CLOSED}",
    "change_an_amount": f"UPDATE penalties_finding SET amount = high WHERE id = {CLOSED}",
    "change_nothing": f"UPDATE penalties_finding SET id = id WHERE id = {CLOSED}",
    "change_findings_of_every_month": "UPDATE penalties_finding SET reason = 'forged'",
    "delete_a_finding": f"DELETE FROM penalties_finding WHERE id = {CLOSED}",
    "move_a_finding_out": f"UPDATE penalties_finding SET month_id = '2026-04' WHERE id = {CLOSED}",
    "move_a_finding_in": f"UPDATE penalties_finding SET month_id = '2026-03' WHERE id = {OPEN}",
    "upsert_a_finding": "INSERT INTO penalties_finding SELECT * FROM penalties_finding WHERE month_id = '2026-03' "
    "ON CONFLICT (id) DO UPDATE SET sentence = 'forged'",
    "merge_findings": "MERGE INTO penalties_finding t USING penalties_finding s ON t.id = s.id "
    "WHEN MATCHED THEN UPDATE SET sentence = 'forged'",
    "truncate_findings": "TRUNCATE penalties_finding CASCADE",
    "insert_evidence": f"INSERT INTO penalties_findingmiss (finding_id, milestone_id) VALUES ({CLOSED}, {UNUSED})",
    "change_evidence": f"UPDATE penalties_findingmiss SET milestone_id = {UNUSED} WHERE finding_id = {CLOSED}",
    "delete_evidence": f"DELETE FROM penalties_findingmiss WHERE finding_id = {CLOSED}",
    "move_evidence_out": f"UPDATE penalties_findingmiss SET finding_id = {OPEN} WHERE finding_id = {CLOSED}",
    "move_evidence_in": f"UPDATE penalties_findingmiss SET finding_id = {CLOSED} WHERE finding_id = {OPEN}",
    "truncate_evidence": "TRUNCATE penalties_findingmiss",
    "open_the_month": "UPDATE penalties_assessmentmonth SET status = 'open', closed_at = NULL WHERE code = '2026-03'",
    "close_it_at_another_time": "UPDATE penalties_assessmentmonth SET closed_at = now() WHERE code = '2026-03'",
    "rename_the_month": "UPDATE penalties_assessmentmonth SET code = '2025-01' WHERE code = '2026-03'",
    "delete_the_month": "DELETE FROM penalties_assessmentmonth WHERE code = '2026-03'",
    "upsert_the_month": "INSERT INTO penalties_assessmentmonth (code, status, closed_by) "
    "VALUES ('2026-03', 'open', '') ON CONFLICT (code) DO UPDATE SET status = 'open', closed_at = NULL",
    "merge_the_month": "MERGE INTO penalties_assessmentmonth t USING (SELECT '2026-03' AS code) s ON t.code = s.code "
    "WHEN MATCHED THEN DELETE",
    "truncate_months": "TRUNCATE penalties_assessmentmonth CASCADE",
    "post_to_the_ledger": "INSERT INTO penalties_ledgerentry SELECT (jsonb_populate_record(l, "
    """'{"id": -1, "unit_id": null, "person": "somebody"}')).* FROM penalties_ledgerentry l""",
    "change_the_ledger": "UPDATE penalties_ledgerentry SET amount = 0",
    "move_the_ledger": "UPDATE penalties_ledgerentry SET month_id = '2026-04'",
    "delete_the_ledger": "DELETE FROM penalties_ledgerentry",
    "enter_a_wage": "INSERT INTO units_variablewage (unit_id, month, amount, entered_by, entered_at) "
    "VALUES ('legal', '2026-03', 1, 'x', now())",
    "change_a_wage": "UPDATE units_variablewage SET amount = 1 WHERE month = '2026-03'",
    "delete_a_wage": "DELETE FROM units_variablewage WHERE month = '2026-03'",
    "move_a_wage_out": "UPDATE units_variablewage SET month = '2026-05' WHERE month = '2026-03'",
    "move_a_wage_in": "UPDATE units_variablewage SET month = '2026-03', unit_id = 'legal' WHERE month = '2026-04'",
    "disable_triggers": "ALTER TABLE penalties_finding DISABLE TRIGGER USER",
    "drop_the_guard_of_months": "DROP TRIGGER closed_month_stays ON penalties_assessmentmonth",
    "replace_the_question": "CREATE OR REPLACE FUNCTION penalties_month_is_open(wanted text) RETURNS void "
    "LANGUAGE plpgsql AS 'BEGIN END'",
    "replace_the_guard": "CREATE OR REPLACE FUNCTION penalties_row_of_open_month() RETURNS trigger "
    "LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "switch_triggers_off": "SET session_replication_role = replica",
    "become_the_owner": f"SET ROLE {OWNER}",
}


@pytest.fixture
def march_closed_april_open(db: None) -> dict[str, list[str]]:
    """A finding in a closed month, another in an open one; returns what the guarded tables hold."""
    accepted_late()
    for month in (MARCH, APRIL):
        wages.enter(unit=UNIT, month=month, amount=Decimal(10_000), by=ASSESSOR, at=AFTER_MARCH)
    closed_march()
    accepted_late(at=AFTER_MARCH)
    assessing.assess(month=APRIL, by=ASSESSOR, at=AFTER_MARCH + minutes(60))
    assert value(f"SELECT count(*) FROM penalties_finding WHERE id IN ({CLOSED}, {OPEN})") == 2
    return {table: content(table) for table in GUARDED}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
def test_nothing_of_a_closed_month_changes(march_closed_april_open: dict[str, list[str]], attack: str) -> None:
    assert_refused(attack)
    assert {table: content(table) for table in GUARDED} == march_closed_april_open


SHADOWS = {
    "of_months": (
        "CREATE TEMP TABLE penalties_assessmentmonth (code text, status text)",
        f"UPDATE public.penalties_finding SET sentence = 'forged' WHERE id = {CLOSED.replace('FROM ', 'FROM public.')}",
    ),
    "of_findings": (
        "CREATE TEMP TABLE penalties_finding (id bigint, month_id text)",
        "DELETE FROM public.penalties_findingmiss",
    ),
}


def test_the_app_makes_no_temporary_table_to_hide_the_month(march_closed_april_open: dict[str, list[str]]) -> None:
    for shadow, _attack in SHADOWS.values():
        assert_refused(shadow)


@pytest.mark.parametrize(("shadow", "attack"), SHADOWS.values(), ids=SHADOWS.keys())
def test_nor_would_it_help(committed: None, shadow: str, attack: str) -> None:
    """The owner may make one; the guards look past it."""
    accepted_late()
    closed_march()
    with as_owner() as cursor:
        cursor.execute(shadow)
        with pytest.raises(DatabaseError, match="month 2026-03 is closed"):
            cursor.execute(attack)


def test_the_open_month_beside_it_is_still_written(march_closed_april_open: dict[str, list[str]]) -> None:
    """Else the tests above would pass on tables that take nothing at all."""
    send(f"UPDATE penalties_finding SET reason = 'looked at' WHERE id = {OPEN}")
    send(f"UPDATE penalties_findingmiss SET milestone_id = {UNUSED} WHERE finding_id = {OPEN}")
    send(f"DELETE FROM penalties_findingmiss WHERE finding_id = {OPEN}")
    send(f"DELETE FROM penalties_finding WHERE id = {OPEN}")
    send("UPDATE penalties_assessmentmonth SET status = 'reviewing' WHERE code = '2026-04'")
    send("UPDATE units_variablewage SET amount = 1 WHERE month = '2026-04'")
