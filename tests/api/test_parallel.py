"""Orders sent at the same moment, each over a connection of its own."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.db import connection, connections
from django.http import HttpResponse

from core import clock, idempotency
from core.models import IdempotencyKey
from tests.api.conftest import TICKETS, admit, an_order, code_of
from tickets.models import Event, Ticket

CLAIMED = (
    "INSERT INTO core_idempotencykey (scope, key, request_hash, created_at)"
    " VALUES ('client:hotline', 'one', 'x', now())"
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def at_once(*calls: Callable[[], HttpResponse]) -> list[HttpResponse]:
    """Make all calls from threads that start together; their answers in the order of the calls."""
    answers: list[HttpResponse | None] = [None] * len(calls)
    errors: list[BaseException] = []
    start = Barrier(len(calls))

    def run(place: int) -> None:
        try:
            start.wait()
            answers[place] = calls[place]()
        except BaseException as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(place,)) for place in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    return [answer for answer in answers if answer is not None]


def test_twenty_identical_orders_make_one_ticket_and_twenty_equal_answers(committed):
    admit("hotline")
    answers = at_once(*[lambda: admit("hotline").post(TICKETS, an_order(), key="one")] * 20)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum("Idempotency-Replayed" not in answer.headers for answer in answers) == 1
    assert (Ticket.objects.count(), Event.objects.count(), IdempotencyKey.objects.count()) == (1, 1, 1)


def test_twenty_keys_with_one_number_make_one_ticket(committed):
    admit("hotline")
    answers = at_once(
        *[lambda place=place: admit("hotline").post(TICKETS, an_order(), key=f"key {place}") for place in range(20)]
    )
    assert sorted(answer.status_code for answer in answers) == [200] * 19 + [201]
    assert len({answer.json()["number"] for answer in answers}) == 1
    assert Ticket.objects.count() == 1


def test_of_two_contents_under_one_number_one_is_refused(committed):
    admit("hotline")
    answers = at_once(
        *[
            lambda place=place: admit("hotline").post(TICKETS, an_order(content=f"{place}"), key=f"{place}")
            for place in range(2)
        ]
    )
    assert sorted(answer.status_code for answer in answers) == [201, 422]


def test_twenty_orders_make_twenty_tickets(committed):
    admit("hotline")
    answers = at_once(
        *[
            lambda place=place: admit("hotline").post(TICKETS, an_order(external_no=f"{place}"), key=f"{place}")
            for place in range(20)
        ]
    )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["number"] for answer in answers}) == 20


def test_a_withdrawal_sent_under_two_keys_happens_once(committed):
    hotline = admit("hotline")
    number = hotline.post(TICKETS, an_order()).json()["number"]
    answers = at_once(
        *[
            lambda place=place: admit("hotline").post(f"{TICKETS}{number}/withdrawal", {}, key=f"{place}")
            for place in range(4)
        ]
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]


def test_whoever_waits_behind_a_refused_call_takes_its_own_turn(committed, in_flight):
    """The first claim is rolled back; the second, which waited for it, is not answered with the first one's refusal."""
    hotline = admit("hotline")
    in_flight(CLAIMED)

    def refuse() -> HttpResponse:
        _wait_for_a_waiter()
        in_flight.rollback()
        return HttpResponse()

    answer, _other = at_once(lambda: hotline.post(TICKETS, an_order(), key="one"), refuse)
    assert answer.status_code == 201


def test_a_first_call_that_does_not_end_is_told_after_its_time(committed, in_flight, monkeypatch):
    monkeypatch.setattr(idempotency, "PATIENCE", "200ms")
    hotline = admit("hotline")
    in_flight(CLAIMED)
    answer = hotline.post(TICKETS, an_order(), key="one")
    assert (answer.status_code, code_of(answer)) == (409, "key_in_flight")
    assert answer.headers["Retry-After"]
    assert not Ticket.objects.exists()


def test_the_patience_for_keys_does_not_bind_the_effect(committed):
    seen = []

    def effect() -> tuple[int, bytes]:
        with connection.cursor() as cursor:
            cursor.execute("SHOW lock_timeout")
            seen.append(cursor.fetchone()[0])
        return 200, b""

    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '7s'")
    try:
        idempotency.once(effect, scope="user:1", key="k", request_hash="h", at=clock.now())
        with connection.cursor() as cursor:
            cursor.execute("SHOW lock_timeout")
            seen.append(cursor.fetchone()[0])
    finally:
        connection.close()
    assert seen == ["7s", "7s"]


def _wait_for_a_waiter() -> None:
    for _time in range(200):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.02)
    raise AssertionError("nobody waits")
