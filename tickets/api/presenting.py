"""Tickets as the API shows them: to people in full, personal data masked by role; to platforms from outside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from core import masking
from tickets import moves
from tickets.api.fields import utc, utc_or_none
from tickets.models import Event, Milestone, Spell, Ticket
from tickets.queries.reading import Case
from units.actors import CENTRE_ROLES, Actor, Role

Shown = dict[str, Any]


def standing(ticket: Ticket, milestones: Iterable[Milestone]) -> Shown:
    """Where a ticket stands: what a write is answered with. Kept with its key, so it holds no personal data."""
    clocks = [milestone for milestone in milestones if milestone.spell_seq is None]
    return {
        "number": ticket.number,
        "external_no": ticket.external_no,
        "status": ticket.status,
        "round": ticket.round,
        "category": ticket.category_id,
        "channel": ticket.channel,
        "tier": ticket.tier,
        "reported_at": utc(ticket.reported_at),
        "registered_at": utc(ticket.registered_at),
        "due_at": _due_at(ticket, clocks),
        "city_due_at": utc_or_none(ticket.city_due_at),
        "milestones": [_milestone(clock) for clock in clocks],
    }


def receipt(ticket: Ticket, milestones: Iterable[Milestone], unknown: list[str]) -> Shown:
    """What an order is answered with."""
    return standing(ticket, milestones) | {"unknown_fields": unknown}


def line(ticket: Ticket, actor: Actor) -> Shown:
    """A ticket in a list."""
    shown: Shown = {
        "number": ticket.number,
        "external_no": ticket.external_no,
        "channel": ticket.channel,
        "category": ticket.category_id,
        "title": _text(ticket.title, ticket, actor),
        "status": ticket.status,
        "round": ticket.round,
        "tier": ticket.tier,
        "reported_at": utc(ticket.reported_at),
        "late": ticket.late_at is not None,
    }
    if actor.role == Role.INTEGRATION_CLIENT:
        return shown
    return shown | {
        "unit": ticket.unit_id,
        "assignee": ticket.assignee,
        "next_clock": ticket.next_clock,
        "next_due_at": utc_or_none(ticket.next_due_at),
        "pending": sorted(ticket.pending),
    }


def detail(case: Case, actor: Actor) -> Shown:
    """A ticket whole. A platform sees no person's name, no unit's clocks and nothing that is between units."""
    ticket, outside = case.ticket, actor.role == Role.INTEGRATION_CLIENT
    clocks = [clock for clock in case.milestones if clock.spell_seq is None or not outside]
    seen = _sees_reporter(ticket, actor)
    shown = line(ticket, actor) | {
        "content": _text(ticket.content, ticket, actor),
        "address": _address(ticket, actor),
        "registered_at": utc(ticket.registered_at),
        "due_at": _due_at(ticket, clocks),
        "city_due_at": utc_or_none(ticket.city_due_at),
        "merged_into": ticket.merged_into.number if ticket.merged_into and not outside else None,
        "reporter": _reporter(ticket, seen=seen),
        "milestones": [_milestone(clock) for clock in clocks],
        "available_actions": moves.available(
            status=ticket.status, holder=ticket.holder, pending=ticket.pending, role=actor.role, unit=actor.unit
        ),
    }
    if outside:
        return shown
    return shown | {
        "client": ticket.client_id,
        "area": ticket.area_id,
        "first_contact": ticket.first_contact_id,
        "facts": ticket.facts if seen else _masked(ticket.facts),
        "late_at": utc_or_none(ticket.late_at),
        "spells": [_spell(spell) for spell in case.spells],
        # What a platform sent that nobody knew may hold anything, a caller's data too.
        "extra": ticket.extra if actor.role in CENTRE_ROLES and seen else {},
    }


def event(row: Event, ticket: Ticket, actor: Actor) -> Shown:
    """A recorded step: to a platform what, when and the status; to people also who and what was said."""
    shown: Shown = {"verb": row.verb, "at": utc(row.at), "status": row.status}
    if actor.role == Role.INTEGRATION_CLIENT:
        return shown
    return shown | {
        "seq": row.seq,
        "recorded_at": utc(row.recorded_at),
        "by_role": row.by_role,
        "by_unit": row.by_unit or None,
        "by_name": row.by_name,
        "data": row.data if _sees_reporter(ticket, actor) else _masked(row.data),
    }


def change(row: Mapping[str, Any]) -> Shown:
    """A line of the feed."""
    return {
        "number": row["ticket__number"],
        "external_no": row["ticket__external_no"],
        "verb": row["verb"],
        "at": utc(row["at"]),
        "status": row["status"],
    }


def _due_at(ticket: Ticket, clocks: Iterable[Milestone]) -> str | None:
    """When the present round must be handed in; of clocks derived anew the one that holds."""
    tier = [clock for clock in clocks if clock.kind == "close" and clock.round == ticket.round]
    tier.sort(key=lambda clock: (clock.verdict != Milestone.Verdict.CANCELLED, clock.pk))
    return utc(tier[-1].due_at) if tier else None


def _milestone(clock: Milestone) -> Shown:
    return {
        "kind": clock.kind,
        "round": clock.round,
        "unit": clock.unit_id,
        "starts_at": utc(clock.starts_at),
        "due_at": utc(clock.due_at),
        "first_due_at": utc(clock.first_due_at),
        "met_at": utc_or_none(clock.met_at),
        "verdict": clock.verdict,
        "rule": clock.rule,
    }


def _spell(spell: Spell) -> Shown:
    return {
        "unit": spell.unit_id,
        "starts_at": utc(spell.starts_at),
        "ended_at": utc_or_none(spell.ended_at),
        "end": spell.end,
    }


def _reporter(ticket: Ticket, *, seen: bool) -> Shown | None:
    reporter = getattr(ticket, "reporter", None)
    if reporter is None:
        return None
    return {
        "name": reporter.name if seen else masking.mask_name(reporter.name),
        "phone": reporter.phone if seen else masking.mask_phone(reporter.phone),
        "confidential": reporter.confidential,
        "masked": not seen,
    }


def _sees_reporter(ticket: Ticket, actor: Actor) -> bool:
    reporter = getattr(ticket, "reporter", None)
    confidential = reporter is not None and reporter.confidential
    return masking.may_see_reporter(actor.role, unit=actor.unit, holder=ticket.holder, confidential=confidential)


def _address(ticket: Ticket, actor: Actor) -> str:
    seen = masking.may_see_address(actor.role, unit=actor.unit, holder=ticket.holder)
    return ticket.address if seen else masking.mask_address(ticket.address)


def _text(text: str, ticket: Ticket, actor: Actor) -> str:
    """Title or content; callers' numbers are often typed into it."""
    return text if _sees_reporter(ticket, actor) else masking.mask_text(text)


def _masked(value: Any) -> Any:
    """JSON with the mobile numbers in its texts masked."""
    if isinstance(value, str):
        return masking.mask_text(value)
    if isinstance(value, Mapping):
        return {name: _masked(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_masked(inner) for inner in value]
    return value
