"""Who may open which page."""

from __future__ import annotations

import pytest
from django.test import Client

from tests import factories
from tests.dispatch.conftest import SignIn
from units.actors import ROLES, Role

PEOPLE = sorted(ROLES - {Role.INTEGRATION_CLIENT, Role.SYSTEM})
CENTRE = {Role.DISPATCHER, Role.DUTY_LEADER}
FIELD = {Role.HANDLER, Role.UNIT_HEAD}
DESK = CENTRE | {Role.LEADER, Role.AUDITOR, Role.ADMINISTRATOR}
MONTHS = {Role.ASSESSOR, Role.APPROVER, Role.LEADER, Role.AUDITOR}

PAGES = {
    "/desk/": DESK,
    "/my/": FIELD,
    "/tickets/new/": CENTRE | FIELD,
    "/months/": MONTHS,
    "/months/2026-02/": MONTHS,
}


@pytest.mark.parametrize("role", PEOPLE)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_opens_to_its_roles_alone(sign_in: SignIn, role: str, path: str) -> None:
    answer = sign_in(role).get(path)
    assert answer.status_code == (200 if role in PAGES[path] else 403)
    if answer.status_code == 403:
        assert "Your role does not open this page." in answer.text


@pytest.mark.parametrize("role", PEOPLE)
def test_everybody_starts_on_a_page_of_his_own(sign_in: SignIn, role: str) -> None:
    answer = sign_in(role).get("/", follow=True)
    assert answer.status_code == 200
    expected = "/desk/" if role in DESK else "/my/" if role in FIELD else "/months/"
    assert answer.request["PATH_INFO"] == expected


@pytest.mark.parametrize("role", PEOPLE)
def test_the_sidebar_shows_only_what_opens(sign_in: SignIn, role: str) -> None:
    client = sign_in(role)
    page = client.get("/", follow=True).text
    for path, roles in PAGES.items():
        if path != "/months/2026-02/":
            assert (f'class="nav-link" href="{path}"' in page) == (role in roles)


@pytest.mark.parametrize("path", [*PAGES, "/", "/findings/1/", "/tickets/20260302-000001/"])
def test_strangers_are_asked_to_sign_in(db: None, path: str) -> None:
    answer = Client().get(path)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/?next=")


def test_a_list_that_refreshes_itself_sends_the_whole_page_to_the_sign_in(db: None) -> None:
    answer = Client().get("/desk/", headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == "/sign-in/"


def test_people_of_a_unit_see_its_tickets_and_no_others(sign_in: SignIn) -> None:
    ticket = factories.dispatched()
    path = f"/tickets/{ticket.number}/"
    assert sign_in(Role.HANDLER).get(path).status_code == 200
    assert sign_in(Role.HANDLER, "water-quality").get(path).status_code == 404


@pytest.mark.parametrize("role", PEOPLE)
def test_misconduct_is_for_duty_leaders_and_the_discipline_office(sign_in: SignIn, role: str) -> None:
    ticket = factories.dispatched(category="staff_misconduct", unit="discipline")
    path = f"/tickets/{ticket.number}/"
    assert sign_in(role).get(path).status_code == (200 if role == Role.DUTY_LEADER else 404)
    if role == Role.UNIT_HEAD:
        assert sign_in(role, "discipline").get(path).status_code == 200
    if role in DESK:
        assert (ticket.number in sign_in(role).get("/desk/").text) == (role == Role.DUTY_LEADER)
