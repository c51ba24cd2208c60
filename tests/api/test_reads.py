"""Tickets out: who sees which, what is masked, and what it costs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from core import clock
from tests.api.conftest import DISPATCHER, TICKETS, code_of, fields_of
from tests.api.contract import check
from tickets.actions import closing, dispatching, field_work, returning
from tickets.models import Ticket
from units.actors import Actor, Role

pytestmark = pytest.mark.django_db

UNIT = "pipe-network"
OTHER = "metering"
HANDLER = Actor(role=Role.HANDLER, unit=UNIT, name="赵师傅")


# ---- who sees which


def test_a_platform_sees_its_own_tickets_only(hotline, bureau, ticket_of):
    mine, theirs = ticket_of(), ticket_of(sender=bureau)
    page = check(hotline.get(TICKETS))
    assert [line["number"] for line in page["results"]] == [mine.number]
    assert check(hotline.get(f"{TICKETS}{mine.number}/"))["number"] == mine.number
    for path in ("", "events/"):
        answer = hotline.get(f"{TICKETS}{theirs.number}/{path}")
        assert (answer.status_code, code_of(answer)) == (404, "unknown_ref")
        assert check(answer)


def test_a_strangers_ticket_and_none_at_all_read_alike(hotline, bureau, ticket_of):
    theirs = ticket_of(sender=bureau)
    absent = hotline.get(f"{TICKETS}20200101-000001/")
    assert hotline.get(f"{TICKETS}{theirs.number}/").content == absent.content


@pytest.mark.parametrize("token", ["wrong", "", "ключ", "a-token-of-the-hotline x"])
def test_a_wrong_token_is_told_how_to_sign_in(hotline, token):
    answer = hotline.browser.get(TICKETS, headers={"Authorization": f"Bearer {token}".encode().decode("latin-1")})
    assert (answer.status_code, code_of(answer)) == (401, "authentication_failed")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert check(answer)


def test_nobody_reads_without_signing_in(client, db):
    answer = client.get(TICKETS)
    assert (answer.status_code, code_of(answer)) == (401, "not_authenticated")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_platform_switched_off_is_out(hotline):
    from units.models import IntegrationClient

    IntegrationClient.objects.update(active=False)
    assert hotline.get(TICKETS).status_code == 401


def test_people_of_a_unit_see_what_it_holds_or_held(sign_in, ticket_of):
    held, elsewhere = ticket_of(unit=UNIT), ticket_of(unit=OTHER)
    person = sign_in("handler", UNIT)
    assert [line["number"] for line in check(person.get(TICKETS))["results"]] == [held.number]
    assert person.get(f"{TICKETS}{elsewhere.number}/").status_code == 404
    returning.ask(held, by=HANDLER, at=clock.now())
    returning.grant(held, by=DISPATCHER, at=clock.now())
    dispatching.dispatch(held, unit=OTHER, reason="by hand", by=DISPATCHER, at=clock.now())
    assert person.get(f"{TICKETS}{held.number}/").status_code == 200


def test_the_centre_and_the_offices_above_see_all_units(sign_in, ticket_of):
    for unit in (UNIT, OTHER, None):
        ticket_of(unit=unit)
    for role in ("dispatcher", "duty_leader", "assessor", "approver", "leader", "auditor", "administrator"):
        assert len(check(sign_in(role).get(TICKETS))["results"]) == 3, role


def test_misconduct_is_seen_by_duty_leader_and_discipline_alone(sign_in, hotline, ticket_of):
    case = ticket_of(category="staff_misconduct", unit=UNIT)
    path = f"{TICKETS}{case.number}/"
    seen = {
        (role, unit): sign_in(role, unit).get(path).status_code
        for role, unit in [
            ("dispatcher", "dispatch-centre"),
            ("duty_leader", "dispatch-centre"),
            ("handler", UNIT),
            ("unit_head", UNIT),
            ("handler", "discipline"),
            ("unit_head", "discipline"),
            ("leader", None),
            ("auditor", None),
            ("administrator", None),
        ]
    }
    assert [who for who, status in seen.items() if status == 200] == [
        ("duty_leader", "dispatch-centre"),
        ("handler", "discipline"),
        ("unit_head", "discipline"),
    ]
    assert hotline.get(path).status_code == 200  # it wrote it


# ---- what is masked


@pytest.mark.parametrize(
    ("role", "unit", "confidential", "shown"),
    [
        ("dispatcher", "dispatch-centre", False, True),
        ("duty_leader", "dispatch-centre", False, True),
        ("handler", UNIT, False, True),
        ("unit_head", UNIT, False, True),
        ("assessor", None, False, False),
        ("leader", None, False, False),
        ("administrator", None, False, False),
        ("dispatcher", "dispatch-centre", True, False),
        ("handler", UNIT, True, False),
        ("duty_leader", "dispatch-centre", True, True),
    ],
)
def test_the_reporter_is_shown_to_whoever_works_on_it(sign_in, ticket_of, role, unit, confidential, shown):
    reporter = {"name": "张三", "phone": "13812345678", "confidential": confidential}
    ticket = ticket_of(unit=UNIT, reporter=reporter)
    answer = sign_in(role, unit).get(f"{TICKETS}{ticket.number}/")
    told = check(answer)["reporter"]
    if shown:
        assert (told["name"], told["phone"], told["masked"]) == ("张三", "13812345678", False)
    else:
        assert (told["name"], told["phone"], told["masked"]) == ("张*", "138****5678", True)
        assert "13812345678" not in answer.content.decode()


def test_a_unit_that_gave_the_ticket_back_sees_masks(sign_in, ticket_of):
    ticket = ticket_of(unit=UNIT)
    returning.ask(ticket, by=HANDLER, at=clock.now())
    returning.grant(ticket, by=DISPATCHER, at=clock.now())
    told = check(sign_in("handler", UNIT).get(f"{TICKETS}{ticket.number}/"))
    assert told["reporter"]["phone"] == "138****5678"
    assert told["address"] == "城东区东湖路***"
    assert "13812345678" not in told["content"]


def test_a_platform_reads_masks_of_its_own_order(hotline, ticket_of):
    answer = hotline.get(f"{TICKETS}{ticket_of(unit=UNIT).number}/")
    told = check(answer)
    assert (told["reporter"]["name"], told["reporter"]["phone"]) == ("张*", "138****5678")
    assert "13812345678" not in answer.content.decode()
    assert not {"assignee", "spells", "extra", "facts", "unit", "pending"} & set(told)
    assert {clock["kind"] for clock in told["milestones"]} == {"close"}


def test_unknown_fields_are_for_the_centre_alone(sign_in, ticket_of):
    ticket = ticket_of(unit=UNIT, reporter={"name": "张三", "id_card": "360102"}, case_level="二级")
    assert check(sign_in("dispatcher").get(f"{TICKETS}{ticket.number}/"))["extra"]["case_level"] == "二级"
    for role, unit in (("handler", UNIT), ("assessor", None)):
        answer = sign_in(role, unit).get(f"{TICKETS}{ticket.number}/")
        assert "360102" not in answer.content.decode()


# ---- a ticket


def test_a_ticket_offers_what_the_reader_may_do(sign_in, hotline, ticket_of):
    path = f"{TICKETS}{ticket_of(unit=UNIT).number}/"
    assert "accept" in check(sign_in("handler", UNIT).get(path))["available_actions"]
    assert "merge" in check(sign_in("dispatcher").get(path))["available_actions"]
    assert check(sign_in("auditor").get(path))["available_actions"] == []
    assert check(hotline.get(path))["available_actions"] == ["urge", "supplement", "withdraw"]


def test_a_ticket_tells_people_its_spells_and_all_its_clocks(sign_in, ticket_of):
    ticket = ticket_of(unit=UNIT)
    told = check(sign_in("dispatcher").get(f"{TICKETS}{ticket.number}/"))
    assert [spell["unit"] for spell in told["spells"]] == [UNIT]
    assert {clock["kind"] for clock in told["milestones"]} == {"close", "accept", "on_site", "repair"}
    assert told["due_at"] == next(c["due_at"] for c in told["milestones"] if c["kind"] == "close")


@pytest.mark.parametrize("number", ["1", "x" * 21, "2026%00", "..", "%E5%BC%A0", "a b"])
def test_a_number_that_is_none_is_not_found(hotline, number):
    answer = hotline.get(f"{TICKETS}{number}/")
    assert (answer.status_code, code_of(answer)) == (404, "unknown_ref")


# ---- events


def test_people_read_who_did_what(sign_in, ticket_of):
    ticket = ticket_of(unit=UNIT)
    steps = check(sign_in("dispatcher").get(f"{TICKETS}{ticket.number}/events/"))["results"]
    assert [(step["verb"], step["by_name"]) for step in steps] == [
        ("report", "hotline platform"),
        ("dispatch", "李调度"),
    ]


def test_a_platform_reads_what_and_when_and_no_more(hotline, ticket_of):
    ticket = ticket_of(unit=UNIT)
    field_work.accept(ticket, by=HANDLER, at=clock.now(), note="内部说明")
    returning.ask(ticket, by=HANDLER, at=clock.now(), reason="不归我们")
    returning.refuse(ticket, by=DISPATCHER, at=clock.now())
    field_work.resolve(ticket, by=HANDLER, at=clock.now(), note="已修好")
    closing.close(ticket, by=DISPATCHER, at=clock.now(), reason="回访满意")
    answer = hotline.get(f"{TICKETS}{ticket.number}/events/")
    steps = check(answer)["results"]
    assert [step["verb"] for step in steps] == ["report", "dispatch", "accept", "resolve", "close"]
    assert all(set(step) == {"verb", "at", "status"} for step in steps)
    assert "赵师傅" not in answer.content.decode()


def test_a_platform_learns_of_the_late_tier_but_not_of_the_units_own_clocks(hotline, ticket_of):
    reported = datetime.now(UTC) - timedelta(hours=49)
    ticket = ticket_of(reported_at=reported.isoformat(), unit=UNIT)
    field_work.accept(ticket, by=HANDLER, at=clock.now() + timedelta(minutes=21))
    steps = check(hotline.get(f"{TICKETS}{ticket.number}/events/"))["results"]
    assert [step["verb"] for step in steps].count("late") == 1


def test_events_come_in_pages(sign_in, ticket_of):
    ticket, person = ticket_of(unit=UNIT), sign_in("dispatcher")
    first = check(person.get(f"{TICKETS}{ticket.number}/events/", page_size="1"))
    second = check(person.get(first["next"]))
    assert [page["results"][0]["verb"] for page in (first, second)] == ["report", "dispatch"]
    assert second["next_cursor"] is None


# ---- lists


def test_pages_join_without_gap_or_double_at_one_instant(hotline, ticket_of):
    one_instant = "2026-01-05T08:30:00+08:00"
    made = [ticket_of(reported_at=one_instant).number for _ in range(5)]
    seen, path = [], f"{TICKETS}?page_size=2"
    while path:
        page = check(hotline.get(path))
        seen += [line["number"] for line in page["results"]]
        path = page["next"]
    assert seen == made[::-1]


def test_a_ticket_that_arrives_while_paging_shifts_nothing(hotline, ticket_of):
    made = [ticket_of().number for _ in range(3)]
    first = check(hotline.get(TICKETS, page_size="2"))
    ticket_of()
    second = check(hotline.get(TICKETS, page_size="2", cursor=first["next_cursor"]))
    assert [line["number"] for line in second["results"]] == [made[0]]


def test_newest_report_comes_first(hotline, ticket_of):
    old = ticket_of(reported_at="2026-01-05T08:30:00+08:00").number
    new = ticket_of(reported_at="2026-01-06T08:30:00+08:00").number
    older = ticket_of(reported_at="2026-01-04T08:30:00+08:00").number
    assert [line["number"] for line in check(hotline.get(TICKETS))["results"]] == [new, old, older]


def test_lists_are_narrowed(sign_in, ticket_of):
    late = ticket_of(reported_at=(datetime.now(UTC) - timedelta(hours=49)).isoformat(), channel="media")
    held = ticket_of(unit=UNIT, category="meter_fault")
    ended = ticket_of()
    dispatching.answer(ended, by=DISPATCHER, at=clock.now())
    person = sign_in("dispatcher")

    def found(**query: str) -> set[str]:
        return {line["number"] for line in check(person.get(TICKETS, **query))["results"]}

    assert found(late="true") == {late.number}
    assert found(late="false") == {held.number, ended.number}
    assert found(unit=UNIT) == {held.number}
    assert found(unit="no-such-unit") == set()
    assert found(category="meter_fault") == {held.number}
    assert found(channel="media") == {late.number}
    assert found(status="answered") == {ended.number}
    assert found(live="true") == {late.number, held.number}
    assert found(live="false", status="answered") == {ended.number}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("status", "open"),
        ("late", "yes"),
        ("live", "1"),
        ("channel", "pigeon"),
        ("unit", "a\0b"),
        ("unit", "x" * 41),
        ("category", "\0"),
        ("page_size", "0"),
        ("page_size", "201"),
        ("page_size", "٥"),
        ("cursor", "nonsense"),
        ("cursor", "é"),
        ("cursor", "WyIyMDI2LTAxLTA1VDAwOjMwOjAwIiwxXQ"),
        ("cursor", "WzEsMl0"),
        ("stauts", "closed"),
    ],
)
def test_a_parameter_that_cannot_be_is_a_problem(hotline, name, value):
    answer = hotline.get(TICKETS, **{name: value})
    assert (answer.status_code, code_of(answer), fields_of(answer)) == (400, "invalid", {name})
    assert check(answer)


# ---- cost


def test_a_page_costs_one_statement_however_long(sign_in, hotline, ticket_of, statements):
    for _ in range(3):
        ticket_of(unit=UNIT)
    for caller in (hotline, sign_in("dispatcher"), sign_in("handler", UNIT)):
        counts = []
        for size in ("1", "3"):
            with statements() as counted:
                assert caller.get(TICKETS, page_size=size).status_code == 200
            counts.append(len(counted))
        assert counts == [1, 1]


def test_a_ticket_costs_three_statements(sign_in, hotline, ticket_of, statements):
    path = f"{TICKETS}{ticket_of(unit=UNIT).number}/"
    for caller in (hotline, sign_in("handler", UNIT)):
        with statements() as counted:
            assert caller.get(path).status_code == 200
        assert len(counted) == 3, counted


def test_sign_in_costs_at_most_two_statements(sign_in, django_assert_max_num_queries):
    person = sign_in("dispatcher")
    with django_assert_max_num_queries(3):
        person.get(TICKETS)


def test_no_list_is_counted(hotline, statements, ticket_of):
    ticket_of()
    with statements() as counted:
        hotline.get(TICKETS)
    assert not any("count(" in sql.lower() for sql in counted)
    assert Ticket.objects.count() == 1
