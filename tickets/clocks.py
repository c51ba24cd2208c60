"""The clocks of a ticket (Art. 9, 16, 23, 24), as one fold over what was recorded.

``run`` replays the recorded steps of one ticket and returns its state: status, spells and clocks. ``judge`` says of a
clock whether it is met, late, excused, cancelled or still pending at an instant. Neither reads a system clock, a
database or a limit: the lengths of clocks are written into the step that started them, so a rule edited later moves no
deadline, and a verdict is the same whatever the hour somebody asks.

Instants are aware datetimes, lengths are minutes. Exactly at the due instant is met.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from units.actors import CENTRE

SPELL_CLOCKS = frozenset({"accept", "on_site", "repair"})

#: Which steps meet which clock (contract, "Clocks").
MET_BY: dict[str, frozenset[str]] = {
    "accept": frozenset({"accept", "arrive"}),
    "on_site": frozenset({"arrive", "start_repair", "finish_repair", "resolve"}),
    "repair": frozenset({"finish_repair", "resolve"}),
    # A consultation answered at once is handed in by its answer.
    "start_repair": frozenset({"start_repair", "finish_repair", "resolve", "answer"}),
    "close": frozenset({"resolve", "answer"}),
    "correction": frozenset({"resolve"}),
}

#: Clocks that a unit's timely call about a failed system can excuse (Art. 16.7.2); arrival and repair never are.
EXCUSABLE = frozenset({"accept", "close"})


@dataclass(frozen=True, slots=True)
class Start:
    """A clock that a step starts: its kind, first instant, length in minutes and the rule that gave the length."""

    kind: str
    starts_at: datetime
    minutes: int
    rule: str


@dataclass(frozen=True, slots=True)
class Step:
    """One recorded step of a ticket; ``seq`` orders steps of one instant."""

    seq: int
    verb: str
    at: datetime
    unit: str | None = None
    until: datetime | None = None
    kind: str = ""
    starts: tuple[Start, ...] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """A unit's call that its system is down, from the call until ``until``, both included."""

    unit: str
    at: datetime
    until: datetime


@dataclass(slots=True)
class Spell:
    """One dispatch of the ticket to one unit, until it ends."""

    seq: int
    unit: str
    starts_at: datetime
    ended_at: datetime | None = None
    #: For shares and blame: the ask, where the spell ended by a granted return.
    blamed_until: datetime | None = None
    end: str = ""

    def holds(self, instant: datetime) -> bool:
        """Whether the unit answers for this instant: the first is its own, the last is not."""
        return self.starts_at <= instant and (self.blamed_until is None or instant < self.blamed_until)


@dataclass(slots=True)
class Clock:
    """One deadline. ``key`` names it within its ticket: the step that started it and its kind."""

    key: str
    kind: str
    round: int
    spell: Spell | None
    starts_at: datetime
    due_at: datetime
    first_due_at: datetime
    rule: str
    met_at: datetime | None = None
    met_by: int | None = None
    met_unit: str = CENTRE
    met_standing: bool = False
    ended_at: datetime | None = None
    ended_unit: str = CENTRE
    stands_since: datetime | None = None
    stood: timedelta = timedelta(0)

    @property
    def open(self) -> bool:
        """Neither met nor ended."""
        return self.met_at is None and self.ended_at is None


