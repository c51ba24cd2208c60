"""Making the demo: ordinary days with their peaks, a cold week, two bursts, and a present with every state."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from core.clock import SHANGHAI, Month, local
from dispatch.demo import texts, today
from dispatch.demo.bursts import burst
from dispatch.demo.people import settle_in
from dispatch.demo.review import review
from dispatch.demo.script import Stage
from dispatch.demo.stories import left_lying, ordinary, passed_around
from units.models import Area

#: Hours of the day and how many calls they bring.
BUSY = dict(enumerate((1, 1, 0, 1, 0, 1, 2, 5, 9, 10, 9, 7, 4, 4, 8, 8, 7, 6, 6, 5, 4, 3, 2, 1)))
#: Monday to Sunday, in parts of an ordinary day.
WEEKDAYS = (1.25, 1.1, 1.0, 1.0, 1.0, 0.85, 0.8)
#: In a cold week frozen meters come on top.
COLD = {"meter_well_damage": 40, "no_water": 20, "public_pipe_leak": 20}

Progress = Callable[[datetime], None]


def build(*, until: datetime, months: int, per_day: int, seed: int, progress: Progress = lambda instant: None) -> int:
    """Play the city from the first day of the month ``months`` back up to ``until``; returns the acts played.

    The same seed and instant give the same city.
    """
    first = Month.of(until)
    for _month in range(months):
        first = first.previous()
    stage = _stage(until, seed)
    _days(stage, _date(first.starts_at), _date(until) - timedelta(days=1), per_day)
    month = first
    while month < Month.of(until):
        start = month.starts_at
        _cold_week(stage, _date(start) + timedelta(days=14), per_day)
        burst(stage, start + timedelta(days=8, hours=7, minutes=20), callers=24)
        burst(stage, start + timedelta(days=19, hours=18, minutes=5), callers=17)
        _odd_ones(stage, start + timedelta(days=7))
        month = month.next()
    today.plan(stage)
    played = stage.run(progress)
    review(stage, back=months)
    return played


def build_week(*, until: datetime, per_day: int, seed: int, progress: Progress = lambda instant: None) -> int:
    """The small city: the second week of the past month, whose longest tier ends within it, and today."""
    stage = _stage(until, seed)
    monday = Month.of(until).previous().starts_at + timedelta(days=7)
    _days(stage, _date(monday), _date(monday) + timedelta(days=6), per_day)
    _odd_ones(stage, monday)
    today.plan(stage)
    return stage.run(progress)


def _stage(until: datetime, seed: int) -> Stage:
    areas = list(Area.objects.order_by("code"))
    return Stage(rng=random.Random(seed), cast=settle_in(), areas=areas, until=until)


def _days(stage: Stage, first: date, last: date, per_day: int) -> None:
    day = first
    while day <= last:
        for _call in range(round(per_day * WEEKDAYS[day.weekday()])):
            category = stage.choose(texts.WEIGHTS)
            stage.at(_moment(stage, day), lambda category=category: ordinary(stage, category))  # type: ignore[misc]
        day += timedelta(days=1)


def _cold_week(stage: Stage, first: date, per_day: int) -> None:
    for offset in range(7):
        for _call in range(per_day // 2):
            category = stage.choose(COLD)
            instant = _moment(stage, first + timedelta(days=offset))
            stage.at(instant, lambda category=category: ordinary(stage, category))  # type: ignore[misc]


def _odd_ones(stage: Stage, start: datetime) -> None:
    """What the assessment must not decide by itself: nobody held it for half of the tier; the centre let it lie."""
    stage.at(start + timedelta(days=1, hours=9), lambda: passed_around(stage))
    stage.at(start + timedelta(days=2, hours=10), lambda: left_lying(stage))


def _moment(stage: Stage, day: date) -> datetime:
    hour = stage.rng.choices(list(BUSY), list(BUSY.values()))[0]
    start = datetime.combine(day, time(hour), SHANGHAI)
    return start + timedelta(seconds=stage.rng.randint(0, 3599))


def _date(instant: datetime) -> date:
    return local(instant).date()
