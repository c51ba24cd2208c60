"""A platform that posts orders, the people who read them, and the orders themselves."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core import clock
from tickets.actions import dispatching
from tickets.models import Ticket
from tickets.queries.rulebook import rulebook
from units.actions import clients
from units.actors import SYSTEM, Actor, Role
from units.models import IntegrationClient, User

TICKETS = "/api/v1/tickets/"
TOKENS = {"hotline": "a-token-of-the-hotline", "bureau": "a-token-of-the-bureau"}
DISPATCHER = Actor(role=Role.DISPATCHER, unit="dispatch-centre", name="李调度")

#: Statements of the transaction and of the sign-in.
APART = ("SAVEPOINT", "BEGIN", "COMMIT", "units_integrationclient", "django_session", '"units_user"')

_keys = count(1)


class Platform:
    """A caller of the API: a platform by its token, or a person by the session."""

    def __init__(self, browser: Client, token: str | None = None) -> None:
        self.browser, self.token = browser, token

    def headers(self, **more: str) -> dict[str, str]:
        return ({"Authorization": f"Bearer {self.token}"} if self.token else {}) | more

    def post(self, path: str, body: Any, *, key: str | None = None, **headers: str) -> HttpResponse:
        """Send JSON with a key of its own, or with the one given; an empty key sends none."""
        key = f"key-{next(_keys)}" if key is None else key
        sent = self.headers(**({"Idempotency-Key": key} if key else {}), **headers)
        text = body if isinstance(body, str | bytes) else json.dumps(body)
        return self.browser.post(path, text, content_type="application/json", headers=sent)

    def get(self, path: str, **query: str) -> HttpResponse:
        return self.browser.get(path, query, headers=self.headers())


def admit(code: str) -> Platform:
    """Let a platform in."""
    if not IntegrationClient.objects.filter(code=code).exists():
        clients.add(code=code, name=f"{code} platform", token=TOKENS[code], by=SYSTEM)
    return Platform(Client(), TOKENS[code])


@pytest.fixture(autouse=True)
def _static_folder(settings: Any, tmp_path: Path) -> None:
    """No static files are collected for tests; the middleware that serves them wants a folder all the same."""
    settings.STATIC_ROOT = tmp_path


@pytest.fixture
def hotline(db: None) -> Platform:
    return admit("hotline")


@pytest.fixture
def bureau(db: None) -> Platform:
    return admit("bureau")


@pytest.fixture
def sign_in(db: None) -> Callable[..., Platform]:
    """A person of a role and unit, signed in by the session."""

    def person(role: str, unit: str | None = None) -> Platform:
        user = User(username=f"{role}-{unit}", name="王某", role=role, unit_id=unit)
        user.set_unusable_password()
        user.save()
        browser = Client()
        browser.force_login(user)
        return Platform(browser)

    return person


def an_order(**changed: Any) -> dict[str, Any]:
    """What the hotline sends; None takes a field away."""
    order = {
        "external_no": "H-1",
        "channel": "mayor_hotline",
        "category": "public_pipe_leak",
        "title": "东湖路路面冒水",
        "content": "来电人13812345678反映路面持续冒水。",
        "reporter": {"name": "张三", "phone": "13812345678", "confidential": False},
        "address": "城东区东湖路12号3栋2单元",
        "facts": {"dn": 200},
    } | changed
    return {name: value for name, value in order.items() if value is not None}


@pytest.fixture
def ticket_of(hotline: Platform) -> Callable[..., Ticket]:
    """A ticket the hotline sent, dispatched to a unit if one is named."""
    numbers = count(100)

    def make(*, unit: str | None = None, sender: Platform = hotline, **changed: Any) -> Ticket:
        order = an_order(**({"external_no": f"H-{next(numbers)}"} | changed))
        answer = sender.post(TICKETS, order)
        assert answer.status_code == 201, answer.content
        ticket = Ticket.objects.get(number=answer.json()["number"])
        if unit:
            dispatching.dispatch(ticket, unit=unit, reason="by hand", by=DISPATCHER, at=now())
            ticket.refresh_from_db()
        return ticket

    return make


@pytest.fixture
def warm_rules(db: None) -> None:
    """The rules are read: a process reads them every few seconds, not with every order."""
    rulebook()


class InFlight:
    """Another connection, with a transaction that stays open until it is told."""

    def __init__(self) -> None:
        self.connection = connections.create_connection("default")
        self.connection.inc_thread_sharing()
        self.connection.set_autocommit(False)

    def __call__(self, sql: str) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute(sql)

    def commit(self) -> None:
        self.connection.commit()

    def rollback(self) -> None:
        self.connection.rollback()


@pytest.fixture
def in_flight(committed: None) -> Iterator[InFlight]:
    """Ended before the tables are emptied, which would wait for it for ever."""
    other = InFlight()
    yield other
    other.rollback()
    other.connection.close()


def now() -> datetime:
    return clock.now()


def code_of(response: HttpResponse) -> str:
    """What a problem is."""
    assert response.headers["Content-Type"] == "application/problem+json", response.content
    problem = response.json()
    assert problem["status"] == response.status_code
    return problem["code"]


def fields_of(response: HttpResponse) -> set[str]:
    """The fields a problem names."""
    return {error["field"] for error in response.json().get("errors", [])}


@pytest.fixture
def statements(db: None) -> Callable[[], Any]:
    """Counts what a call asks of the database, sign-in and savepoints apart."""

    @contextmanager
    def counting() -> Iterator[list[str]]:
        counted: list[str] = []
        with CaptureQueriesContext(connection) as captured:
            yield counted
        for query in captured.captured_queries:
            if not any(word in query["sql"] for word in APART):
                counted.append(query["sql"])

    return counting
