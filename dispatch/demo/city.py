"""Making the demo: a week of the past month, and today."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from core.clock import Month
from dispatch.demo import texts, today
from dispatch.demo.people import settle_in
from dispatch.demo.script import Stage
from dispatch.demo.stories import left_lying, ordinary, passed_around
from units.models import Area

#: Hours of the day and how many calls they bring.
BUSY = {
    0: 1,
    3: 1,
    6: 2,
    7: 5,
    8: 9,
    9: 10,
    10: 9,
    11: 7,
    12: 4,
    13: 4,
    14: 8,
    15: 8,
    16: 7,
    17: 6,
    18: 6,
    19: 5,
    21: 3,
}


def build(*, until: datetime, per_day: int, seed: int) -> int:
    """Play the demo up to ``until``; the same seed and instant give the same city. Returns the acts played."""
    rng = random.Random(seed)
    stage = Stage(rng=rng, cast=settle_in(), areas=list(Area.objects.order_by("code")), until=until)
    # The second week of the month: the longest tier ends within it.
    monday = Month.of(until).previous().starts_at + timedelta(days=7)
    for day in range(7):
        for _call in range(per_day):
            hour = rng.choices(list(BUSY), list(BUSY.values()))[0]
            instant = monday + timedelta(days=day, hours=hour, seconds=rng.randint(0, 3599))
            category = stage.choose(texts.WEIGHTS)
            stage.at(instant, lambda category=category: ordinary(stage, category))  # type: ignore[misc]
    stage.at(monday + timedelta(days=1, hours=9), lambda: passed_around(stage))
    stage.at(monday + timedelta(days=2, hours=10), lambda: left_lying(stage))
    today.plan(stage)
    return stage.run()
