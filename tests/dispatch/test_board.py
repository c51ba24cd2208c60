"""The board and the lists behind it: every figure opens exactly its tickets."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from core.clock import Month
from dispatch.demo import city
from dispatch.queries import board, lists
from tests import bulk, factories
from tests.core.counting import statements as sent
from tests.core.sending import as_owner
from tests.dispatch.conftest import NOW, SignIn
from tests.dispatch.test_pages_access import PEOPLE
from tests.dispatch.test_pages_shell import english_in
from tests.factories import DISPATCHER, HANDLER, LEADER, OTHER_UNIT, T0, UNIT, minutes
from tests.tickets.test_plans import whole_reads
from tickets.actions import dispatching, field_work, overdue, returning, system_faults
from tickets.models import Ticket
from tickets.queries import rulebook
from units.actors import CENTRE, Actor, Role

#: The demo's present: a quarter past ten on a Wednesday, the week of February behind it.
UNTIL = datetime.fromisoformat("2026-03-18T10:30:00+08:00")
MARCH, FEBRUARY = Month(2026, 3), Month(2026, 2)
AUDITOR = Actor(role=Role.AUDITOR, name="Aud")
HEAD = Actor(role=Role.UNIT_HEAD, unit=UNIT, name="Hedda")

Statements = Callable[[Client, str], list[str]]


def figures(page: str) -> dict[str, int]:
    """The numbers of the tables, by the address each opens."""
    found = re.findall(r'<a href="(/tickets/\?[^"]+)">(\d+)</a>', page)
    return {html.unescape(path): int(number) for path, number in found}


def numbers(page: str) -> list[str]:
    """The tickets a list shows, in order."""
    return re.findall(r'id="number-\d+"[^>]*>([^<]+)<', page)


def listed(client: Client, path: str) -> list[str]:
    """The tickets of a list, all pages of it."""
    found: list[str] = []
    while path:
        page = client.get(path).text
        found += numbers(page)
        following = re.search(r'id="pager-next"[^>]*href="([^"]+)"', page)
        path = "/tickets/" + html.unescape(following[1]) if following else ""
    return found


def charts(page: str) -> dict[str, Any]:
    """What the page gives its charts."""
    found = re.search(r'<script id="charts" type="application/json">(.*?)</script>', page, re.DOTALL)
    assert found
    return json.loads(found[1])


def counted(clock: str, unit: str = "", *, month: Month = MARCH, actor: Actor = AUDITOR) -> dict[str, int]:
    """The tickets of a unit, or of all units together, by verdict; verdicts without any left out."""
    timeliness = board.timeliness(actor, month=month)[clock]
    rows = [row for row in timeliness.units if row.key == unit] if unit else [timeliness.total]
    shown = {name: getattr(row.this, name).number for row in rows for name in ("met", "late", "excused")}
    return {name: number for name, number in shown.items() if number}


READERS = (
    (Role.DUTY_LEADER, None),
    (Role.AUDITOR, None),
    (Role.AUDITOR, "discipline"),
    (Role.UNIT_HEAD, UNIT),
    (Role.UNIT_HEAD, "discipline"),
    (Role.UNIT_HEAD, CENTRE),
)


# ---- figures and what is behind them


@pytest.mark.slow
def test_every_figure_opens_exactly_its_tickets(
    sign_in: SignIn, reading_at: Callable[[datetime], None], subtests: pytest.Subtests
) -> None:
    city.build_week(until=UNTIL, per_day=6, seed=7)
    factories.accepted(at=UNTIL - minutes(90), unit=CENTRE)  # so that its people may see something
    overdue.flag_all_due(now=UNTIL)
    reading_at(UNTIL)
    for role, unit in READERS:
        client = sign_in(role, unit)
        shown: dict[str, int] = {}
        for clock in board.CLOCKS if role == Role.DUTY_LEADER else ("close",):
            shown |= figures(client.get("/board/", {"milestone": clock}).text)
        assert shown
        with subtests.test(f"{role} {unit}"):
            found = {path: listed(client, path) for path in shown}
            assert {path: len(tickets) for path, tickets in found.items()} == shown
            assert all(len(set(tickets)) == len(tickets) for tickets in found.values())


def test_late_and_about_to_be_late_are_what_the_desk_calls_so(sign_in: SignIn) -> None:
    factories.reported()
    factories.dispatched(at=NOW - minutes(15))
    for _n in range(2):
        factories.dispatched(at=NOW - minutes(25))
    returning.ask(factories.dispatched(at=NOW - minutes(25)), by=HANDLER, at=NOW - minutes(20), reason="no")
    client = sign_in(Role.DUTY_LEADER)
    desk = client.get("/desk/").text
    total = board.standings(LEADER, now=NOW).total
    for tab, figure in (("all", total.open), ("late", total.late), ("soon", total.soon)):
        assert f"<b>{figure.number}</b>" in re.search(rf'id="tab-{tab}".*?</a>', desk, re.DOTALL)[0]  # type: ignore[index]
    assert (total.open.number, total.late.number, total.soon.number, total.rest.number) == (5, 2, 1, 2)


def test_what_nobody_holds_stands_by_itself(sign_in: SignIn) -> None:
    waiting = factories.reported()
    factories.dispatched()
    assert listed(sign_in(Role.LEADER), "/tickets/?unit=none&state=open") == [waiting.number]
    rows = {row.key: row.open.number for row in board.standings(AUDITOR, now=NOW).by_unit}
    assert rows == {board.NOBODY: 1, UNIT: 1}


def test_a_ticket_counts_once_a_unit_by_its_worst_verdict(sign_in: SignIn) -> None:
    ticket = field_work.accept(factories.dispatched(), by=HANDLER, at=T0 + minutes(21))
    returning.ask(ticket, by=HANDLER, at=T0 + minutes(22), reason="no")
    returning.grant(ticket, by=DISPATCHER, at=T0 + minutes(23))
    dispatching.dispatch(ticket, by=DISPATCHER, at=T0 + minutes(24), unit=UNIT, reason="it is theirs")
    field_work.accept(ticket, by=HANDLER, at=T0 + minutes(25))
    assert counted("accept", UNIT) == {"late": 1}
    path = f"/tickets/?milestone=accept&month=2026-03&unit={UNIT}&verdict="
    behind = {verdict: listed(sign_in(Role.LEADER), path + verdict) for verdict in lists.VERDICTS}
    assert behind == {"decided": [ticket.number], "late": [ticket.number], "met": [], "excused": []}


def test_all_units_together_count_a_ticket_once(sign_in: SignIn) -> None:
    ticket = field_work.accept(factories.dispatched(), by=HANDLER, at=T0 + minutes(21))
    returning.ask(ticket, by=HANDLER, at=T0 + minutes(22), reason="no")
    returning.grant(ticket, by=DISPATCHER, at=T0 + minutes(23))
    dispatching.dispatch(ticket, by=DISPATCHER, at=T0 + minutes(24), unit=OTHER_UNIT, reason="it is theirs")
    field_work.accept(ticket, by=factories.handler_of(OTHER_UNIT), at=T0 + minutes(25))
    assert counted("accept", UNIT) == {"late": 1}
    assert counted("accept", OTHER_UNIT) == {"met": 1}
    assert counted("accept") == {"late": 1}
    path = "/tickets/?milestone=accept&month=2026-03&verdict=met"
    assert listed(sign_in(Role.LEADER), path) == []
    assert listed(sign_in(Role.LEADER), f"{path}&unit={OTHER_UNIT}") == [ticket.number]


def test_excused_tickets_are_in_no_share(sign_in: SignIn) -> None:
    ticket = factories.dispatched()
    system_faults.call(unit=UNIT, until=T0 + minutes(90), by=HANDLER, at=T0 + minutes(5))
    field_work.accept(ticket, by=HANDLER, at=T0 + minutes(60))
    factories.accepted()
    (row,) = board.timeliness(AUDITOR, month=MARCH)["accept"].units
    assert [row.this.met.number, row.this.excused.number, row.this.decided.number] == [1, 1, 1]
    path = "/tickets/?milestone=accept&month=2026-03&verdict="
    assert listed(sign_in(Role.LEADER), path + "excused") == [ticket.number]
    assert ticket.number not in listed(sign_in(Role.LEADER), path + "decided")


def test_late_counts_in_the_month_of_the_due_instant_and_met_in_that_of_the_meeting(db: None) -> None:
    midnight = MARCH.starts_at
    late = factories.dispatched(at=midnight - minutes(30), category="general")
    field_work.accept(late, by=HANDLER, at=midnight + minutes(10))
    met = factories.dispatched(at=midnight - minutes(15), category="general")
    field_work.accept(met, by=HANDLER, at=midnight)
    at_the_last_instant = factories.dispatched(at=midnight - minutes(20), category="general")
    field_work.accept(at_the_last_instant, by=HANDLER, at=midnight)
    assert counted("accept", month=FEBRUARY) == {"late": 1}
    assert counted("accept", month=MARCH) == {"met": 2}


def test_what_is_pending_or_cancelled_is_not_decided(db: None) -> None:
    factories.dispatched()
    returned = factories.dispatched()
    returning.ask(returned, by=HANDLER, at=T0 + minutes(1), reason="no")
    returning.grant(returned, by=DISPATCHER, at=T0 + minutes(2))
    assert counted("accept") == {}


# ---- shares


def figure(number: int) -> board.Figure:
    return board.Figure(number, "")


@pytest.mark.parametrize(
    ("met", "late", "percent"),
    [(10, 0, "100.0"), (1999, 1, "99.9"), (2, 8, "20.0"), (7, 4, "63.6"), (0, 10, "0.0"), (9, 0, None), (0, 0, None)],
)
def test_a_share_is_told_of_enough_tickets_and_a_hundred_only_where_none_was_late(
    met: int, late: int, percent: str | None
) -> None:
    share = board.Share(figure(met), figure(late), figure(0), figure(met + late))
    assert share.percent == (None if percent is None else Decimal(percent))


def test_a_share_never_stands_without_its_number_and_none_of_too_few(sign_in: SignIn) -> None:
    for _n in range(9):
        factories.accepted()
    client = sign_in(Role.LEADER)
    nine = client.get("/board/").text
    assert "%<" not in nine
    assert "too few" in nine
    assert charts(nine)["timeliness"]["series"][0]["points"][0] | {"link": ""} == {
        "value": 100.0, "label": "9/9", "few": True, "link": "",
    }  # fmt: skip
    factories.accepted()
    ten = client.get("/board/").text
    assert "100.0%" in ten
    assert charts(ten)["timeliness"]["series"][0]["points"][0]["label"] == "100.0%  10/10"


def test_a_month_stands_beside_the_one_before(sign_in: SignIn) -> None:
    for n in range(10):
        factories.accepted_late(at=FEBRUARY.starts_at + minutes(60 * n))
        factories.accepted(at=T0, category="general")
    (row,) = board.timeliness(AUDITOR, month=MARCH)["accept"].units
    assert (row.this.percent, row.last.percent, row.change) == (Decimal("100.0"), Decimal("0.0"), "+100.0")
    client = sign_in(Role.LEADER)
    assert "+100.0" in client.get("/board/").text
    assert "+100.0" not in client.get("/board/?month=2026-02").text
    for wrong in ("2026-04", "nonsense"):
        assert client.get("/board/", {"month": wrong})["Location"] == "/board/"


def test_a_chart_has_the_numbers_of_its_table(sign_in: SignIn) -> None:
    factories.dispatched(at=NOW - minutes(25))
    factories.dispatched(at=NOW - minutes(15), unit=OTHER_UNIT)
    factories.accepted()
    page = sign_in(Role.LEADER).get("/board/").text
    table = figures(page)
    drawn = charts(page)
    assert set(drawn) == set(re.findall(r'data-chart="(\w+)"', page))
    for name in ("units", "tiers"):
        for series in drawn[name]["series"]:
            for point in series["points"]:
                assert point["value"] == table.get(point["link"], 0)
    for point in drawn["timeliness"]["series"][0]["points"]:
        assert int(point["label"].split("/")[1]) == table[point["link"]]


# ---- who sees what


@pytest.mark.parametrize("role", PEOPLE)
def test_the_board_opens_to_all_but_handlers(sign_in: SignIn, role: str) -> None:
    client = sign_in(role)
    opens = role != Role.HANDLER
    assert client.get("/board/").status_code == (200 if opens else 403)
    page = client.get("/tickets/")
    assert page.status_code == 200
    assert ('class="nav-link" href="/board/"' in page.text) == opens


def test_a_unit_head_sees_the_numbers_of_his_unit_alone(sign_in: SignIn) -> None:
    factories.accepted()
    factories.accepted(unit="water-quality")
    factories.reported()
    page = sign_in(Role.UNIT_HEAD).get("/board/").text
    assert "Pipe network" in page
    assert "Water quality" not in page
    shown = figures(page)
    assert set(shown.values()) == {1}
    assert all(f"unit={UNIT}" in path for path in shown)


def test_misconduct_is_counted_only_for_those_who_may_see_it(sign_in: SignIn) -> None:
    ticket = factories.accepted(category="staff_misconduct", unit="discipline")
    readers = {
        Actor(role=Role.DUTY_LEADER, unit=CENTRE): 1,
        Actor(role=Role.AUDITOR, unit="discipline"): 1,
        Actor(role=Role.UNIT_HEAD, unit="discipline"): 1,
        AUDITOR: 0,
        DISPATCHER: 0,
        HEAD: 0,
    }
    for reader, number in readers.items():
        assert board.standings(reader, now=NOW).total.open.number == number, reader
        assert counted("accept", actor=reader) == ({"met": 1} if number else {}), reader
    path = f"/tickets/?category={ticket.category_id}"
    assert listed(sign_in(Role.AUDITOR), path) == []
    assert listed(sign_in(Role.DUTY_LEADER), path) == [ticket.number]


# ---- the list


@pytest.fixture
def some() -> dict[str, str]:
    """Numbers of tickets of different kinds."""
    tickets = {
        "waiting": factories.reported(at=T0 - minutes(60 * 24 * 5), category="general", channel="letter"),
        "late": factories.dispatched(at=NOW - minutes(25), channel="media"),
        "accepted": factories.accepted(at=T0, unit=OTHER_UNIT),
        "done": factories.accepted_late(at=T0 - minutes(60)),
    }
    overdue.flag_all_due(now=NOW)
    return {name: ticket.number for name, ticket in tickets.items()}


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("", ["accepted", "late", "done", "waiting"]),
        ("unit=pipe-network", ["late", "done"]),
        ("unit=none", ["waiting"]),
        ("status=resolved", ["done"]),
        ("category=general", ["done", "waiting"]),
        ("channel=letter", ["waiting"]),
        ("late=true", ["late", "done", "waiting"]),
        ("late=false", ["accepted"]),
        ("month=2026-02", ["waiting"]),
        ("state=open", ["accepted", "late", "done", "waiting"]),
        ("state=late", ["late", "waiting"]),
        ("state=late&tier=48h", ["late"]),
        ("milestone=accept&month=2026-03", ["accepted", "late", "done"]),
        ("milestone=accept&month=2026-03&verdict=met", ["accepted"]),
        ("milestone=accept&month=2026-03&verdict=late&unit=pipe-network", ["late", "done"]),
        ("category=nonsense", []),
        ("unit=nonsense", []),
    ],
)
def test_a_list_holds_what_was_asked_for_newest_first(
    sign_in: SignIn, some: dict[str, str], asked: str, names: list[str]
) -> None:
    assert numbers(sign_in(Role.DUTY_LEADER).get(f"/tickets/?{asked}").text) == [some[name] for name in names]


@pytest.mark.parametrize(
    "asked",
    ["status=nonsense", "state=nonsense", "month=2026-13", "milestone=accept", "milestone=nonsense&month=2026-03"],
)
def test_a_filter_misspelt_finds_nothing_and_says_so(sign_in: SignIn, some: dict[str, str], asked: str) -> None:
    answer = sign_in(Role.DUTY_LEADER).get(f"/tickets/?{asked}")
    assert answer.status_code == 400
    assert numbers(answer.text) == []
    assert 'class="invalid-feedback' in answer.text


def test_a_list_goes_on_page_by_page_and_keeps_what_was_asked(sign_in: SignIn) -> None:
    tickets = [factories.reported(category="general", at=T0 + minutes(n // 10)) for n in range(103)]
    factories.reported(category="billing_dispute", at=T0)
    client = sign_in(Role.DISPATCHER)
    found = listed(client, "/tickets/?category=general")
    assert found == [ticket.number for ticket in reversed(tickets)]
    assert len(numbers(client.get("/tickets/").text)) == lists.PAGE
    for nonsense in ("nonsense", "2026-03-02T09:00:00~1", "2026-03-02T09:00:00+08:00~x"):
        assert client.get("/tickets/", {"after": nonsense}).status_code == 302


def test_a_list_says_what_stands_behind_its_figure(sign_in: SignIn) -> None:
    page = sign_in(Role.LEADER).get("/tickets/?milestone=accept&verdict=late&month=2026-03").text
    assert "acceptance · late · decided in 2026-03" in page


def test_a_list_shows_an_address_only_to_who_works_there(sign_in: SignIn) -> None:
    factories.dispatched(address="城东区东湖路12号3单元502", title="漏水 13812342317")
    dispatcher, leader = (sign_in(role).get("/tickets/").text for role in (Role.DISPATCHER, Role.LEADER))
    assert "3单元502" in dispatcher
    assert "3单元502" not in leader
    assert "13812342317" not in leader


@pytest.mark.parametrize("role", [Role.DUTY_LEADER, Role.UNIT_HEAD])
def test_no_english_is_left_and_no_script_is_inline(sign_in: SignIn, role: str) -> None:
    for n in range(12):
        factories.accepted(at=T0 - minutes(n), title="路面冒水")
    factories.dispatched(at=NOW - minutes(25), title="路面冒水")
    client = sign_in(role, language="zh-hans")
    for path in (
        "/board/",
        "/tickets/",
        "/tickets/?milestone=accept&verdict=met&month=2026-03&tier=48h",
        "/tickets/?month=x",
    ):
        page = client.get(path).text
        assert english_in(page) == set(), path
        assert not re.search(r"<script(?![^>]*(\bsrc=|application/json))", page)
        assert "<style" not in page


# ---- what it costs


@pytest.mark.parametrize("role", [Role.DUTY_LEADER, Role.LEADER, Role.UNIT_HEAD])
@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/board/", 2),
        ("/board/?milestone=close", 2),
        ("/tickets/", 3),
        ("/tickets/?state=late", 3),
        ("/tickets/?milestone=accept&verdict=met&month=2026-03", 3),
        ("/tickets/?number=13812342317", 3),
    ],
)
def test_a_page_asks_as_much_for_many_as_for_one(
    sign_in: SignIn, statements: Statements, role: str, path: str, most: int
) -> None:
    client = sign_in(role)
    factories.accepted()
    rulebook.forget()  # read anew by the first look at the page, and kept for the second
    one = statements(client, path)
    for _n in range(6):
        factories.accepted(reporter_name="Li")
        factories.dispatched(at=NOW - minutes(25), reporter_name="Li")
    factories.accepted(unit=OTHER_UNIT)
    rulebook.forget()
    many = statements(client, path)
    assert len(one) == len(many) <= most, many
    assert not any("COUNT(*)" in statement or "OFFSET" in statement for statement in many if "/tickets/" in path)


def _walk(actor: Actor, **asked: str) -> None:
    """Two pages of a list."""
    seen = lists.seen_by(actor, unit=asked.get("unit", ""), milestone=asked.get("milestone", ""))
    narrowed = lists.TicketFilter(asked, queryset=seen, actor=actor, now=T0)
    assert narrowed.is_valid()
    after = lists.page(narrowed.qs, actor, after="", now=T0).after
    lists.page(narrowed.qs, actor, after=after, now=T0)


ASKED = (
    {},
    {"unit": UNIT},
    {"unit": "none"},
    *({"status": status} for status in ("closed", "on_site", "withdrawn")),
    *({"category": category} for category in ("billing_dispute", "general")),
    *({"channel": channel} for channel in ("phone", "media")),
    {"late": "true"},
    {"late": "false", "channel": "media"},
    {"month": "2025-09"},
    *({"state": state} for state in ("open", "late", "soon", "rest")),
    {"state": "late", "unit": UNIT},
    {"state": "late", "tier": "48h"},
    {"tier": "12h"},
    {"number": "B000050000"},
    *({"milestone": "accept", "month": "2026-02", "verdict": verdict} for verdict in lists.VERDICTS),
    *({"milestone": "close", "month": "2025-09", "verdict": verdict, "unit": UNIT} for verdict in lists.VERDICTS),
)


@pytest.mark.slow
def test_no_statement_of_board_or_list_reads_a_whole_table(committed: None, subtests: pytest.Subtests) -> None:
    with as_owner() as cursor:
        bulk.load_fast(cursor, bulk.Plan(tickets=100_000, now=T0))
    works: dict[str, Callable[[], Any]] = {}
    for actor in (LEADER, AUDITOR, HEAD):
        works[f"{actor.role}, open tickets"] = lambda actor=actor: board.standings(actor, now=T0)
        works[f"{actor.role}, months"] = lambda actor=actor: board.timeliness(actor, month=FEBRUARY)
    for actor in (AUDITOR, HEAD):
        for asked in ASKED:
            works[f"{actor.role}, {asked}"] = lambda actor=actor, asked=asked: _walk(actor, **asked)
    assert Ticket.objects.exists()
    for name, work in works.items():
        with subtests.test(name):
            for statement in sent(work):
                assert not whole_reads(statement), statement
