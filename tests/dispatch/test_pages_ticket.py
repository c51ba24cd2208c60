"""The page of a ticket: what it tells whom, and what it costs."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from tests import factories
from tests.dispatch.conftest import NOW, SignIn
from tests.factories import DISPATCHER, HANDLER, LEADER, T0, minutes
from tickets.actions import closing, delaying, field_work, following, returning
from tickets.models import Ticket
from units.actors import Role

Statements = Callable[[Client, str], list[str]]
CALLER = {"reporter_name": "李建华", "reporter_phone": "13812342317"}


def page(client: Client, ticket: Ticket) -> str:
    """The text of its page."""
    return client.get(f"/tickets/{ticket.number}/").text


def verdicts(text: str) -> dict[str, str]:
    """Limit → verdict in words, as the table has them."""
    rows = re.findall(r'<th scope="row">\s*([^<]+?)\s*<.*?data-verdict="\w+">([^<]+)<', text, re.DOTALL)
    return dict(rows)


def test_the_limits_stand_with_rule_and_verdict_in_words(sign_in: SignIn) -> None:
    ticket = factories.dispatched(at=NOW - minutes(30))
    text = page(sign_in(Role.DISPATCHER), ticket)
    assert verdicts(text) == {
        "acceptance": "late",
        "arrival on site": "pending",
        "repair": "pending",
        "hand-in of the result (tier)": "pending",
    }
    assert "Art. 16.4.5" in text
    assert "missed the limit: acceptance" not in text, "no job has looked yet; the verdict needs none"


def test_a_return_puts_the_units_limits_on_hold(sign_in: SignIn) -> None:
    ticket = returning.ask(factories.dispatched(), by=HANDLER, at=NOW, reason="not ours")
    shown = verdicts(page(sign_in(Role.DISPATCHER), ticket))
    assert shown["acceptance"] == "verdict on hold"
    assert shown["hand-in of the result (tier)"] == "pending"


def test_a_result_handed_in_is_in_time_but_to_be_checked(sign_in: SignIn) -> None:
    ticket = field_work.resolve(factories.accepted(), by=HANDLER, at=NOW, answer="done")
    client = sign_in(Role.DISPATCHER)
    assert verdicts(page(client, ticket))["hand-in of the result (tier)"] == "in time (to be checked)"
    ticket = closing.close(ticket, by=DISPATCHER, at=NOW, reason="seen")
    assert verdicts(page(client, ticket))["hand-in of the result (tier)"] == "met"


def test_a_moved_limit_shows_its_first_instant(sign_in: SignIn) -> None:
    ticket = delaying.declare(factories.accepted(), by=HANDLER, at=NOW, until=T0 + minutes(4000), reason="frozen")
    ticket = delaying.grant(ticket, by=LEADER, at=NOW)
    text = page(sign_in(Role.DISPATCHER), ticket)
    assert "first 03-04 09:00:00" in text
    assert "granted the delay until 2026-03-05 03:40" in text


def test_the_timeline_tells_who_did_what_newest_first(sign_in: SignIn) -> None:
    ticket = field_work.accept(factories.dispatched(), by=HANDLER, at=T0 + minutes(2), note="crew of five")
    ticket = closing.callback(
        field_work.resolve(ticket, by=HANDLER, at=T0 + minutes(3), answer="pipe mended"),
        by=DISPATCHER, at=T0 + minutes(4), reached=True, solved=True, satisfied=None,
    )  # fmt: skip
    text = page(sign_in(Role.DISPATCHER, language="zh-hans"), ticket)
    line = re.findall(r'<div class="line-head">\s*<span>([^<]+)</span>', text)
    assert line == [
        "调度员 Dora 回访：联系上：是、已解决：是、满意：不清楚",
        "管网管理处 Hans 提交销单，待审核",
        "管网管理处 Hans 受理工单",
        "调度员 Dora 派单至管网管理处",
        "调度员 Dora 登记工单(电话)，处理级别 48 小时",
    ]
    for said in ("crew of five", "pipe mended", "as the test wants it"):
        assert said in text


def test_a_result_sent_back_marks_the_ticket_as_rework(sign_in: SignIn) -> None:
    ticket = field_work.resolve(factories.accepted(), by=HANDLER, at=NOW, answer="done")
    client = sign_in(Role.DISPATCHER, language="zh-hans")
    assert "重办中" not in page(client, ticket)
    ticket = closing.reject(ticket, by=DISPATCHER, at=NOW, reason="still leaks")
    assert "重办中" in page(client, ticket)


def test_ids_are_unique_and_every_label_names_a_field(sign_in: SignIn) -> None:
    ticket = field_work.arrive(factories.dispatched(), by=HANDLER, at=NOW)
    text = page(sign_in(Role.HANDLER), ticket)
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    labelled = set(re.findall(r'<label[^>]*\sfor="([^"]+)"', text))
    assert labelled
    assert labelled <= set(ids)


def test_every_recorded_step_has_a_sentence() -> None:
    from dispatch.queries.timeline import ICONS, SENTENCES
    from tickets.moves import MOVES

    assert {*MOVES, "report", "late", "system_fault"} <= SENTENCES.keys()
    assert {*MOVES, "report", "late", "system_fault"} <= ICONS.keys()


@pytest.mark.parametrize(
    ("role", "unit", "sees"),
    [
        (Role.DISPATCHER, None, True),
        (Role.DUTY_LEADER, None, True),
        (Role.HANDLER, "pipe-network", True),
        (Role.LEADER, None, False),
        (Role.AUDITOR, None, False),
        (Role.ASSESSOR, None, False),
        (Role.ADMINISTRATOR, None, False),
    ],
)
def test_who_called_is_masked_for_those_who_need_not_know(
    sign_in: SignIn, role: str, unit: str | None, sees: bool
) -> None:
    ticket = factories.dispatched(
        **CALLER,
        address="城东区东湖路12号3单元502",
        content="李建华反映城东区东湖路12号3单元502漏水，请回电 13812342317",
    )
    following.supplement(ticket, by=DISPATCHER, at=NOW, note="又打来 13812342317")
    text = page(sign_in(role, unit), ticket)
    for personal in ("李建华", "13812342317", "3单元502"):
        assert (personal in text) == sees, personal
    assert ("138****2317" in text) != sees


def test_a_confidential_caller_is_known_to_the_duty_leader_alone(sign_in: SignIn) -> None:
    ticket = factories.dispatched(**CALLER, confidential=True)
    assert "李建华" in page(sign_in(Role.DUTY_LEADER), ticket)
    for role in (Role.DISPATCHER, Role.HANDLER):
        assert "李建华" not in page(sign_in(role), ticket)


def test_the_page_costs_the_same_however_much_happened(sign_in: SignIn, statements: Statements) -> None:
    client = sign_in(Role.DUTY_LEADER)
    ticket = factories.dispatched(**CALLER)
    path = f"/tickets/{ticket.number}/"
    one = statements(client, path)
    for n in range(50):
        following.urge(ticket, by=DISPATCHER, at=T0 + minutes(n / 20), note="again")
    fifty = statements(client, path)
    assert len(one) == len(fifty) <= 6, fifty
    waiting = factories.reported(**CALLER, address="东湖路12号")
    assert len(statements(client, f"/tickets/{waiting.number}/")) <= 6
