"""The demo's present: one or more tickets in every state, some about to break."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from dispatch.demo.script import Stage
from dispatch.demo.stories import report
from tickets.actions import closing, delaying, dispatching, ending, field_work, following, returning
from tickets.models import Ticket


def plan(stage: Stage) -> None:
    """Plan the tickets of the last hours before ``stage.until``; times are minutes before it."""
    for before, story in (
        (2, _waiting),
        (31, _waiting),
        (17.5, _dispatched),
        (3, _dispatched_now),
        (26, _late),
        (35, _accepted),
        (29, _racing),
        (58, _on_site),
        (190, _repairing),
        (240, _resolved),
        (330, _resolved),
        (41, _return_asked),
        (300, _delay_asked),
        (420, _closed),
        (65, _answered),
        (75, _merged),
        (52, _withdrawn),
        (260, _rework),
        (150, _confidential),
        (95, _supervised),
    ):
        stage.at(stage.until - timedelta(minutes=before), _begin(stage, story))


def _begin(stage: Stage, story: Callable[[Stage], None]) -> Callable[[], None]:
    return lambda: story(stage)


def _send(stage: Stage, ticket: Ticket, unit: str | None = None) -> Ticket:
    dispatching.dispatch(ticket, by=stage.cast["dispatcher"], at=stage.now, unit=unit)
    ticket.refresh_from_db()
    return ticket


def _accept(stage: Stage, ticket: Ticket) -> None:
    field_work.accept(ticket, by=stage.handler_of(ticket.unit_id or ""), at=stage.now)


def _waiting(stage: Stage) -> None:
    report(stage, "billing_dispute", channel="mayor_hotline")


def _dispatched(stage: Stage) -> None:
    _send(stage, report(stage, "water_quality", channel="phone"))


def _dispatched_now(stage: Stage) -> None:
    _send(stage, report(stage, "public_pipe_leak", channel="phone"))


def _late(stage: Stage) -> None:
    _send(stage, report(stage, "theft_report", channel="network"))


def _accepted(stage: Stage) -> None:
    ticket = _send(stage, report(stage, "abnormal_usage", channel="visit"))
    stage.after(6, lambda: _accept(stage, ticket))


def _racing(stage: Stage) -> None:
    ticket = _send(stage, report(stage, "meter_well_damage", channel="phone"))
    stage.after(4, lambda: _accept(stage, ticket))


def _on_site(stage: Stage) -> None:
    ticket = _send(stage, report(stage, "public_pipe_burst", channel="phone"))
    by = stage.handler_of(ticket.unit_id or "")
    stage.after(5, lambda: field_work.accept(ticket, by=by, at=stage.now))
    stage.after(28, lambda: field_work.arrive(ticket, by=by, at=stage.now))
    stage.after(41, lambda: field_work.stop_water(ticket, by=by, at=stage.now))


def _repairing(stage: Stage) -> None:
    ticket = _send(stage, report(stage, "meter_fault", channel="phone"))
    by = stage.handler_of(ticket.unit_id or "")
    stage.after(9, lambda: field_work.accept(ticket, by=by, at=stage.now))
    stage.after(11, lambda: field_work.assign(ticket, by=by, at=stage.now, person="二班"))
    stage.after(80, lambda: field_work.start_repair(ticket, by=by, at=stage.now))


def _resolved(stage: Stage) -> None:
    ticket = _send(stage, report(stage, "manhole_cover", channel="mayor_hotline"))
    by = stage.handler_of(ticket.unit_id or "")
    stage.after(7, lambda: field_work.accept(ticket, by=by, at=stage.now))
    stage.after(90, lambda: field_work.arrive(ticket, by=by, at=stage.now))
    stage.after(150, lambda: field_work.resolve(ticket, by=by, at=stage.now, answer="井盖已更换,现场已恢复。"))


def _return_asked(stage: Stage) -> None:
    ticket = _send(stage, report(stage, "road_restoration", channel="phone"))
    by = stage.handler_of(ticket.unit_id or "")
    stage.after(12, lambda: returning.ask(ticket, by=by, at=stage.now, reason="现场为户表改造工程,尚在质保期内。"))


def _delay_asked(stage: Stage) -> None:
    ticket = _send(stage, report(stage, "compensation", channel="visit"))
    by = stage.handler_of(ticket.unit_id or "")
    due = stage.now + timedelta(days=7)
    stage.after(8, lambda: field_work.accept(ticket, by=by, at=stage.now))
    stage.after(200, lambda: delaying.declare(ticket, by=by, at=stage.now, until=due, reason="需等待第三方定损报告。"))


def _closed(stage: Stage) -> None:
    ticket = _send(stage, report(stage, "supply_stop_resume", channel="phone"))
    by, centre = stage.handler_of(ticket.unit_id or ""), stage.cast["dispatcher2"]
    stage.after(5, lambda: field_work.accept(ticket, by=by, at=stage.now))
    stage.after(120, lambda: field_work.resolve(ticket, by=by, at=stage.now, answer="已恢复供水。"))
    stage.after(
        150,
        lambda: closing.callback(ticket, by=centre, at=stage.now, reached=True, solved=True, satisfied=True),
    )
    stage.after(152, lambda: closing.close(ticket, by=centre, at=stage.now))


def _answered(stage: Stage) -> None:
    ticket = report(stage, "secondary_supply", channel="phone")
    note = "二次供水水箱每半年清洗一次,清洗结果在小区公示。"
    stage.after(4, lambda: dispatching.answer(ticket, by=stage.cast["dispatcher"], at=stage.now, note=note))


def _merged(stage: Stage) -> None:
    first = _send(stage, report(stage, "no_water", channel="phone", facts={"buildings": 2, "pressure": "none"}))
    stage.after(3, lambda: _accept(stage, first))
    stage.after(10, lambda: _merge_into(stage, first))


def _merge_into(stage: Stage, first: Ticket) -> None:
    second = report(stage, "no_water", channel="phone", facts={"buildings": 2, "pressure": "none"})
    by = stage.cast["dispatcher"]
    stage.after(2, lambda: ending.merge(second, into=first, by=by, at=stage.now, note="同一片区同一事项。"))


def _withdrawn(stage: Stage) -> None:
    ticket = _send(stage, report(stage, "well_cleaning", channel="phone"))
    by = stage.cast["dispatcher"]
    stage.after(9, lambda: ending.withdraw(ticket, by=by, at=stage.now, reason="用户来电称已自行清理。"))


def _rework(stage: Stage) -> None:
    ticket = _send(stage, report(stage, "construction_quality", channel="letter"))
    by = stage.handler_of(ticket.unit_id or "")
    stage.after(14, lambda: field_work.accept(ticket, by=by, at=stage.now))
    stage.after(70, lambda: field_work.arrive(ticket, by=by, at=stage.now))
    stage.after(130, lambda: field_work.resolve(ticket, by=by, at=stage.now, answer="已紧固接头。"))
    centre = stage.cast["dispatcher2"]
    stage.after(
        160, lambda: closing.callback(ticket, by=centre, at=stage.now, reached=True, solved=False, satisfied=False)
    )
    stage.after(161, lambda: closing.reject(ticket, by=centre, at=stage.now, reason="用户反映仍在渗水。"))


def _confidential(stage: Stage) -> None:
    ticket = report(stage, "staff_misconduct", channel="letter")
    stage.after(5, lambda: _send(stage, ticket))


def _supervised(stage: Stage) -> None:
    ticket = _send(stage, report(stage, "usage_nature", channel="utilities_bureau"))
    stage.after(6, lambda: _accept(stage, ticket))
    stage.after(40, lambda: following.urge(ticket, by=stage.cast["dispatcher"], at=stage.now, note="请尽快联系用户。"))
    stage.after(
        60, lambda: following.supervise(ticket, by=stage.cast["duty"], at=stage.now, note="局里交办,列入督办。")
    )
