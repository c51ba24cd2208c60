"""A large burst: the first call brings the pipe network out, everybody else calls about the same water."""

from __future__ import annotations

from datetime import datetime

from dispatch.demo import texts
from dispatch.demo.script import Stage
from tickets.actions import closing, dispatching, ending, field_work, following, reporting
from tickets.models import Ticket


def burst(stage: Stage, instant: datetime, *, callers: int) -> None:
    """Plan a burst at ``instant`` about which ``callers`` more people call within the hour."""
    stage.at(instant, lambda: _begin(stage, callers))


def _begin(stage: Stage, callers: int) -> None:
    area = stage.rng.choice(stage.areas)
    road = stage.rng.choice(area.roads)
    first = reporting.report(
        reporting.Report(
            category="public_pipe_burst",
            title=f"{road}主干管爆裂",
            content=f"{road}中段路面塌陷,大量涌水,车辆无法通行。",
            address=f"{road}中段",
            facts={"dn": 500, "area": area.code},
            reporter_name=stage.person()[0],
            reporter_phone=stage.person()[1],
        ),
        by=stage.dispatcher(),
        at=stage.now,
    )
    by = stage.handler_of("pipe-network")
    stage.after(2, lambda: dispatching.dispatch(first, by=stage.cast["dispatcher"], at=stage.now))
    stage.after(4, lambda: field_work.accept(first, by=by, at=stage.now))
    stage.after(5, lambda: following.supervise(first, by=stage.cast["duty"], at=stage.now, note="大口径爆管,督办。"))
    stage.after(27, lambda: field_work.arrive(first, by=by, at=stage.now))
    stage.after(49, lambda: field_work.stop_water(first, by=by, at=stage.now))
    stage.after(55, lambda: field_work.start_repair(first, by=by, at=stage.now))
    stage.after(19 * 60, lambda: field_work.finish_repair(first, by=by, at=stage.now))
    stage.after(20 * 60, lambda: field_work.resolve(first, by=by, at=stage.now, answer="管道已修复,恢复供水。"))
    stage.after(21 * 60, lambda: _finish(stage, first))
    for _caller in range(callers):
        stage.after(stage.rng.uniform(4, 60), lambda: _call(stage, first, road, area.code))


def _call(stage: Stage, first: Ticket, road: str, area: str) -> None:
    name, phone = stage.person()
    home = f"{road}{stage.rng.randint(1, 120)}号"
    no_water = stage.rng.random() < 0.7
    ticket = reporting.report(
        reporting.Report(
            category="no_water" if no_water else "public_pipe_burst",
            channel=stage.choose(texts.CHANNEL_WEIGHTS | {"mayor_hotline": 0}),
            title=f"{road}{'突然停水' if no_water else '路面大量冒水'}",
            content=f"{home}来电反映{'家中突然无水' if no_water else '门前路面大量冒水'}。",
            address=home,
            facts={"area": area, **({"pressure": "none", "buildings": 2} if no_water else {"dn": 500})},
            reporter_name=name,
            reporter_phone=phone,
        ),
        by=stage.dispatcher(),
        at=stage.now,
    )
    by = stage.dispatcher()
    stage.after(2, lambda: ending.merge(ticket, into=first, by=by, at=stage.now, note="同一爆管事件。"))


def _finish(stage: Stage, first: Ticket) -> None:
    by = stage.cast["dispatcher2"]
    closing.callback(first, by=by, at=stage.now, reached=True, solved=True, satisfied=True)
    closing.close(first, by=by, at=stage.now)
