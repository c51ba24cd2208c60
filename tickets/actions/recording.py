"""Recording a step: the one function that writes a ticket.

An action reads the matter, decides, and records. Recording appends the event, replays the steps (``tickets.clocks``)
and writes what changed: ticket, spell, milestones, and a breach for every clock that the step found late before the
sweep did. The conditional update on ``last_seq`` is the guard against a second worker: whoever comes later sees no row
change, reads again and decides again on what is true by then.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core import locks
from core.refusals import Refused
from tickets import clocks, moves
from tickets.clocks import Clock, Fault, Judgement, Start, State, Step
from tickets.models import Event, Milestone, Spell, Ticket
from tickets.queries.history import faults_of, history
from units.actors import Actor

#: How often a step is decided anew when others keep recording on the same ticket.
ATTEMPTS = 100


@dataclass(frozen=True)
class Draft:
    """A step an action has decided on. ``data`` is JSON for the event; ``columns`` are ticket columns it also sets."""

    verb: str
    unit: str | None = None
    until: datetime | None = None
    kind: str = ""
    starts: Sequence[Start] = ()
    data: dict[str, Any] = field(default_factory=dict)
    columns: dict[str, Any] = field(default_factory=dict)


@dataclass
class Matter:
    """A ticket with its history, as an action sees it."""

    ticket: Ticket
    steps: list[Step]
    breached: frozenset[str]
    state: State

    def guard(self, verb: str, by: Actor) -> None:
        """Raise Refused unless ``by`` may do ``verb`` now."""
        code = moves.refusal(
            verb,
            status=self.ticket.status,
            holder=self.ticket.holder,
            pending=self.ticket.pending,
            role=by.role,
            unit=by.unit,
        )
        if code is not None:
            raise Refused(code, REFUSALS[code])


REFUSALS = {
    "wrong_role": _("Your role may not do this."),
    "wrong_unit": _("The ticket is not with your unit."),
    "illegal_move": _("This cannot be done in the ticket's present state."),
}


def perform(ticket: Ticket, decide: Callable[[Matter], Draft], *, by: Actor, at: datetime) -> Ticket:
    """Decide and record one step in one transaction; decide anew if another worker was faster.

    Returns the ticket as it then stands. Raises whatever ``decide`` refuses with.
    """
    for _attempt in range(ATTEMPTS):
        with transaction.atomic():
            matter = load(ticket.pk)
            draft = decide(matter)
            if record(matter, draft, by=by, at=at):
                return matter.ticket
    raise Refused("illegal_move", REFUSALS["illegal_move"])


def load(ticket_id: int) -> Matter:
    """Read a ticket and replay its history."""
    ticket = Ticket.objects.get(pk=ticket_id)
    steps, breached = history(ticket_id)
    return Matter(ticket, steps, breached, clocks.run(steps))


def data_of(draft: Draft) -> dict[str, Any]:
    """What the event keeps of a draft, as JSON."""
    data = dict(draft.data)
    if draft.unit:
        data["unit"] = draft.unit
    if draft.until:
        data["until"] = draft.until.isoformat()
    if draft.kind:
        data["kind"] = draft.kind
    if draft.starts:
        data["clocks"] = [
            {"kind": s.kind, "starts_at": s.starts_at.isoformat(), "minutes": s.minutes, "rule": s.rule}
            for s in draft.starts
        ]
    return data


def record(matter: Matter, draft: Draft, *, by: Actor, at: datetime) -> bool:
    """Append a step to a matter and write all that follows from it. False if another worker was faster."""
    ticket, seq = matter.ticket, matter.ticket.last_seq + 1
    # Two hosts' clocks may differ by a blink; a history that goes backwards would be read as one that did not happen.
    at = max(at, matter.steps[-1].at)
    step = Step(seq, draft.verb, at, draft.unit, draft.until, draft.kind, tuple(draft.starts))
    steps = [*matter.steps, step]
    if draft.unit:
        # A fault called while this dispatch is under way is seen here, or sees the ticket.
        locks.share(faults_of_unit_lock(draft.unit))
    faults = faults_of(steps)
    state = clocks.run(steps)
    after = judged(state, faults, at)
    newly_late = [(c, j) for c, j in after.values() if j.verdict == "late" and c.key not in matter.breached]

    columns = {**draft.columns, **projection(state, after), "last_seq": seq + len(newly_late)}
    if not Ticket.objects.filter(pk=ticket.pk, last_seq=ticket.last_seq).update(**columns):
        return False
    for name, value in columns.items():
        setattr(ticket, name, value)
    write_events(ticket.pk, step, draft, state.status, newly_late, by=by)
    _write_spells(ticket.pk, matter.state, state)
    _write_milestones(ticket.pk, after)
    matter.steps, matter.state = steps, state
    return True


def faults_of_unit_lock(unit: str) -> str:
    """The name of the lock that orders dispatches to a unit and its system faults."""
    return f"system faults of {unit}"


Judged = dict[str, tuple[Clock, Judgement]]


def judged(state: State, faults: Sequence[Fault], now: datetime) -> Judged:
    """Every clock with its verdict at an instant, by key."""
    return {clock.key: (clock, clocks.judge(state, clock, now=now, faults=faults)) for clock in state.clocks}


def projection(state: State, after: Judged) -> dict[str, Any]:
    """The ticket columns that follow from its state: status, holder, requests, what breaks next, what broke first."""
    waiting = [clock for clock, _j in after.values() if clock.open]
    soonest = min(waiting, key=lambda clock: clock.due_at, default=None)
    if soonest is None and state.status in moves.LIVE:
        soonest = state.close_clock  # handed in: the centre's check is what is left
    return {
        "status": state.status,
        "round": state.round,
        "unit_id": state.unit,
        "return_asked_at": state.return_asked_at,
        "delay_until": state.delay_until,
        "next_due_at": soonest.due_at if soonest else None,
        "next_clock": soonest.kind if soonest else "",
        "late_at": min((clock.due_at for clock, j in after.values() if j.verdict == "late"), default=None),
    }


def write_events(
    ticket_id: int,
    step: Step,
    draft: Draft,
    status: str,
    newly_late: Sequence[tuple[Clock, Judgement]],
    *,
    by: Actor,
) -> None:
    """Append the step's event, and one for each breach it was first to see, dated at the due instant."""
    events = [
        Event(
            ticket_id=ticket_id,
            seq=step.seq,
            verb=step.verb,
            at=step.at,
            recorded_at=step.at,
            by_role=by.role,
            by_unit=by.unit or "",
            by_name=by.name,
            by_user=by.user_id,
            by_client=by.client or "",
            status=status,
            data=data_of(draft),
        )
    ]
    for offset, (clock, judgement) in enumerate(newly_late, start=1):
        events.append(
            Event(
                ticket_id=ticket_id,
                seq=step.seq + offset,
                verb="late",
                at=clock.due_at,
                recorded_at=step.at,
                by_role="system",
                status=status,
                clock_key=clock.key,
                data={"milestone": clock.kind, "unit": judgement.unit},
            )
        )
    Event.objects.bulk_create(events)


