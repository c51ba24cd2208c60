"""Signing in and out, the language, and pages that say what went wrong."""

from __future__ import annotations

import re

import pytest
from django.test import Client, override_settings

from tests import factories
from tests.dispatch.conftest import SignIn
from units.actors import Role
from units.models import User


@pytest.fixture
def dora(db: None) -> User:
    return User.objects.create_user(
        "dora", "a good password", name="Dora", role=Role.DISPATCHER, unit_id="dispatch-centre"
    )


def test_signing_in_leads_to_the_desk_and_signing_out_back(dora: User) -> None:
    client = Client()
    answer = client.post("/sign-in/", {"username": "dora", "password": "a good password"}, follow=True)
    assert answer.request["PATH_INFO"] == "/desk/"
    answer = client.post("/sign-out/", follow=True)
    assert answer.request["PATH_INFO"] == "/sign-in/"


def test_a_wrong_password_is_told_in_chinese(dora: User) -> None:
    answer = Client().post("/sign-in/", {"username": "dora", "password": "no"})
    assert answer.status_code == 200
    assert 'role="alert"' in answer.text
    assert "请输入一个正确的" in answer.text


def test_pages_are_chinese_unless_the_reader_chose_otherwise(db: None) -> None:
    client = Client(headers={"Accept-Language": "en-US,en"})
    assert '<html lang="zh-hans">' in client.get("/sign-in/").text
    client.post("/language/", {"language": "en", "next": "/sign-in/"})
    assert '<html lang="en">' in client.get("/sign-in/").text


CHINESE_PAGES = {
    Role.DUTY_LEADER: ["/desk/", "/tickets/new/"],
    Role.HANDLER: ["/my/", "/my/?tab=accepted", "/tickets/new/"],
    Role.APPROVER: ["/months/", "/months/2026-02/", "/months/2026-03/"],
}


@pytest.mark.parametrize("role", CHINESE_PAGES)
def test_no_english_is_left_on_a_chinese_page(sign_in: SignIn, role: str) -> None:
    told = {"title": "路面冒水", "reporter_name": "李建华", "reporter_phone": "13812342317"}
    tickets = [factories.reported(**told), factories.dispatched(**told), factories.accepted(**told)]
    client = sign_in(role, language="zh-hans")
    for path in [*CHINESE_PAGES[role], *(f"/tickets/{ticket.number}/" for ticket in tickets)]:
        answer = client.get(path)
        if answer.status_code == 200:
            assert english_in(answer.text) == set(), path


def english_in(page: str) -> set[str]:
    """Words of the text a reader sees; names of the cast, of languages and of keys are none."""
    for hidden in (r"<(script|style|title)\b.*?</\1>", r"<[^>]*>"):
        page = re.sub(hidden, " ", page, flags=re.DOTALL)
    cast = {"English", "Dora", "Hans", "handler", "pipe", "network", "the", "test", "wants", "Ctrl", "Enter", "Esc"}
    cast |= {"JPEG", "PNG", "WebP", "Excel"}  # what files are called everywhere
    return set(re.findall(r"[A-Za-z]{3,}", page)) - cast


def test_a_page_that_is_not_there_says_so(sign_in: SignIn) -> None:
    answer = sign_in(Role.DISPATCHER).get("/tickets/20260101-999999/")
    assert answer.status_code == 404
    assert "There is nothing here, or nothing that you may see." in answer.text


@override_settings(DEBUG=False)
def test_an_error_page_asks_nothing_of_the_database(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    client = sign_in(Role.DISPATCHER, language="zh-hans")
    client.raise_request_exception = False

    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("dispatch.queries.desk.queue", broken)
    answer = client.get("/desk/")
    assert answer.status_code == 500
    assert "系统出错" in answer.text


def test_a_form_that_is_too_old_is_refused_kindly(dora: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(dora)
    answer = client.post("/tickets/new/", {})
    assert answer.status_code == 403
    assert "请返回并刷新页面后重新提交" in answer.text


def test_no_page_holds_inline_script_or_style(sign_in: SignIn) -> None:
    ticket = factories.dispatched()
    client = sign_in(Role.DUTY_LEADER)
    for path in ("/desk/", f"/tickets/{ticket.number}/", "/tickets/new/", "/sign-in/"):
        page = client.get(path, follow=True).text
        assert "<style" not in page
        assert not re.search(r"<script(?![^>]*\bsrc=)", page)
        assert not re.search(r"\son\w+=", page)


def test_a_number_leads_to_its_ticket(sign_in: SignIn) -> None:
    ticket = factories.reported()
    client = sign_in(Role.DISPATCHER)
    assert client.get("/tickets/", {"number": f" {ticket.number} "})["Location"] == f"/tickets/{ticket.number}/"
    assert "There is no ticket with this number." in client.get("/tickets/", {"number": "1"}, follow=True).text
