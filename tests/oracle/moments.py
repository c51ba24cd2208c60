"""The instants of a random scenario: mostly those where something falls due, or a second beside them."""

from __future__ import annotations

from random import Random

from tests.oracle.instants import DAY, HOUR, MINUTE, first_second, month_after
from tests.oracle.world import World

LIMITS = [20 * MINUTE, 40 * MINUTE, 12 * HOUR, DAY, 36 * HOUR, 2 * DAY, 3 * DAY]


def first(random: Random, month: str) -> int:
    """Anywhere in a month, or so that a limit ends with it."""
    if random.random() < 0.4:
        end = first_second(month_after(month))
        return end - random.choice(LIMITS) + random.choice([-1, 0, 0, 1, -20 * MINUTE, 3 * HOUR])
    return first_second(month) + random.randrange(0, 27 * DAY, 60)


def following(random: Random, world: World, *, now: int, month: str) -> int:
    """A second, some minutes, some hours, or a moment that matters."""
    draw = random.random()
    if draw < 0.1:
        return now + 1
    if draw < 0.45:
        return now + random.randrange(1, 20) * MINUTE
    if draw < 0.52:
        return now + random.randrange(1, 30) * HOUR
    moments = sorted(moment for moment in _that_matter(world, month) if now - 1 <= moment <= now + 9 * DAY)
    if not moments:
        return now
    near = moments[: random.choice([1, 1, 2, 9])]
    return max(now, random.choice(near) + random.choice([-1, 0, 0, 0, 1, 1, 600]))


def _that_matter(world: World, month: str) -> list[int]:
    """The end of the month, of faults, of clocks, of delays asked for, and half of the tier for the shares."""
    moments = [first_second(month_after(month)), *(fault.until for fault in world.faults)]
    for ticket in world.tickets.values():
        if ticket.live:
            moments += [clock.due for clock in ticket.clocks if clock.open or clock.met_by_hand_in]
            moments.append(ticket.close.started + ticket.close.length // 2)
            moments += [ticket.delay] if ticket.delay else []
    return moments