@dataclass(slots=True)
class State:
    """What the recorded steps add up to."""

    status: str = ""
    round: int = 1
    spells: list[Spell] = field(default_factory=list)
    clocks: list[Clock] = field(default_factory=list)
    return_asked_at: datetime | None = None
    delay_until: datetime | None = None
    delay_declared_at: datetime | None = None
    status_before_resolve: str = ""
    resolve_seq: int | None = None
    callback_since_resolve: bool = False

    @property
    def spell(self) -> Spell | None:
        """The open spell."""
        last = self.spells[-1] if self.spells else None
        return last if last is not None and last.ended_at is None else None

    @property
    def unit(self) -> str | None:
        """The unit that answers for the ticket: of the open spell, or of the last one unless it gave it back."""
        if not self.spells or self.status == "registered" or self.spells[-1].end == "grant_return":
            return None
        return self.spells[-1].unit

    @property
    def close_clock(self) -> Clock | None:
        """The tier clock of the present round."""
        return next((c for c in reversed(self.clocks) if c.kind == "close"), None)

    def holder(self, instant: datetime) -> str:
        """Who held the ticket at an instant: a unit, or the centre while nobody did."""
        return next((spell.unit for spell in reversed(self.spells) if spell.holds(instant)), CENTRE)


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict at an instant: ``pending`` ``met`` ``late`` ``excused`` ``cancelled``.

    ``unit`` is the unit judged, else the one holding the ticket. ``judged_from`` is the last instant at which an unmet
    clock is not late yet; None where it is decided or must wait for a decision.
    """

    verdict: str
    unit: str
    judged_from: datetime | None = None


#: Status after a step, where it does not depend on the history.
_STATUS = {
    "report": "registered",
    "answer": "answered",
    "dispatch": "dispatched",
    "accept": "accepted",
    "arrive": "on_site",
    "resolve": "resolved",
    "close": "closed",
    "grant_return": "registered",
    "merge": "merged",
    "withdraw": "withdrawn",
    "reopen": "registered",
}


def run(steps: Iterable[Step]) -> State:
    """Replay recorded steps, in order, into a state."""
    state = State()
    for step in steps:
        _apply(state, step)
    return state


def _apply(state: State, step: Step) -> None:
    verb, at = step.verb, step.at
    if verb == "reopen":
        state.round += 1
    if verb == "dispatch":
        assert step.unit is not None
        starts_at = min((start.starts_at for start in step.starts), default=at)
        state.spells.append(Spell(seq=step.seq, unit=step.unit, starts_at=starts_at))
    _meet(state, step)
    if verb == "resolve":
        _hand_in(state, step)
    elif verb == "reject":
        _take_back(state, step)
    elif verb == "ask_return":
        state.return_asked_at = at
        for clock in _open_spell_clocks(state):
            if clock.due_at >= at:  # one that is late already stays late
                clock.stands_since = at
    elif verb == "refuse_return":
        for clock in _open_spell_clocks(state):
            if clock.stands_since is not None:
                clock.due_at += at - clock.stands_since
                clock.stands_since = None
        state.return_asked_at = None
    elif verb == "grant_return":
        _end_spell(state, step, blamed_until=state.return_asked_at)
    elif verb in {"merge", "withdraw"}:
        holder = state.spell.unit if state.spell else CENTRE
        _end_spell(state, step)
        for clock in state.clocks:
            if clock.open:
                clock.ended_at, clock.ended_unit = at, holder
    elif verb == "close":
        _end_spell(state, step)
    elif verb == "declare_delay":
        state.delay_until, state.delay_declared_at = step.until, at
    elif verb == "grant_delay":
        close = state.close_clock
        granted = step.until or state.delay_until
        if close is not None and granted is not None:
            close.due_at = granted
        state.delay_until = state.delay_declared_at = None
    elif verb == "refuse_delay":
        state.delay_until = state.delay_declared_at = None
    elif verb == "callback" and step.kind != "unreached":
        # An attempt that reached nobody takes nothing back from one that did.
        state.callback_since_resolve = step.kind == "solved"
    state.status = _STATUS.get(verb, state.status)
    _start(state, step)


def _start(state: State, step: Step) -> None:
    for start in step.starts:
        due = start.starts_at + timedelta(minutes=start.minutes)
        state.clocks.append(
            Clock(
                key=f"{step.seq}:{start.kind}",
                kind=start.kind,
                round=state.round,
                spell=state.spell if start.kind in SPELL_CLOCKS else None,
                starts_at=start.starts_at,
                due_at=due,
                first_due_at=due,
                rule=start.rule,
            )
        )


def _meet(state: State, step: Step) -> None:
    for clock in state.clocks:
        if clock.open and step.verb in MET_BY[clock.kind]:
            clock.met_at, clock.met_by = step.at, step.seq
            clock.met_unit = state.spell.unit if state.spell else CENTRE
            if clock.stands_since is not None:
                # What is done while a return is undecided counts, and keeps its due.
                clock.met_standing = True
                clock.stood = step.at - clock.stands_since
                clock.stands_since = None


def _hand_in(state: State, step: Step) -> None:
    """Resolve: pending requests lapse."""
    state.status_before_resolve, state.resolve_seq = state.status, step.seq
    state.return_asked_at = None
    state.delay_until = state.delay_declared_at = None
    state.callback_since_resolve = False


def _take_back(state: State, step: Step) -> None:
    """Reject: as not done it takes back all that this resolve met; those clocks never stopped."""
    state.status = state.status_before_resolve
    if step.kind == "reply":
        return
    for clock in state.clocks:
        if clock.met_by == state.resolve_seq:
            clock.met_at = clock.met_by = None
            clock.met_standing = False
            # The return it stood still for lapsed with the resolve: it had stood until then.
            clock.due_at += clock.stood
            clock.stood = timedelta(0)


def _open_spell_clocks(state: State) -> list[Clock]:
    spell = state.spell
    return [c for c in state.clocks if c.open and c.spell is not None and c.spell is spell]


def _end_spell(state: State, step: Step, *, blamed_until: datetime | None = None) -> None:
    spell = state.spell
    state.return_asked_at = None
    if spell is None:
        return
    for clock in _open_spell_clocks(state):
        clock.ended_at, clock.ended_unit = step.at, spell.unit
    spell.ended_at, spell.end = step.at, step.verb
    spell.blamed_until = blamed_until or step.at


def judge(state: State, clock: Clock, *, now: datetime, faults: Sequence[Fault] = ()) -> Judgement:
    """The verdict on ``clock`` at ``now`` (contract, "Clocks"), a function of recorded instants alone."""
    passed_unit = clock.spell.unit if clock.spell else state.holder(clock.due_at)
    excused_until = max(
        (
            fault.until
            for fault in faults
            if clock.kind in EXCUSABLE and fault.unit == passed_unit and fault.at <= clock.due_at <= fault.until
        ),
        default=None,
    )
    if clock.met_at is not None:
        if clock.met_standing or clock.met_at <= clock.due_at:
            return Judgement("met", clock.spell.unit if clock.spell else clock.met_unit)
        if excused_until is not None and clock.met_at <= excused_until:
            return Judgement("excused", passed_unit)
        return Judgement("late", passed_unit)
    waits = clock.stands_since is not None or (
        clock.kind == "close" and clock is state.close_clock and state.delay_until is not None
    )
    if clock.ended_at is not None:
        if not waits and clock.due_at < clock.ended_at:
            return Judgement("late", passed_unit)
        return Judgement("cancelled", clock.ended_unit)
    if waits:
        return Judgement("pending", clock.spell.unit if clock.spell else state.holder(now))
    judged_from = excused_until or clock.due_at
    if now > judged_from:
        return Judgement("late", passed_unit)
    # Once due, the clock is the matter of whoever held the ticket then, also while a fault puts off the verdict.
    return Judgement("pending", clock.spell.unit if clock.spell else state.holder(min(now, clock.due_at)), judged_from)


def shares(state: State, clock: Clock, *, until: datetime | None = None) -> dict[str, timedelta]:
    """How much of the time from the clock's start to its due, or to an earlier instant, each unit held the ticket, the
    centre for the rest.
    """
    held: dict[str, timedelta] = {}
    limit = clock.due_at if until is None else min(until, clock.due_at)
    total = limit - clock.starts_at
    for spell in state.spells:
        begin = max(spell.starts_at, clock.starts_at)
        end = min(spell.blamed_until or limit, limit)
        if end > begin:
            held[spell.unit] = held.get(spell.unit, timedelta(0)) + (end - begin)
            total -= end - begin
    if total > timedelta(0):
        held[CENTRE] = held.get(CENTRE, timedelta(0)) + total
    return held
