"""Role by route: every address of the site says who may come in, and keeps to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.regex_helper import normalize

from tests.factories import DISPATCHER, T0, dispatched
from tickets.actions.reporting import Report, report
from tickets.models import Ticket
from units.actors import Role
from units.models import User

ROLES = sorted(User.RoleChoice.values)
#: The unit the handler and the unit head of these tests belong to, and one that holds the ticket of somebody else.
OWN = "pipe-network"


def routes(resolver: Any = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every route of the URL conf, with an address that has plausible values in its places."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from routes(entry, prefix + str(entry.pattern))
        else:
            yield prefix + str(entry.pattern), entry


SITE = [(route, entry) for route, entry in routes() if not route.startswith("admin/")]


def policy_of(entry: URLPattern) -> frozenset[str] | None:
    """The declared policy of a route: its roles, None where anybody may come. Raises AttributeError if none is."""
    view = getattr(entry.callback, "view_class", None) or getattr(entry.callback, "cls", None)
    if view is not None and not hasattr(entry.callback, "policy"):
        return view.policy
    return entry.callback.policy


def address(route: str, number: str) -> str:
    """The route as something to type."""
    values = {"number": number, "verb": "urge", "code": "2026-03", "month": "2026-03", "pk": "1", "name": "x" * 8}
    if "^" in route or "(?P" in route:
        pattern, names = normalize(route.split("^", 1)[-1])[0]
        head = route.split("^", 1)[0] if "^" in route else ""
        return "/" + head + pattern % {name: values[name] for name in names}
    for name, value in values.items():
        for converter in ("str", "slug", "int"):
            route = route.replace(f"<{converter}:{name}>", value)
    return "/" + route


@pytest.fixture
def cast(db: None) -> dict[str, User]:
    """One person a role."""
    field = {Role.HANDLER, Role.UNIT_HEAD}
    return {
        role: User.objects.create_user(role, "x", name=role, role=role, unit_id=OWN if role in field else None)
        for role in ROLES
    }


@pytest.fixture
def own(db: None) -> Ticket:
    return dispatched()


@pytest.fixture
def foreign(db: None) -> Ticket:
    ticket = report(Report(category="water_quality"), by=DISPATCHER, at=T0)
    return ticket


@pytest.mark.parametrize(("route", "entry"), SITE, ids=[route or "/" for route, _entry in SITE])
def test_every_route_declares_who_may_come_in(route: str, entry: URLPattern) -> None:
    policy = policy_of(entry)
    assert policy is None or policy, "a policy names roles, or says that anybody may come"


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_gets_in_where_his_role_may_not(role: str, method: str, cast: dict[str, User], own: Ticket) -> None:
    client = Client()
    client.force_login(cast[role])
    for route, entry in SITE:
        policy = policy_of(entry)
        if route == "sign-out/":
            continue  # it would end the walk
        answer = getattr(client, method)(address(route, own.number))
        for close in getattr(answer, "_resource_closers", ()):
            close()  # files only: closing the whole answer would close the test's connection
        if policy is not None and role not in policy:
            assert answer.status_code in {403, 405}, (route, answer.status_code)
        else:
            assert answer.status_code != 500, route
            if method == "get" and policy is not None:
                assert answer.status_code != 403, route


@pytest.mark.parametrize("method", ["get", "post"])
def test_strangers_are_sent_to_the_sign_in(method: str, own: Ticket) -> None:
    client = Client()
    for route, entry in SITE:
        if policy_of(entry) is None:
            continue
        answer = getattr(client, method)(address(route, own.number))
        if route.startswith("api/"):
            assert answer.status_code in {401, 405}, (route, answer.status_code)
        elif answer.status_code != 405:
            assert answer.status_code == 302, (route, answer.status_code)
            assert "/sign-in/" in answer["Location"], route


@pytest.mark.parametrize("role", [Role.HANDLER, Role.UNIT_HEAD])
def test_a_unit_sees_its_own_tickets_and_no_others(
    role: str, cast: dict[str, User], own: Ticket, foreign: Ticket
) -> None:
    client = Client()
    client.force_login(cast[role])
    about_one = [route for route, entry in SITE if "number" in route and policy_of(entry) is not None]
    assert len(about_one) >= 5
    for route in about_one:
        for method in ("get", "post"):
            answer = getattr(client, method)(address(route, foreign.number))
            assert answer.status_code in {404, 405, 400}, (route, method, answer.status_code)
            assert foreign.title.encode() not in answer.content
    assert client.get(f"/tickets/{own.number}/").status_code == 200
    assert client.get(f"/tickets/{foreign.number}/").status_code == 404


@pytest.mark.parametrize("role", ROLES)
def test_each_role_has_a_start_page_that_opens(role: str, cast: dict[str, User]) -> None:
    client = Client()
    client.force_login(cast[role])
    assert client.get("/", follow=True).status_code == 200


@pytest.mark.parametrize("role", [role for role in ROLES if role != Role.ADMINISTRATOR])
def test_the_admin_is_for_administrators(role: str, cast: dict[str, User]) -> None:
    client = Client()
    client.force_login(cast[role])
    answer = client.get("/admin/")
    assert answer.status_code in {302, 404}
    if answer.status_code == 302:
        assert "/admin/login/" in answer["Location"]
