"""Random scenarios, drawn beside a running oracle so that they keep hitting the instants that matter."""

from __future__ import annotations

from random import Random
from typing import Any

from tests.oracle import book
from tests.oracle.instants import DAY, HOUR, MINUTE, first_second, month_after, month_of, seconds, written
from tests.oracle.moves import FIELD_VERBS, FROM, LEADERS
from tests.oracle.ticket import Ticket
from tests.oracle.world import World

#: Category, facts and how often.
KINDS: list[tuple[str, dict[str, Any], int]] = [
    ("public_pipe_leak", {}, 6),
    ("meter_well_damage", {}, 2),
    ("meter_well_damage", {"outside_shutoff": True}, 1),
    ("public_pipe_burst", {}, 1),
    ("meter_fault", {}, 5),
    ("water_quality", {}, 5),
    ("riser_damage", {}, 2),
    ("manhole_cover", {"well": "valve"}, 1),
    ("abnormal_usage", {}, 2),
    ("no_water", {"buildings": 5, "pressure": "low"}, 2),
    ("no_water", {"buildings": 2, "pressure": "none"}, 1),
    ("general", {}, 1),
    ("compensation", {"in_warranty": True}, 1),
    ("restore_after_arrears", {}, 2),
    ("major_emergency", {"matter": "public_pipe_leak"}, 2),
    ("major_emergency", {"matter": "meter_fault"}, 1),
    ("superior_urgent", {"matter": "meter_well_damage"}, 1),
    ("superior_urgent", {"matter": "abnormal_usage"}, 1),
    ("injury_or_loss_risk", {"matter": "public_pipe_burst"}, 1),
]
CHANNELS = ["phone", "phone", "internal", "mayor_hotline", "media", "visit"]
SOME_UNITS = ["pipe-network", "meter-replacement", "office-1", book.CENTRE]
MONTHS = ["2026-03", "2026-03", "2025-12", "2024-02"]
#: How often a legal move is drawn.
WEIGHT = {
    **{"dispatch": 10, "accept": 6, "arrive": 4, "start_repair": 3, "finish_repair": 3, "resolve": 6},
    **{"ask_return": 4, "grant_return": 6, "refuse_return": 5, "declare_delay": 3, "grant_delay": 5},
    **{"refuse_delay": 4, "reject": 7, "close": 3, "callback": 3, "merge": 0.5, "withdraw": 0.4, "answer": 0.3},
}
RARE = 0.15
ENDS = {"merge", "withdraw", "answer"}


