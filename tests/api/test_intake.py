"""Orders in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from core.models import IdempotencyKey
from tests.api.conftest import TICKETS, an_order, code_of, fields_of
from tests.api.contract import check
from tickets.models import Event, Reporter, Ticket

pytestmark = pytest.mark.django_db


def test_an_order_is_answered_with_number_tier_and_due(hotline):
    reported = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    receipt = check(hotline.post(TICKETS, an_order(reported_at=reported.isoformat())))
    assert receipt["status"] == "registered"
    assert receipt["tier"] == "48h"
    assert datetime.fromisoformat(receipt["reported_at"]) == reported
    assert datetime.fromisoformat(receipt["due_at"]) == reported + timedelta(hours=48)
    assert [clock["kind"] for clock in receipt["milestones"]] == ["close"]
    assert receipt["unknown_fields"] == []


def test_an_order_becomes_a_ticket_with_its_reporter_apart(hotline):
    number = hotline.post(TICKETS, an_order()).json()["number"]
    ticket = Ticket.objects.get(number=number)
    assert (ticket.client_id, ticket.external_no, ticket.channel) == ("hotline", "H-1", "mayor_hotline")
    assert (ticket.area_id, ticket.facts) == ("east", {"dn": 200})
    assert Reporter.objects.get(ticket=ticket).phone == "13812345678"
    assert Event.objects.get(ticket=ticket).by_client == "hotline"


def test_an_answer_is_the_same_with_and_without_the_last_slash(hotline):
    first = hotline.post(TICKETS, an_order(), key="one")
    assert hotline.post(TICKETS.rstrip("/"), an_order(), key="one").content == first.content


def test_instants_are_written_in_utc(hotline):
    receipt = hotline.post(TICKETS, an_order(reported_at="2026-01-05T08:30:00+08:00")).json()
    assert receipt["reported_at"] == "2026-01-05T00:30:00Z"


# ---- once


def test_the_same_key_is_answered_with_the_same_bytes(hotline):
    first = hotline.post(TICKETS, an_order(), key="again")
    second = hotline.post(TICKETS, an_order(), key="again")
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.content == first.content
    assert second.headers["Idempotency-Replayed"] == "true"
    assert Ticket.objects.count() == 1


def test_a_replay_stands_whatever_became_of_the_ticket(hotline):
    first = hotline.post(TICKETS, an_order(), key="again")
    hotline.post(f"{TICKETS}{first.json()['number']}/withdrawal", {})
    assert hotline.post(TICKETS, an_order(), key="again").content == first.content


def test_spelling_of_the_json_is_no_difference(hotline):
    first = hotline.post(TICKETS, '{"title": "漏水", "external_no": "7"}', key="spelt")
    second = hotline.post(TICKETS, '{"external_no":"7",\n"title":"\\u6f0f\\u6c34"}', key="spelt")
    assert (second.status_code, second.content) == (201, first.content)


def test_the_same_key_with_another_body_is_refused(hotline):
    hotline.post(TICKETS, an_order(), key="again")
    answer = hotline.post(TICKETS, an_order(title="别的事"), key="again")
    assert (answer.status_code, code_of(answer)) == (422, "key_reused")
    assert check(answer)
    assert Ticket.objects.count() == 1


def test_the_same_key_on_another_address_is_refused(hotline):
    number = hotline.post(TICKETS, an_order(), key="again").json()["number"]
    answer = hotline.post(f"{TICKETS}{number}/urge", {}, key="again")
    assert (answer.status_code, code_of(answer)) == (422, "key_reused")


def test_keys_belong_to_their_caller(hotline, bureau):
    first = hotline.post(TICKETS, an_order(), key="one").json()
    second = bureau.post(TICKETS, an_order(), key="one").json()
    assert first["number"] != second["number"]


@pytest.mark.parametrize("key", ["", "x" * 256, "schlüssel", "tab\tkey"])
def test_a_write_without_a_proper_key_is_refused(hotline, key):
    answer = hotline.post(TICKETS, an_order(), key=key)
    assert (answer.status_code, code_of(answer)) == (400, "key_required")
    assert not Ticket.objects.exists()


def test_the_longest_key_is_taken(hotline):
    assert hotline.post(TICKETS, an_order(), key="~" * 255).status_code == 201


def test_a_refused_order_leaves_its_key_free(hotline):
    refused = hotline.post(TICKETS, an_order(category="no_such_code"), key="mine")
    assert refused.status_code == 400
    assert not IdempotencyKey.objects.exists()
    assert hotline.post(TICKETS, an_order(), key="mine").status_code == 201


def test_what_breaks_halfway_leaves_nothing(hotline, monkeypatch, caplog):
    def broken(*args, **kwargs):
        raise RuntimeError("a secret of the house")

    monkeypatch.setattr("tickets.api.presenting.receipt", broken)
    answer = hotline.post(TICKETS, an_order())
    assert (answer.status_code, code_of(answer)) == (500, "error")
    assert b"secret" not in answer.content
    assert "a secret of the house" in caplog.text
    assert not Ticket.objects.exists()
    assert not IdempotencyKey.objects.exists()


def test_a_known_number_under_a_new_key_is_answered_with_its_ticket(hotline):
    first = hotline.post(TICKETS, an_order())
    second = hotline.post(TICKETS, an_order())
    assert (first.status_code, second.status_code) == (201, 200)
    assert check(second) == first.json()


def test_a_known_number_with_other_content_is_refused(hotline):
    hotline.post(TICKETS, an_order())
    answer = hotline.post(TICKETS, an_order(content="别的内容"))
    assert (answer.status_code, code_of(answer), fields_of(answer)) == (422, "invalid", {"external_no"})


def test_two_platforms_may_use_one_number(hotline, bureau):
    assert hotline.post(TICKETS, an_order()).status_code == 201
    assert bureau.post(TICKETS, an_order()).status_code == 201


def test_a_platform_without_numbers_gets_a_ticket_an_order(hotline):
    for _time in range(2):
        assert hotline.post(TICKETS, an_order(external_no=None)).status_code == 201
    assert Ticket.objects.count() == 2


# ---- fields nobody knew, and free text


def test_a_platforms_unknown_fields_are_kept_and_told(hotline):
    order = an_order(case_level="二级", reporter={"name": "张三", "phone": "1", "id_card": "3601"})
    receipt = check(hotline.post(TICKETS, order))
    assert receipt["unknown_fields"] == ["case_level", "reporter.id_card"]
    extra = Ticket.objects.get(number=receipt["number"]).extra
    assert extra == {"case_level": "二级", "reporter": {"id_card": "3601"}}


def test_fields_for_people_are_unknown_ones_of_a_platform(hotline):
    receipt = hotline.post(TICKETS, an_order(reason={"code": 3}, first_contact=17)).json()
    assert receipt["unknown_fields"] == ["first_contact", "reason"]


def test_a_persons_unknown_field_is_refused(sign_in):
    answer = sign_in("dispatcher").post(TICKETS, an_order(titel="漏水"))
    assert (answer.status_code, fields_of(answer)) == (400, {"titel"})


def test_free_text_for_a_category_is_kept_for_the_dispatcher(hotline):
    receipt = hotline.post(TICKETS, an_order(category="自来水 / 爆管")).json()
    assert receipt["category"] == "general"
    assert Ticket.objects.get(number=receipt["number"]).extra["category"] == "自来水 / 爆管"


@pytest.mark.parametrize("category", [None, ""])
def test_an_order_without_a_category_is_general(hotline, category):
    assert hotline.post(TICKETS, an_order(category=category)).json()["category"] == "general"


def test_what_has_no_column_is_kept_beside(hotline):
    beside = {
        "kind": "投诉",
        "urgency": "紧急",
        "location": {"lng": 117.1, "lat": 36.6},
        "attachments": ["https://files.example/1.jpg"],
    }
    number = hotline.post(TICKETS, an_order(**beside)).json()["number"]
    assert Ticket.objects.get(number=number).extra == beside


# ---- what is not an order


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("category", "no_such_code"),
        ("channel", "pigeon"),
        ("title", "x" * 121),
        ("content", "x" * 10_001),
        ("address", "x" * 201),
        ("external_no", "x" * 61),
        ("title", {"a": 1}),
        ("reported_at", "2026-01-05T08:30:00"),
        ("reported_at", "yesterday"),
        ("reported_at", 1767573000),
        ("reported_at", "1999-12-31T23:59:59+00:00"),
        ("reported_at", "2019-06-01T08:00:00+08:00"),
        ("city_due_at", "9999-12-31T23:59:59+00:00"),
        ("attachments", ["javascript:alert(1)"]),
        ("attachments", ["https://x.example/"] * 21),
        ("facts", ["dn"]),
        ("facts", {"dn": "200"}),
        ("facts", {"matter": ["meter_fault"]}),
        ("facts", {"matter": {}}),
        ("facts", {"area": []}),
        ("reporter", "张三"),
        ("reporter", {"phone": "1" * 31}),
    ],
)
def test_an_impossible_value_is_a_problem_that_names_its_field(hotline, field, value):
    answer = hotline.post(TICKETS, an_order(**{field: value}))
    assert (answer.status_code, code_of(answer)) == (400, "invalid"), answer.content
    assert {name.split(".")[0] for name in fields_of(answer)} == {field}
    assert not Ticket.objects.exists()


def test_a_payment_at_the_end_of_time_is_impossible(hotline):
    answer = hotline.post(
        TICKETS, an_order(category="restore_after_arrears", facts={"paid_at": "9999-12-31T23:00:00+00:00"})
    )
    assert (answer.status_code, fields_of(answer)) == (400, {"facts.paid_at"})


def test_a_report_from_the_future_is_refused(hotline):
    later = datetime.now(UTC) + timedelta(minutes=6)
    answer = hotline.post(TICKETS, an_order(reported_at=later.isoformat()))
    assert (answer.status_code, code_of(answer), fields_of(answer)) == (400, "invalid", {"reported_at"})


def test_a_category_set_by_hand_needs_its_reason(hotline):
    answer = hotline.post(TICKETS, an_order(category="major_emergency"))
    assert (answer.status_code, code_of(answer)) == (422, "reason_required")


@pytest.mark.parametrize("body", ["{}", '{"channel": "phone"}', '{"title": "", "content": null}'])
def test_an_order_that_says_nothing_is_refused(hotline, body):
    assert hotline.post(TICKETS, body).status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        "",
        "nonsense",
        "[1",
        b"\xff\xfe",
        '{"title": NaN}',
        '{"title": "x", "other": 1e999}',
        '{"title": "a\\u0000b"}',
        '{"title": "x", "other": {"a\\u0000": 1}}',
        '{"title": "x", "other": ["\\ud800"]}',
        '{"title": "x", "other": ' + "[" * 40 + "]" * 40 + "}",
        '{"title": "x", "other": ' + "[" * 90_000 + "]" * 90_000 + "}",
        '{"title": "x", "other": ' + "1" * 5000 + "}",
    ],
)
def test_a_body_that_cannot_be_kept_is_refused(hotline, body):
    answer = hotline.post(TICKETS, body)
    assert answer.status_code == 400, answer.content
    assert code_of(answer) in {"parse_error", "invalid"}
    assert check(answer)


@pytest.mark.parametrize("body", ["[]", '"text"', "null", "7"])
def test_a_body_that_is_no_object_is_refused(hotline, body):
    assert hotline.post(TICKETS, body).status_code == 400


def test_a_huge_body_is_refused(hotline):
    answer = hotline.post(TICKETS, an_order(other="x" * 300_000))
    assert (answer.status_code, code_of(answer)) == (413, "too_large")


def test_another_media_type_is_refused(hotline):
    answer = hotline.browser.post(TICKETS, {"title": "x"}, headers=hotline.headers(**{"Idempotency-Key": "k"}))
    assert (answer.status_code, code_of(answer)) == (415, "unsupported_media_type")


# ---- people


def test_a_dispatcher_registers_by_the_same_door(sign_in):
    answer = sign_in("dispatcher").post(TICKETS, an_order(category="major_emergency", reason="主干管爆裂"))
    assert answer.status_code == 201
    assert Ticket.objects.get().client is None


def test_a_person_without_the_role_is_refused(sign_in):
    answer = sign_in("auditor").post(TICKETS, an_order())
    assert (answer.status_code, code_of(answer)) == (403, "wrong_role")


def test_a_session_without_its_csrf_token_writes_nothing(sign_in):
    person = sign_in("dispatcher")
    person.browser.handler.enforce_csrf_checks = True
    answer = person.post(TICKETS, an_order())
    assert (answer.status_code, code_of(answer)) == (403, "permission_denied")


# ---- cost


def test_an_order_costs_nine_statements(hotline, warm_rules, statements):
    with statements() as counted:
        hotline.post(TICKETS, an_order())
    assert len(counted) <= 10, counted
