"""Playing the demo: every ticket is a little story of timed steps; all stories are played in the order of time."""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from dispatch.demo import texts
from tickets.actions import overdue
from tickets.models import Ticket
from units.actors import Actor
from units.models import Area

#: How likely a unit is to miss a limit: units differ in discipline.
SLACKNESS = {
    "pipe-network": 0.10,
    "meter-replacement": 0.18,
    "office-1": 0.05,
    "office-2": 0.12,
    "office-3": 0.22,
    "office-4": 0.08,
    "engineering": 0.25,
    "inspection": 0.10,
    "water-quality": 0.05,
}

Act = Callable[[], object]


@dataclass
class Stage:
    """The simulated clock, the cast, and what is still to happen."""

    rng: random.Random
    cast: dict[str, Actor]
    areas: list[Area]
    until: datetime
    now: datetime = datetime.min
    _queue: list[tuple[datetime, int, Act]] = field(default_factory=list)
    _order: count[int] = field(default_factory=count)

    def at(self, instant: datetime, act: Act) -> None:
        """Plan an act. What lies beyond the end of the demo does not happen."""
        if instant <= self.until:
            heapq.heappush(self._queue, (instant, next(self._order), act))

    def after(self, minutes: float, act: Act) -> None:
        """Plan an act some minutes from the simulated now."""
        self.at(self.now + timedelta(seconds=round(minutes * 60)), act)

    def run(self, progress: Callable[[datetime], None] = lambda instant: None) -> int:
        """Play everything planned, and what it plans in turn; returns how many acts were played.

        ``progress`` is told the simulated instant before each act.
        """
        played = 0
        while self._queue:
            self.now, _place, act = heapq.heappop(self._queue)
            progress(self.now)
            act()
            played += 1
        self.now = self.until
        overdue.flag_all_due(now=self.until)
        return played

    def handler_of(self, unit: str) -> Actor:
        """Somebody of a unit: whoever is on duty that day."""
        people = [actor for actor in self.cast.values() if actor.unit == unit and actor.role == "handler"]
        return people[self.now.toordinal() % len(people)]

    def dispatcher(self) -> Actor:
        """A dispatcher at the desk."""
        return self.rng.choice([actor for actor in self.cast.values() if actor.role == "dispatcher"])

    def place(self, area: Area | None = None) -> tuple[str, Area]:
        """A made-up address in a real area of the city."""
        area = area or self.rng.choice(self.areas)
        road, compound = self.rng.choice(area.roads), self.rng.choice(area.compounds)
        rng = self.rng
        home = f"{rng.randint(1, 18)}号楼{rng.randint(1, 4)}单元{rng.randint(1, 6)}0{rng.randint(1, 3)}室"
        return f"{road}{rng.randint(1, 200)}号{compound}{home}", area

    def person(self) -> tuple[str, str]:
        """A caller: name and phone."""
        name = self.rng.choice(texts.SURNAMES) + self.rng.choice(texts.GIVEN)
        return name, f"13{self.rng.randint(0, 9)}{self.rng.randint(0, 99999999):08d}"

    def choose(self, weights: dict[str, int]) -> str:
        """One of the keys, by weight."""
        return self.rng.choices(list(weights), list(weights.values()))[0]

    def slack(self, ticket: Ticket) -> bool:
        """Whether the unit lets this one slip."""
        return self.rng.random() < SLACKNESS.get(ticket.unit_id or "", 0.1)
