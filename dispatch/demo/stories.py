"""Ordinary stories: from the report to the closed ticket, with the delays and slips of a real week."""

from __future__ import annotations

from typing import Any

from dispatch.demo import texts
from dispatch.demo.people import HOTLINE
from dispatch.demo.script import Stage
from tickets.actions import closing, delaying, dispatching, field_work, reporting, returning
from tickets.models import Ticket
from tickets.queries.rulebook import rulebook
from units.actors import CENTRE, Actor, Role

FACILITIES = {"public_pipe_leak", "public_pipe_burst", "meter_well_damage"}


def report(stage: Stage, category: str, *, channel: str | None = None, **more: Any) -> Ticket:
    """Somebody reports a matter, now."""
    titles, facts = texts.MATTERS.get(category, ((category,), {}))
    address, area = stage.place()
    name, phone = stage.person()
    channel = channel or stage.choose(texts.CHANNEL_WEIGHTS)
    facts = {**facts, **more.pop("facts", {})}
    if category == "no_water":
        facts.setdefault("buildings", stage.rng.choice((0, 0, 1, 2, 5)))
    from_city = channel == "mayor_hotline"
    title = f"{area.name}{stage.rng.choice(titles)}"
    return reporting.report(
        reporting.Report(
            category=category,
            channel=channel,
            title=title,
            content=f"来人反映{address}{stage.rng.choice(titles)},请尽快处理。",
            address=address,
            facts=facts,
            reporter_name=name,
            reporter_phone=phone,
            external_no=f"SZ{stage.now:%Y%m%d%H%M%S}{stage.rng.randint(0, 999):03d}" if from_city else None,
            **more,
        ),
        by=stage.cast[HOTLINE] if from_city else stage.dispatcher(),
        at=stage.now,
    )


def ordinary(stage: Stage, category: str) -> None:
    """A whole story, ending in a closed ticket unless time runs out."""
    ticket = report(stage, category)
    stage.after(stage.rng.uniform(1, 12), lambda: _dispatch(stage, ticket))


def passed_around(stage: Stage) -> None:
    """A matter three units hold in turn, none of them for half of the tier: who answers is for the assessor to say."""
    ticket = report(stage, "other_company_leak", channel="mayor_hotline")
    units = iter(("office-1", "meter-replacement", "engineering"))

    def send() -> None:
        unit = next(units)
        dispatching.dispatch(
            ticket, by=stage.cast["dispatcher"], at=stage.now, unit=unit, reason="责任界限待现场核实。"
        )
        stage.after(8, lambda: field_work.accept(ticket, by=_handler(stage, ticket), at=stage.now))
        if unit == "engineering":
            stage.after(25 * 60, lambda: _resolve(stage, ticket))
        else:
            stage.after(17 * 60, give_back)

    def give_back() -> None:
        reason = stage.rng.choice(texts.RETURN_REASONS)
        returning.ask(ticket, by=_handler(stage, ticket), at=stage.now, reason=reason)
        stage.after(35, lambda: returning.grant(ticket, by=stage.cast["dispatcher"], at=stage.now))
        stage.after(45, send)

    stage.after(10, send)


def left_lying(stage: Stage) -> None:
    """A matter the centre itself let lie until its tier had passed: only the approver may decide it."""
    ticket = report(stage, "well_cleaning", channel="letter")
    stage.after(73 * 60, lambda: _dispatch(stage, ticket))


def _dispatch(stage: Stage, ticket: Ticket) -> None:
    by = stage.dispatcher()
    suggestion = rulebook().suggestion(ticket.category_id, ticket.facts, ticket.area_id, stage.now)
    unit = suggestion.unit if suggestion else "office-1"
    dispatching.dispatch(ticket, by=by, at=stage.now, unit=unit)
    ticket.refresh_from_db()
    if unit != CENTRE and stage.rng.random() < 0.05:
        stage.after(stage.rng.uniform(5, 18), lambda: _ask_return(stage, ticket))
        return
    late = stage.slack(ticket)
    stage.after(stage.rng.uniform(22, 60) if late else stage.rng.uniform(1, 17), lambda: _accept(stage, ticket))


