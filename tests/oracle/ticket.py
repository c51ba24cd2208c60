"""One ticket: what each move does to its status, its spells and its countdowns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.oracle import book
from tests.oracle.countdown import Countdown
from tests.oracle.instants import HOUR, seconds

FIELD = {"dispatched", "accepted", "on_site"}
OVER = {"closed", "answered", "merged", "withdrawn"}
#: Which moves meet which clock.
MEETS = {
    "accept": {"accept", "arrive"},
    "on_site": {"arrive", "start_repair", "finish_repair", "resolve"},
    "repair": {"finish_repair", "resolve"},
    "start_repair": {"start_repair", "finish_repair", "resolve", "answer"},
    "close": {"resolve", "answer"},
}


@dataclass
class Spell:
    """One dispatch to one unit. ``blame_end`` is the ask where a return was granted."""

    unit: str
    start: int
    end: int | None = None
    blame_end: int | None = None


@dataclass
class Ticket:
    """The state after the moves so far."""

    ref: str
    category: str
    reported: int
    channel: str = "phone"
    facts: dict[str, Any] = field(default_factory=dict)
    office: str | None = None
    status: str = "registered"
    before: str = "registered"
    spells: list[Spell] = field(default_factory=list)
    clocks: list[Countdown] = field(default_factory=list)
    asked: int | None = None
    delay: int | None = None
    reached: bool = False

    def __post_init__(self) -> None:
        start = self.reported
        if self.category == "restore_after_arrears" and "paid_at" in self.facts:
            start = max(start, seconds(self.facts["paid_at"]))
        self.close = Countdown("close", start, book.tier_seconds(self.category))
        self.clocks.append(self.close)
        if self.matter == "meter_fault":
            self.clocks.append(Countdown("start_repair", self.reported, 12 * HOUR))

    @property
    def matter(self) -> str | None:
        """What it is about."""
        return book.matter_of(self.category, self.facts)

    @property
    def suggested(self) -> str | None:
        """Where it should go."""
        return book.suggested(self.matter, self.facts, self.office)

    @property
    def spell(self) -> Spell | None:
        """The open spell."""
        return self.spells[-1] if self.spells and self.spells[-1].end is None else None

    @property
    def returned(self) -> bool:
        """The last spell ended by a granted return."""
        return bool(self.spells) and self.spells[-1].blame_end is not None

    @property
    def live(self) -> bool:
        """Not over."""
        return self.status not in OVER

    def tick(self, now: int) -> None:
        """Time passes for every clock."""
        for clock in self.clocks:
            clock.tick(now)

    def holder(self, instant: int) -> str | None:
        """Who held it then: a spell's first instant is in it, its end is not."""
        for spell in self.spells:
            end = spell.end if spell.blame_end is None else spell.blame_end
            if spell.start <= instant and (end is None or instant < end):
                return spell.unit
        return None

    def held(self, unit: str, until: int) -> int:
        """How long a unit held it up to an instant, counted from the start of the tier; the centre has the rest."""
        own, all_units = 0, 0
        for spell in self.spells:
            end = spell.end if spell.blame_end is None else spell.blame_end
            last = until if end is None else min(end, until)
            length = max(0, last - max(spell.start, self.close.started))
            all_units += length
            own += length if spell.unit == unit else 0
        gaps = max(0, until - self.close.started) - all_units
        return own + (gaps if unit == book.CENTRE else 0)

    # --- moves, each already allowed -----------------------------------------------------------------------------

    def done(self, verb: str, now: int) -> None:
        """A step that may meet clocks: those of the open spell and of the case."""
        index = len(self.spells) - 1 if self.spell else None
        for clock in self.clocks:
            if verb in MEETS[clock.kind] and clock.spell in (None, index):
                clock.meet(now, spell=index, by_hand_in=verb == "resolve")

    def dispatch(self, unit: str, now: int) -> None:
        """A new spell with clocks of its own."""
        self.spells.append(Spell(unit, now))
        index = len(self.spells) - 1
        for kind, length in book.spell_limits(self.matter, self.facts).items():
            self.clocks.append(Countdown(kind, now, length, spell=index))
        self.status = "dispatched"

    def ask_return(self, now: int) -> None:
        """The spell's unmet clocks stand still."""
        self.asked = now
        for clock in self._of_the_spell():
            clock.stand_still()

    def refuse_return(self, now: int) -> None:
        """They go on."""
        self.asked = None
        for clock in self._of_the_spell():
            clock.go_on(now)

    def grant_return(self, now: int) -> None:
        """The spell is over, for blame since the ask."""
        for clock in self._of_the_spell():
            clock.end(now)
        self.spell.blame_end, self.spell.end = self.asked, now
        self.asked = None
        self.status = "registered"

    def grant_delay(self, until: int) -> None:
        """The tier has until then."""
        self.delay = None
        self.close.left = until - self.close.anchor

    def resolve(self, now: int) -> None:
        """The unit hands in; what was asked and not decided lapses."""
        self.asked = self.delay = None
        self.reached = False
        self.done("resolve", now)
        self.before, self.status = self.status, "resolved"

    def reject(self, now: int) -> None:
        """Not done: all that the hand-in met is taken back."""
        for clock in self.clocks:
            clock.take_back(now)
        self.status = self.before

    def stop(self, status: str, now: int) -> None:
        """Merged or withdrawn; a tier under an undecided delay was not judged."""
        for clock in self.clocks:
            clock.end(now, judged=not (clock is self.close and self.delay is not None))
        self.over(status, now)

    def over(self, status: str, now: int) -> None:
        """Nothing is pending and nobody holds it any more."""
        self.asked = self.delay = None
        if self.spell:
            self.spell.end = now
        self.status = status

    def answer(self, now: int) -> None:
        """The customer had his answer: nothing of it runs on."""
        self.done("answer", now)
        self.over("answered", now)

    def _of_the_spell(self) -> list[Countdown]:
        return [clock for clock in self.clocks if clock.spell == len(self.spells) - 1]