def _write_spells(ticket_id: int, before: State, after: State) -> None:
    for index, spell in enumerate(after.spells):
        if index >= len(before.spells):
            Spell.objects.create(ticket_id=ticket_id, seq=spell.seq, unit_id=spell.unit, starts_at=spell.starts_at)
        elif spell.ended_at != before.spells[index].ended_at:
            Spell.objects.filter(ticket_id=ticket_id, seq=spell.seq).update(
                ended_at=spell.ended_at, blamed_until=spell.blamed_until, end=spell.end
            )


def milestone_columns(clock: Clock, judgement: Judgement) -> dict[str, Any]:
    """A clock and its verdict as a milestone row keeps them."""
    return {
        "due_at": clock.due_at,
        "met_at": clock.met_at,
        "verdict": judgement.verdict,
        "judged_from": judgement.judged_from,
        "unit_id": judgement.unit,
        "breached_at": clock.due_at if judgement.verdict == "late" else None,
    }


def new_milestone(ticket_id: int, clock: Clock, judgement: Judgement) -> Milestone:
    """The row of a clock that has just been started."""
    return Milestone(
        ticket_id=ticket_id,
        key=clock.key,
        kind=clock.kind,
        round=clock.round,
        spell_seq=clock.spell.seq if clock.spell else None,
        starts_at=clock.starts_at,
        first_due_at=clock.first_due_at,
        rule=clock.rule,
        **milestone_columns(clock, judgement),
    )


def _write_milestones(ticket_id: int, after: Judged) -> None:
    """Bring the rows up to the clocks. They are compared as stored: what the sweep stamped is in there too."""
    stored = {row.key: row for row in Milestone.objects.filter(ticket_id=ticket_id)}
    added: list[Milestone] = []
    for key, (clock, judgement) in after.items():
        if key not in stored:
            added.append(new_milestone(ticket_id, clock, judgement))
            continue
        columns = milestone_columns(clock, judgement)
        if any(getattr(stored[key], name) != value for name, value in columns.items()):
            Milestone.objects.filter(pk=stored[key].pk).update(**columns)
    if added:
        Milestone.objects.bulk_create(added)