def _ask_return(stage: Stage, ticket: Ticket) -> None:
    by = _handler(stage, ticket)
    returning.ask(ticket, by=by, at=stage.now, reason=stage.rng.choice(texts.RETURN_REASONS))
    stage.after(stage.rng.uniform(3, 25), lambda: _refuse_return(stage, ticket))


def _refuse_return(stage: Stage, ticket: Ticket) -> None:
    returning.refuse(ticket, by=stage.dispatcher(), at=stage.now, reason="请先到场核实处理。")
    stage.after(stage.rng.uniform(1, 6), lambda: _accept(stage, ticket))


def _accept(stage: Stage, ticket: Ticket) -> None:
    field_work.accept(ticket, by=_handler(stage, ticket), at=stage.now)
    wait = stage.rng.uniform(8, 20)
    if ticket.category_id in FACILITIES:
        if stage.slack(ticket):
            wait = stage.rng.uniform(30, 90)
    else:
        wait = stage.rng.uniform(60, 600)
    stage.after(wait, lambda: _arrive(stage, ticket))


def _arrive(stage: Stage, ticket: Ticket) -> None:
    by = _handler(stage, ticket)
    field_work.arrive(ticket, by=by, at=stage.now)
    if ticket.category_id.startswith("public_pipe"):
        stage.after(stage.rng.uniform(5, 20), lambda: field_work.stop_water(ticket, by=by, at=stage.now))
    hours = {"12h": 8, "24h": 14, "36h": 20, "48h": 20, "3d": 40, "5d": 70}[ticket.tier]
    if ticket.category_id in FACILITIES:
        hours = 16
    slips = stage.slack(ticket)
    work = stage.rng.uniform(hours * 1.4, hours * 3) if slips else stage.rng.uniform(1, hours)
    if not slips and ticket.tier in {"3d", "5d"} and stage.rng.random() < 0.06:
        stage.after(60, lambda: _delay(stage, ticket))
        work = stage.rng.uniform(hours, hours * 2)
    if ticket.category_id in FACILITIES | {"meter_fault"}:
        stage.after(21, lambda: field_work.start_repair(ticket, by=by, at=stage.now))
        stage.after(work * 60 - 10, lambda: field_work.finish_repair(ticket, by=by, at=stage.now))
    stage.after(max(work * 60, 70), lambda: _resolve(stage, ticket))


def _delay(stage: Stage, ticket: Ticket) -> None:
    due = ticket.milestones.get(kind="close").due_at
    if stage.now >= due:
        return  # too late to declare anything
    until = due + (due - ticket.reported_at) / 2
    reason = stage.rng.choice(texts.DELAY_REASONS)
    delaying.declare(ticket, by=_handler(stage, ticket), at=stage.now, until=until, reason=reason)
    stage.after(50, lambda: delaying.grant(ticket, by=stage.cast["duty"], at=stage.now))


def _resolve(stage: Stage, ticket: Ticket) -> None:
    field_work.resolve(ticket, by=_handler(stage, ticket), at=stage.now, answer=stage.rng.choice(texts.ANSWERS))
    stage.after(stage.rng.uniform(20, 300), lambda: _check(stage, ticket))


def _check(stage: Stage, ticket: Ticket) -> None:
    by = stage.dispatcher()
    if ticket.round == 1 and stage.rng.random() < 0.04 and not ticket.events.filter(verb="reject").exists():
        closing.reject(ticket, by=by, at=stage.now, reason="用户反映问题未解决。")
        stage.after(stage.rng.uniform(60, 400), lambda: _resolve(stage, ticket))
        return
    solved = stage.rng.random() < 0.97
    reached = stage.rng.random() < 0.93
    closing.callback(
        ticket,
        by=by,
        at=stage.now,
        reached=reached,
        solved=solved if reached else None,
        satisfied=stage.rng.choice((True, True, True, False, None)) if reached else None,
    )
    reason = "" if reached and solved else "经两次回访,按现场照片和用户说明销单。"
    stage.after(2, lambda: closing.close(ticket, by=by, at=stage.now, reason=reason))


def _handler(stage: Stage, ticket: Ticket) -> Actor:
    ticket.refresh_from_db()
    if ticket.unit_id == CENTRE:
        return Actor(role=Role.HANDLER, unit=CENTRE, name=stage.cast["dispatcher"].name)
    return stage.handler_of(ticket.unit_id or "office-1")
