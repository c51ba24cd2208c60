"""Readers of the pages, signed in, at a fixed instant."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories import T0, minutes
from units.actors import CENTRE, Role
from units.models import User

#: When the pages are read: five minutes after the tickets of the factories were made.
NOW = T0 + minutes(5)
UNIT_OF = {
    Role.DISPATCHER: CENTRE,
    Role.DUTY_LEADER: CENTRE,
    Role.HANDLER: "pipe-network",
    Role.UNIT_HEAD: "pipe-network",
    Role.ASSESSOR: "enterprise-management",
    Role.APPROVER: "enterprise-management",
}

SignIn = Callable[..., Client]


@pytest.fixture(autouse=True)
def _static_folder(settings: Any, tmp_path: Path) -> None:
    """No static files are collected for tests; the middleware that serves them wants a folder all the same."""
    settings.STATIC_ROOT = tmp_path


@pytest.fixture
def reading_at() -> Iterator[Callable[[datetime], None]]:
    """Pages read the system clock; this sets it."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller.move_to


@pytest.fixture
def sign_in(db: None, reading_at: Callable[[datetime], None]) -> SignIn:
    """A browser in which somebody of a role is signed in, reading English unless told otherwise."""
    numbers = itertools.count(1)

    def signed_in(role: str, unit: str | None = None, *, language: str = "en") -> Client:
        name = f"{role}-{next(numbers)}"
        unit = unit or UNIT_OF.get(role)
        user = User.objects.create(username=name, name=f"张{role[:2]}", role=role, unit_id=unit, password="!")
        client = Client()
        client.force_login(user)
        client.cookies["django_language"] = language
        return client

    return signed_in


@pytest.fixture
def statements() -> Callable[[Client, str], list[str]]:
    """What a page asks the database, sign-in and session apart, once the rules are in the process."""

    def asked(client: Client, path: str) -> list[str]:
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        apart = re.compile(r'FROM "(django_session|units_user)"|^(SAVEPOINT|RELEASE)')
        return [query["sql"] for query in captured if not apart.search(query["sql"])]

    return asked
