"""Random scenarios, drawn beside a running oracle so that they keep hitting the instants that matter."""

from __future__ import annotations

from random import Random
from typing import Any

from tests.oracle import attempts, matters, moments
from tests.oracle.decisions import decision
from tests.oracle.instants import DAY, HOUR, first_second, month_after, month_of, written
from tests.oracle.world import World

MONTHS = ["2026-03", "2026-03", "2025-12", "2024-02"]


class Draw:
    """One scenario in the making."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.world = World()
        self.steps: list[dict[str, Any]] = []
        self.month = self.random.choice(MONTHS)
        self.wanted = self.random.choice([1, 1, 2, 2, 3])
        self.now = moments.first(self.random, self.month)
        #: How often a step is taken at the instant of the one before it.
        self.still = self.random.choice([0.15, 0.3, 0.3, 0.6])
        self.liking = attempts.likings(self.random)
        #: How often somebody assesses and decides while the tickets live.
        self.zeal = self.random.choice([0.02, 0.02, 0.02, 0.15])

    def live(self, steps: int) -> None:
        """Some tickets, from the first report on."""
        self._report()
        for _ in range(steps):
            self._pass_time()
            self._any_step()

    def settle(self, month: str) -> None:
        """Assess, decide and close a month, with moves and late facts between."""
        self.now = max(self.now, first_second(month_after(month)) + self.random.choice([-1, 0, 1, 8 * HOUR, 3 * DAY]))
        self._take("assess", month=month)
        for _ in range(self.random.randint(0, 3)):
            self._decide()
        for _ in range(self.random.choice([0, 0, 1, 3])):
            self._pass_time()
            self._any_step()
        if self.random.random() < 0.7:
            self._take("assess", month=month)
            while any(f.month == month and not f.decided for f in self.world.findings()):
                if self.random.random() < 0.05:
                    break
                self._decide()
        self._take("close_month", month=month, **({"by": "assessor"} if self.random.random() < 0.05 else {}))
        for _ in range(self.random.choice([0, 1, 4])):
            self._pass_time()
            self._any_step()
        self._take("assess", month=self.random.choice([month, month_after(month), month_after(month)]))

    def _pass_time(self) -> None:
        if self.random.random() >= self.still:
            self.now = moments.following(self.random, self.world, now=self.now, month=self.month)

    def _take(self, verb: str, **keys: Any) -> None:
        step = {"at": written(self.now), "do": verb, **keys}
        self.steps.append(step)
        self.world.step(step)

    def _any_step(self) -> None:
        tickets = self.world.tickets.values()
        nothing_left = not any(ticket.live for ticket in tickets)
        more = len(tickets) < (3 if nothing_left else self.wanted)
        if not tickets or (more and self.random.random() < (0.6 if nothing_left else 0.2)):
            return self._report()
        draw = self.random.random()
        if draw < 0.06:
            self._take("system_fault", **attempts.fault(self.random, self.world, now=self.now))
        elif draw < 0.06 + self.zeal:
            self._take("assess", month=self.random.choice([month_of(self.now), self.month]))
        elif draw < 0.06 + 2 * self.zeal:
            self._decide()
        elif draw > 0.995:
            self._take("wage", unit="pipe-network", month=self.month, amount="1000.00")
        else:
            verb, keys = attempts.move(self.random, self.world, self.liking)
            self._take(verb, **keys)
        return None

    def _report(self) -> None:
        ref = "abc"[len(self.world.tickets)]
        self._take("report", **matters.report(self.random, now=self.now, ref=ref))

    def _decide(self) -> None:
        keys = decision(self.random, self.world)
        if keys is not None:
            self._take("decide", **keys)


def draw(seed: int, *, brief: bool = False) -> list[dict[str, Any]]:
    """The steps of a scenario; the same for the same seed."""
    scenario = Draw(seed)
    scenario.live(scenario.random.randint(4, 7 if brief else 22))
    if scenario.random.random() < (0.35 if brief else 0.85):
        months = (scenario.month, month_after(scenario.month))
        for month in months[: scenario.random.choice([1, 1, 2])]:
            scenario.settle(month)
    return scenario.steps
