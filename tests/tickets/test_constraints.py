"""What cannot be of a ticket, the database refuses: each broken invariant has its name."""

from __future__ import annotations

import pytest
from django.db import IntegrityError

from tests.core.sending import send
from tests.factories import HANDLER, T0, UNIT, dispatched, minutes, reported
from tickets.actions import overdue, system_faults
from units.models import IntegrationClient

BROKEN = {
    "one_open_spell_a_ticket": 'INSERT INTO tickets_spell (ticket_id, seq, unit_id, starts_at, "end") '
    "SELECT ticket_id, seq + 1, unit_id, starts_at, '' FROM tickets_spell",
    "one_spell_a_dispatch": "INSERT INTO tickets_spell (ticket_id, seq, unit_id, starts_at, ended_at, blamed_until, "
    "\"end\") SELECT ticket_id, seq, unit_id, starts_at, starts_at, starts_at, 'close' FROM tickets_spell",
    "ended_spell_says_how": "UPDATE tickets_spell SET ended_at = now()",
    "one_event_a_step": "INSERT INTO tickets_event SELECT (jsonb_populate_record(e, '{\"id\": -1}')).* "
    "FROM tickets_event e WHERE seq = 1",
    "one_breach_a_clock": 'INSERT INTO tickets_event SELECT (jsonb_populate_record(e, \'{"id": -1, "seq": 99}\')).* '
    "FROM tickets_event e WHERE verb = 'late' AND clock_key = '2:accept'",
    "one_milestone_a_key": "INSERT INTO tickets_milestone SELECT (jsonb_populate_record(m, '{\"id\": -1}')).* "
    "FROM tickets_milestone m WHERE kind = 'accept'",
    "only_open_milestones_await_the_sweep": "UPDATE tickets_milestone SET met_at = now() WHERE kind = 'close'",
    "verdict_agrees_with_instants": "UPDATE tickets_milestone SET verdict = 'met', judged_from = NULL "
    "WHERE kind = 'repair'",
    "breached_at_the_due_instant": "UPDATE tickets_milestone SET breached_at = now()",
    "merged_names_its_ticket": "UPDATE tickets_ticket SET status = 'merged'",
    "one_ticket_an_external_order": "UPDATE tickets_ticket SET client_id = 'platform', external_no = 'A-1'",
    "tickets_ticket_number_key": "UPDATE tickets_ticket SET number = 'the same'",
    "tickets_ticket_public_token_key": "UPDATE tickets_ticket SET public_token = 'the same'",
    "system_fault_lasts": "INSERT INTO tickets_systemfault (unit_id, at, until, by_role, by_name, note) "
    "SELECT unit_id, at, at, by_role, by_name, note FROM tickets_systemfault",
    "limit_has_a_length": "UPDATE tickets_limit SET minutes = 0",
    "limit_holds_for_a_time": "UPDATE tickets_limit SET valid_to = valid_from",
    "one_limit_a_milestone_and_day": "INSERT INTO tickets_limit "
    "SELECT (jsonb_populate_record(l, '{\"id\": -1}')).* FROM tickets_limit l WHERE milestone = 'accept'",
    "route_holds_for_a_time": "UPDATE tickets_routingrule SET valid_to = valid_from",
    "one_route_a_place_and_day": "INSERT INTO tickets_routingrule "
    "SELECT (jsonb_populate_record(r, '{\"id\": -1}')).* FROM tickets_routingrule r WHERE category = 'manhole_cover'",
    "parameter_holds_for_a_time": "UPDATE tickets_parameter SET valid_to = valid_from",
    "one_parameter_a_day": "INSERT INTO tickets_parameter "
    "SELECT (jsonb_populate_record(p, '{\"id\": -1}')).* FROM tickets_parameter p WHERE code = 'close_share'",
}


@pytest.fixture
def two_tickets(db: None) -> None:
    """One dispatched and late to be accepted, one still at the centre; a fault called; a platform known."""
    dispatched()
    reported()
    overdue.flag_all_due(now=T0 + minutes(21))
    system_faults.call(unit=UNIT, until=T0 + minutes(60), by=HANDLER, at=T0 + minutes(30))
    IntegrationClient.objects.create(code="platform", name="platform", token_hash="x")


@pytest.mark.parametrize(("constraint", "sql"), BROKEN.items(), ids=BROKEN.keys())
def test_the_database_refuses(two_tickets: None, constraint: str, sql: str) -> None:
    with pytest.raises(IntegrityError, match=f'"{constraint}"'):
        send(sql)
