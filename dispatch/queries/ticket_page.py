"""All that the page of a ticket shows, in four statements and for one reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.masking import mask_address, may_see_address
from dispatch.queries.countdown import Countdown, countdown, judged_from
from dispatch.queries.desk import verbs_of
from dispatch.queries.reporters import Contact, contact, veil
from dispatch.queries.timeline import Entry, timeline
from dispatch.wording import clock_name, fact_lines
from tickets import clocks
from tickets.clocks import Clock, State, Step
from tickets.models import Event, Ticket
from tickets.moves import IN_HAND, RESOLVED
from tickets.queries.history import faults_of, step_of
from tickets.queries.rulebook import rulebook
from tickets.queries.visibility import visible_to
from tickets.routing import Suggestion
from tickets.wording import rule_name
from units.actors import CENTRE_ROLES, Actor
from units.models import Unit


@dataclass(frozen=True)
class ClockRow:
    """A limit of the ticket: the rule, its instants and the verdict as of now."""

    kind: str
    name: str
    unit: str
    rule: str
    since: str
    round: int
    starts_at: datetime
    due_at: datetime
    first_due_at: datetime | None
    met_at: datetime | None
    verdict: str


@dataclass(frozen=True)
class TicketPage:
    """A ticket as one reader may see it now."""

    ticket: Ticket
    now: datetime
    countdown: Countdown
    title: str
    content: str
    address: str
    contact: Contact
    facts: list[tuple[str, str]]
    clocks: list[ClockRow]
    timeline: list[Entry]
    verbs: list[str]
    done: frozenset[str]
    called_back: bool
    rework: bool
    suggestion: Suggestion | None
    units: dict[str, Unit]


def ticket_page(number: str, actor: Actor, *, now: datetime) -> TicketPage:
    """Raises Ticket.DoesNotExist for a number that does not exist or that this reader may not see."""
    related = ("category", "unit", "area", "first_contact", "merged_into", "reporter")
    ticket = visible_to(actor).select_related(*related).annotate(judged_from=judged_from()).get(number=number)
    events = list(Event.objects.filter(ticket=ticket).order_by("seq"))
    steps = [step_of(event.seq, event.verb, event.at, event.data) for event in events if event.verb != "late"]
    state = clocks.run(steps)
    units = {unit.code: unit for unit in Unit.objects.all()}
    names = {code: str(unit) for code, unit in units.items()}
    reporter = contact(ticket, actor)
    whole = may_see_address(actor.role, unit=actor.unit, holder=ticket.holder)
    address = "" if whole else ticket.address
    name = ticket.reporter.name if reporter.known else ""

    def shown(text: str) -> str:
        return veil(text, address=address, name=name) if reporter.masked else text

    verbs = verbs_of(ticket, actor)
    return TicketPage(
        ticket=ticket,
        now=now,
        countdown=countdown(ticket, now=now, judged_from=ticket.judged_from),
        title=shown(ticket.title),
        content=shown(ticket.content),
        address=ticket.address if whole else mask_address(ticket.address),
        contact=reporter,
        facts=fact_lines(ticket.facts, rulebook().categories) if ticket.facts else [],
        clocks=_clock_rows(state, steps, names, now=now),
        timeline=timeline(events, ticket, names, shown=shown),
        verbs=verbs,
        done=_done_by_holder(state, steps),
        called_back=state.callback_since_resolve,
        rework=ticket.status in IN_HAND and _sent_back(steps),
        suggestion=_suggestion(ticket, actor, verbs, now=now),
        units=units,
    )


def _clock_rows(state: State, steps: Sequence[Step], names: Mapping[str, str], *, now: datetime) -> list[ClockRow]:
    faults = faults_of(steps)
    rows = []
    for clock in state.clocks:
        rule, since = rule_name(clock.rule)
        judgement = clocks.judge(state, clock, now=now, faults=faults)
        rows.append(
            ClockRow(
                kind=clock.kind,
                name=clock_name(clock.kind),
                unit=names.get(judgement.unit, judgement.unit),
                rule=rule,
                since=since,
                round=clock.round,
                starts_at=clock.starts_at,
                due_at=clock.due_at,
                first_due_at=clock.first_due_at if clock.first_due_at != clock.due_at else None,
                met_at=clock.met_at,
                verdict=_verdict(state, clock, judgement),
            )
        )
    return sorted(rows, key=lambda row: (row.starts_at, row.due_at))


def _verdict(state: State, clock: Clock, judgement: clocks.Judgement) -> str:
    """The verdict, told apart where its word alone would mislead."""
    if judgement.verdict == "pending" and judgement.judged_from is None:
        return "standing"
    if judgement.verdict == "met" and clock is state.close_clock and state.status == RESOLVED:
        return "provisional"
    return judgement.verdict


def _done_by_holder(state: State, steps: list[clocks.Step]) -> frozenset[str]:
    """The verbs recorded since the ticket came to the unit that holds it."""
    since = state.spell.seq if state.spell else 0
    return frozenset(step.verb for step in steps if step.seq > since)


def _sent_back(steps: list[clocks.Step]) -> bool:
    """Whether the last result handed in was not good enough."""
    return next((step.verb for step in reversed(steps) if step.verb in {"resolve", "reject"}), "") == "reject"


def _suggestion(ticket: Ticket, actor: Actor, verbs: list[str], *, now: datetime) -> Suggestion | None:
    if "dispatch" not in verbs or actor.role not in CENTRE_ROLES:
        return None
    return rulebook().suggestion(ticket.category_id, ticket.facts, ticket.area_id, now)
