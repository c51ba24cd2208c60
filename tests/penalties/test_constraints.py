"""What the regulation rules out, the database rules out: each broken invariant has its name."""

from __future__ import annotations

import pytest
from django.db import IntegrityError

from tests.core.sending import send
from tests.factories import accepted_late, assessed_march

BROKEN = {
    "amount_within_the_range_of_its_clause": "UPDATE penalties_finding SET status = 'confirmed', amount = low - 0.01, "
    "decided_at = now(), decided_by = 'somebody'",
    "amount_exactly_when_confirmed": "UPDATE penalties_finding SET amount = proposed",
    "decided_finding_says_who_and_when": "UPDATE penalties_finding SET status = 'dismissed'",
    "finding_has_a_subject_unless_undetermined": "UPDATE penalties_finding SET unit_id = NULL",
    "one_undecided_finding_a_clause_subject_and_matter": "INSERT INTO penalties_finding "
    """SELECT (jsonb_populate_record(f, '{"id": -1}')).* FROM penalties_finding f""",
    "penalties_findingmiss_milestone_id_key": "INSERT INTO penalties_findingmiss (finding_id, milestone_id) "
    "SELECT finding_id, milestone_id FROM penalties_findingmiss",
    "closed_month_says_when": "UPDATE penalties_assessmentmonth SET status = 'closed', closed_at = now()",
    "ledger_entry_of_a_unit_or_a_person": "INSERT INTO penalties_ledgerentry (month_id, finding_id, clause_id, "
    "unit_id, person, amount, posted_at, posted_by) SELECT month_id, id, clause_id, unit_id, 'somebody', 1, now(), 'x' "
    "FROM penalties_finding",
    "one_ledger_entry_a_finding_and_month": "INSERT INTO penalties_ledgerentry (month_id, finding_id, clause_id, "
    "unit_id, person, amount, posted_at, posted_by) SELECT month_id, id, clause_id, unit_id, '', 1, now(), 'x' "
    "FROM penalties_finding, generate_series(1, 2)",
    "reading_unit_range": "UPDATE penalties_reading SET unit_high = unit_low - 1 WHERE clause_id = '36.2'",
    "reading_person_range": "UPDATE penalties_reading SET person_low = -1, person_high = 1 WHERE clause_id = '36.2'",
    "reading_holds_for_a_time": "UPDATE penalties_reading SET valid_to = valid_from",
    "one_reading_a_clause_and_day": "INSERT INTO penalties_reading "
    """SELECT (jsonb_populate_record(r, '{"id": -1}')).* FROM penalties_reading r WHERE clause_id = '36.2'""",
}


@pytest.mark.django_db
@pytest.mark.parametrize(("constraint", "sql"), BROKEN.items(), ids=BROKEN.keys())
def test_the_database_refuses(constraint: str, sql: str) -> None:
    accepted_late()
    assert len(assessed_march()) == 1
    with pytest.raises(IntegrityError, match=f'"{constraint}"'):
        send(sql)