class Draw:
    """One scenario in the making."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.world = World()
        self.steps: list[dict[str, Any]] = []
        self.month = self.random.choice(MONTHS)
        self.wanted = self.random.choice([1, 1, 2, 2, 3])
        self.now = self._first_instant()
        #: Some scenarios are hurried, and each likes some moves more than others.
        self.still = self.random.choice([0.15, 0.3, 0.3, 0.6])
        self.liking = {verb: self.random.choice([0.2, 1, 1, 1 if verb in ENDS else 4]) for verb in FROM}

    def steps_of(self, longest: int) -> list[dict[str, Any]]:
        """A life of some tickets, then the closing of two months with late facts between."""
        self._report()
        for _ in range(self.random.randint(4, longest)):
            self._pass_time()
            self._any_step()
            if len(self.world.tickets) == 3 and not any(ticket.live for ticket in self.world.tickets.values()):
                break
        if self.random.random() < (0.85 if longest > 10 else 0.5):
            for month in (self.month, month_after(self.month))[: self.random.choice([1, 1, 2])]:
                self._settle(month)
        return self.steps

    # --- time ----------------------------------------------------------------------------------------------------

    def _first_instant(self) -> int:
        end = first_second(month_after(self.month))
        if self.random.random() < 0.4:
            limit = self.random.choice([20 * MINUTE, 40 * MINUTE, 12 * HOUR, DAY, 36 * HOUR, 2 * DAY, 3 * DAY])
            return end - limit + self.random.choice([-1, 0, 0, 1, -20 * MINUTE, 3 * HOUR])
        return first_second(self.month) + self.random.randrange(0, 27 * DAY, 60)

    def _pass_time(self) -> None:
        draw = self.random.random()
        if self.random.random() < self.still:
            return
        if draw < 0.1:
            self.now += 1
        elif draw < 0.45:
            self.now += self.random.randrange(1, 20) * MINUTE
        elif draw < 0.52:
            self.now += self.random.randrange(1, 30) * HOUR
        else:
            moments = [moment for moment in self._moments() if self.now - 1 <= moment <= self.now + 9 * DAY]
            if moments:
                near = sorted(moments)[: self.random.choice([1, 1, 2, 9])]
                self.now = max(self.now, self.random.choice(near) + self.random.choice([-1, 0, 0, 0, 1, 1, 600]))

    def _moments(self) -> list[int]:
        moments = [first_second(month_after(self.month))]
        for fault in self.world.faults:
            moments.append(fault.until)
        for ticket in self.world.tickets.values():
            if ticket.live:
                moments += [clock.due for clock in ticket.clocks if clock.open or clock.met_by_hand_in]
                moments.append(ticket.close.started + ticket.close.length // 2)
                moments += [ticket.delay] if ticket.delay else []
        return moments

    # --- steps ---------------------------------------------------------------------------------------------------

    def _take(self, verb: str, **keys: Any) -> None:
        step = {"at": written(self.now), "do": verb, **keys}
        self.steps.append(step)
        self.world.step(step)

    def _any_step(self) -> None:
        none_live = not any(ticket.live for ticket in self.world.tickets.values())
        more = len(self.world.tickets) < (3 if none_live else self.wanted)
        if more and self.random.random() < (0.6 if none_live else 0.2):
            return self._report()
        draw = self.random.random()
        if draw < 0.06:
            self._fault()
        elif draw < 0.09:
            self._take("assess", month=self.random.choice([month_of(self.now), self.month]))
        elif draw < 0.11:
            self._decide()
        elif draw < 0.115:
            self._take("wage", unit="pipe-network", month=self.month, amount="1000.00")
        else:
            self._move()
        return None

    def _fault(self) -> None:
        """A call by whoever holds a ticket, mostly over one of its dues."""
        live = [ticket for ticket in self.world.tickets.values() if ticket.live]
        unit, until = self.random.choice(SOME_UNITS), self.now + self.random.choice([-1, 1, 15 * MINUTE, 2 * DAY])
        if live and self.random.random() < 0.85:
            ticket = self.random.choice(live)
            unit = ticket.spell.unit if ticket.spell else self.random.choice([book.CENTRE, unit])
            dues = [clock.due for clock in ticket.clocks if clock.open and clock.due >= self.now]
            if dues and ticket.close.due >= self.now and self.random.random() < 0.5:
                dues = [ticket.close.due]
            if dues and self.random.random() < 0.8:
                until = self.random.choice(dues) + self.random.choice([-1, 0, 1, 30 * MINUTE, 3 * HOUR, DAY])
        self._take("system_fault", unit=unit, until=written(until))

    def _report(self) -> None:
        category, facts, _ = self.random.choices(KINDS, [often for *_, often in KINDS])[0]
        keys: dict[str, Any] = {"ref": "abc"[len(self.world.tickets)], "category": category}
        if self.random.random() < 0.5:
            keys["channel"] = self.random.choice(CHANNELS)
        if self.random.random() < 0.5:
            keys["address"] = self.random.choice(list(book.ADDRESSES))
        if category == "restore_after_arrears":
            paid = self.now + self.random.choice([-DAY, -1, 0, 1, 2 * HOUR])
            facts = {**self.random.choice([{}, {"paid_at": written(paid)}]), "meter_removed": True}
        if facts:
            keys["facts"] = facts
        if category == "major_emergency" and self.random.random() < 0.95:
            keys["reason"] = "主干管断裂"
        self._take("report", **keys)

    def _move(self) -> None:
        tickets = list(self.world.tickets.values())
        if not tickets:
            return self._report()
        live = [ticket for ticket in tickets if ticket.live] or tickets
        ticket = self.random.choice(live if self.random.random() < 0.95 else tickets)
        if self.random.random() < 0.07:
            verb = self.random.choice([verb for verb in FROM if verb != "callback"])
        else:
            legal = [verb for verb in FROM if self._legal(verb, ticket)]
            verb = (
                self.random.choices(legal, [WEIGHT.get(verb, RARE) * self.liking[verb] for verb in legal])[0]
                if legal
                else "urge"
            )
        keys = {"ref": ticket.ref, **self._keys(verb, ticket)}
        if self.random.random() < 0.05:
            keys.update(self._somebody(verb, ticket))
        self._take(verb, **keys)
        return None

    def _legal(self, verb: str, ticket: Ticket) -> bool:
        if ticket.status not in FROM[verb]:
            return False
        if verb in {"grant_return", "refuse_return", "ask_return"}:
            return (ticket.asked is None) == (verb == "ask_return")
        if verb in {"grant_delay", "refuse_delay", "declare_delay"}:
            return (ticket.delay is None) == (verb == "declare_delay")
        return ticket.status == "resolved" if verb == "callback" else True

    def _somebody(self, verb: str, ticket: Ticket) -> dict[str, str]:
        if verb in FIELD_VERBS:
            own = [ticket.spell.unit] if ticket.spell else []
            return {"by": self.random.choice([*own, "inspection", "office-2", "dispatcher", "duty_leader", "auditor"])}
        return {"by": self.random.choice(["inspection", "assessor", "dispatcher", "duty_leader", "auditor"])}

    def _keys(self, verb: str, ticket: Ticket) -> dict[str, Any]:
        draw = self.random.random()
        if verb == "dispatch":
            if ticket.suggested is None or draw < 0.4:
                unit = {"unit": self.random.choice(SOME_UNITS)}
                return {**unit, "reason": "试派"} if draw < 0.36 else unit
            return {}
        if verb == "declare_delay":
            keys = {"milestone": "close" if draw < 0.97 else "accept", "until": written(self._until(ticket))}
            return keys if draw > 0.9 and draw < 0.95 else {**keys, "reason": "等待化验结果"}
        if verb == "grant_delay":
            return {"until": written(self._until(ticket))} if draw < 0.4 else {}
        if verb == "close":
            return {"reason": "用户书面确认"} if draw < 0.7 else {}
        if verb == "callback":
            return {"reached": draw < 0.7, "solved": True if draw < 0.4 else None, "satisfied": None}
        if verb == "merge":
            return {
                "into": self.random.choice([*self.world.tickets, "nobody"] if draw < 0.1 else list(self.world.tickets))
            }
        return {"person": "王师傅"} if verb == "assign" else {}

    def _until(self, ticket: Ticket) -> int:
        later = [1, 1, 30 * MINUTE, 3 * HOUR, DAY, 2 * DAY]
        return ticket.close.due + self.random.choice([*later, *later, 0, -HOUR])

    def _decide(self) -> None:
        order = {ref: index for index, ref in enumerate(self.world.tickets)}
        listed = self.world.months.listed(order)
        if not listed:
            return
        open_ones = [index for index, finding in enumerate(listed) if not finding.decided]
        index = self.random.choice(open_ones) if open_ones and self.random.random() < 0.95 else len(listed) - 1
        finding, keys = listed[index], {}
        draw = self.random.random()
        if draw < 0.15:
            keys = {"dismiss": True, **({"reason": "已核实"} if draw < 0.12 else {})}
        elif draw < 0.4:
            amount = self.random.choice(["-100.00", "-250.55", "-500.00", "-99.99", "-500.01", "100.00"])
            keys = {"amount": amount, "reason": "影响较大"}
        if finding.unit is None and "dismiss" not in keys:
            keys = {**keys, "unit": self.random.choice(SOME_UNITS), "reason": "接单后一直未办"}
            if draw > 0.95:
                del keys["unit"]
        if book.CENTRE in (finding.unit, keys.get("unit")) and self.random.random() < 0.9:
            keys["by"] = "approver"
        self._take("decide", finding=index, **keys)

    # --- months --------------------------------------------------------------------------------------------------

    def _settle(self, month: str) -> None:
        self.now = max(self.now, first_second(month_after(month)) + self.random.choice([-1, 0, 1, 8 * HOUR, 3 * DAY]))
        self._take("assess", month=month)
        for _ in range(self.random.randint(0, 3)):
            self._decide()
        for _ in range(self.random.choice([0, 0, 1, 3])):
            self._pass_time()
            self._any_step()
        if self.random.random() < 0.7:
            self._take("assess", month=month)
            while any(f.month == month and not f.decided for f in self.world.months.findings):
                if self.random.random() < 0.05:
                    break
                self._decide()
                self._decide()
        self._take("close_month", month=month, **({"by": "assessor"} if self.random.random() < 0.05 else {}))
        for _ in range(self.random.choice([0, 1, 4])):
            self._pass_time()
            self._any_step()
        self._take("assess", month=self.random.choice([month, month_after(month), month_after(month)]))


def draw(seed: int, *, brief: bool = False) -> list[dict[str, Any]]:
    """The steps of a scenario; the same for the same seed."""
    return Draw(seed).steps_of(8 if brief else 22)
