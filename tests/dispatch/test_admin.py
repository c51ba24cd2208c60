"""The admin: for administrators alone, in Chinese, under the strict policy; rules are dated rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from core.clock import SHANGHAI, local
from dispatch.actions import reference
from penalties.models import Finding, LedgerEntry, Reading
from tests import factories
from tests.dispatch.conftest import NOW, SignIn
from tests.factories import AFTER_MARCH, minutes
from tickets.models import Category, Event, Limit, Parameter, RoutingRule, Ticket
from tickets.queries.rulebook import rulebook
from units.actions import clients
from units.actors import SYSTEM, Role
from units.models import IntegrationClient, Unit, User

TODAY = local(NOW).date()
TOMORROW = TODAY + timedelta(days=1)
LATER = TODAY + timedelta(days=30)
OTHERS = sorted(set(User.RoleChoice.values) - {Role.ADMINISTRATOR})
WORD = {"ground": "amendment", "document": "公司发〔2026〕12号"}


@pytest.fixture(autouse=True)
def _content_types() -> Iterator[None]:
    """Content types are kept by the process, their rows are gone with each test."""
    ContentType.objects.clear_cache()
    yield
    ContentType.objects.clear_cache()


@pytest.fixture
def admin(sign_in: SignIn) -> Client:
    return sign_in(Role.ADMINISTRATOR)


def url(model: type[Model], page: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


PAGES = [
    "/admin/",
    *(
        url(model, "changelist")
        for model in (Unit, User, Limit, RoutingRule, Parameter, Category, Ticket, Event, Reading, Finding)
    ),
    *(url(model, "add") for model in (User, Limit, Reading)),
]


@pytest.mark.parametrize("role", OTHERS)
def test_only_administrators_come_in(sign_in: SignIn, role: str) -> None:
    client = sign_in(role)
    for path in ("/admin/", "/admin/login/", "/admin/units/user/"):
        assert client.get(path, follow=True).status_code == 403
    assert 'href="/admin/"' not in client.get("/", follow=True).text


def test_strangers_sign_in_by_the_one_door_and_leave_by_it(db: None, admin: Client) -> None:
    answer = Client().get("/admin/units/user/", follow=True)
    assert answer.request["PATH_INFO"] == "/sign-in/"
    assert 'href="/admin/"' in admin.get("/", follow=True).text
    assert admin.get("/admin/login/", follow=True).request["PATH_INFO"] == "/admin/"
    assert admin.post("/admin/logout/", follow=True).request["PATH_INFO"] == "/sign-in/"
    assert admin.get("/admin/").status_code == 302


@pytest.mark.parametrize("path", PAGES)
def test_pages_hold_nothing_inline(admin: Client, path: str) -> None:
    answer = admin.get(path)
    assert answer.status_code == 200
    assert "'unsafe-inline'" not in answer["Content-Security-Policy"].split("style-src-attr")[0]
    assert "<style" not in answer.text
    assert not re.search(r"<script(?![^>]*\bsrc=)", answer.text)
    assert not re.search(r"\son\w+=", answer.text)


def test_it_reads_chinese(sign_in: SignIn) -> None:
    client = sign_in(Role.ADMINISTRATOR, language="zh-hans")
    page = re.sub(r"<(script|style|title)\b.*?</\1>|<[^>]*>", " ", client.get("/admin/").text, flags=re.DOTALL)
    assert set(re.findall(r"[A-Za-z]{3,}", page)) == {"administrator"}  # the name of who is signed in
    for path, words in (
        (url(Limit, "add"), ["变更依据", "调度中心解释(第41条)", "公司修订"]),
        (url(User, "add"), ["姓名", "角色", "密码确认"]),
        (url(Finding, "changelist"), ["不予认定(填写理由)", "理由"]),
    ):
        page = client.get(path).text
        assert all(word in page for word in words), path


# ---- rules

LIMIT = {"category": "", "milestone": "accept", "starts": "dispatch", "minutes": "15", "tier": "", "when": "{}"}
DATED: dict[type[Any], tuple[dict[str, Any], dict[str, str]]] = {
    Limit: ({"category": "", "milestone": "accept"}, LIMIT | {"article": "9"}),
    RoutingRule: (
        {"category": "after_meter_repair", "order": 1},
        {"category": "after_meter_repair", "order": "1", "when": "{}", "unit": "engineering", "article": "15.3"},
    ),
    Parameter: ({"code": "close_share"}, {"code": "close_share", "value": "0.6", "article": "41"}),
    Reading: (
        {"clause": "36.2"},
        {"clause": "36.2", "unit_low": "200", "unit_high": "600", "measures_zh": "责令限期完成"},
    ),
}
EVERY_RULE = pytest.mark.parametrize("model", DATED, ids=[model.__name__ for model in DATED])


def row_of(model: type[Any]) -> Any:
    """The row in force of a rule."""
    return model.objects.get(valid_from=date(2020, 1, 1), **DATED[model][0])


def add(client: Client, model: type[Any], first: date, **more: str) -> HttpResponse:
    return client.post(url(model, "add"), DATED[model][1] | WORD | {"valid_from": first.isoformat()} | more)


def errors(answer: HttpResponse) -> str:
    """What a form says against what was typed."""
    assert answer.status_code == 200, "it was taken"
    found = re.findall(r'<ul class="errorlist[^>]*>(.*?)</ul>', answer.text, re.DOTALL)
    return " ".join(re.sub(r"<[^>]*>", " ", " ".join(found)).split())


@EVERY_RULE
def test_a_new_row_follows_the_one_in_force_which_ends_as_it_begins(admin: Client, model: type[Any]) -> None:
    before = row_of(model)
    assert add(admin, model, LATER).status_code == 302
    before.refresh_from_db()
    assert before.valid_to == LATER
    row = model.objects.get(valid_from=LATER, **DATED[model][0])
    assert (row.valid_to, row.source) == (None, "修订：公司发〔2026〕12号")


@EVERY_RULE
@pytest.mark.parametrize("first", [TODAY, TODAY - timedelta(days=1), date(2019, 1, 1)])
def test_a_row_never_begins_today_or_before(admin: Client, model: type[Any], first: date) -> None:
    assert f"The first day must lie ahead: {TOMORROW} or later." in errors(add(admin, model, first))
    assert not model.objects.filter(valid_from__gt=date(2020, 1, 1)).exists()


@EVERY_RULE
@pytest.mark.parametrize("word", [{"document": ""}, {"document": "  "}, {"ground": ""}, {"ground": "mood"}])
def test_a_change_says_on_whose_word(admin: Client, model: type[Any], word: dict[str, str]) -> None:
    assert errors(add(admin, model, LATER, **word))
    assert not model.objects.filter(valid_from=LATER).exists()


def test_readings_of_the_centre_and_amendments_are_told_apart(admin: Client) -> None:
    add(admin, Limit, LATER, ground="interpretation", document="2026年第3号")
    assert Limit.objects.get(valid_from=LATER).source == "解释：2026年第3号"


@EVERY_RULE
def test_a_row_in_force_is_not_edited_or_deleted(admin: Client, model: type[Any]) -> None:
    row = row_of(model)
    kept = model.objects.filter(pk=row.pk).values().get()
    changed = dict.fromkeys(DATED[model][1], "77") | {"valid_from": LATER.isoformat()} | WORD
    admin.post(url(model, "change", row.pk), changed)
    assert model.objects.filter(pk=row.pk).values().get() == kept
    assert admin.post(url(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    admin.post(url(model, "changelist"), chosen)
    assert model.objects.filter(pk=row.pk).values().get() == kept


def end(client: Client, row: Any, on: date | None, **word: str) -> HttpResponse:
    typed = {"valid_to": on.isoformat() if on else ""} | WORD | word
    return client.post(url(type(row), "change", row.pk), typed)


def test_a_row_in_force_is_ended_on_a_day_to_come(admin: Client) -> None:
    row = row_of(RoutingRule)
    for day in (TODAY, TODAY - timedelta(days=1), date(2020, 1, 1)):
        assert f"The end must lie ahead: {TOMORROW} or later." in errors(end(admin, row, day))
    assert "required" in errors(end(admin, row, LATER, document=""))
    assert end(admin, row, LATER).status_code == 302
    row.refresh_from_db()
    assert row.valid_to == LATER
    assert LogEntry.objects.get().change_message == f"Valid to {LATER}. 修订：公司发〔2026〕12号"
    assert end(admin, row, None).status_code == 302  # until then it may go on after all
    row.refresh_from_db()
    assert row.valid_to is None


def test_a_row_that_has_ended_stays_as_it_is(
    admin: Client, sign_in: SignIn, reading_at: Callable[[datetime], None]
) -> None:
    row = row_of(RoutingRule)
    end(admin, row, LATER)
    reading_at(datetime(LATER.year, LATER.month, LATER.day, tzinfo=SHANGHAI))
    assert end(sign_in(Role.ADMINISTRATOR), row, None).status_code == 403
    row.refresh_from_db()
    assert row.valid_to == LATER


@pytest.mark.parametrize("model", [Parameter, Reading])
def test_what_is_needed_every_day_is_followed_not_ended(admin: Client, model: type[Any]) -> None:
    row = row_of(model)
    assert end(admin, row, LATER).status_code == 403
    tier = Limit.objects.get(category="general", milestone="close")
    assert end(admin, tier, LATER).status_code == 403
    row.refresh_from_db()
    assert row.valid_to is None


def test_a_row_ends_no_later_than_the_next_begins(admin: Client) -> None:
    row = row_of(Limit)
    add(admin, Limit, LATER)
    assert f"Another row follows on {LATER}." in errors(end(admin, row, LATER + timedelta(days=1)))
    assert f"Another row follows on {LATER}." in errors(end(admin, row, None))


@EVERY_RULE
def test_a_row_to_come_is_moved_and_taken_back_and_leaves_no_gap(admin: Client, model: type[Any]) -> None:
    before = row_of(model)
    add(admin, model, LATER)
    row = model.objects.get(valid_from=LATER, **DATED[model][0])
    typed = DATED[model][1] | WORD | {"valid_from": (LATER + timedelta(days=5)).isoformat()}
    assert admin.post(url(model, "change", row.pk), typed).status_code == 302
    before.refresh_from_db()
    assert before.valid_to == LATER + timedelta(days=5)
    assert admin.post(url(model, "delete", row.pk), {"post": "yes"}).status_code == 302
    before.refresh_from_db()
    assert before.valid_to is None
    assert not model.objects.filter(pk=row.pk).exists()


def test_a_row_may_come_between_two(admin: Client) -> None:
    add(admin, Limit, LATER)
    add(admin, Limit, LATER - timedelta(days=10), minutes="18")
    rows = Limit.objects.filter(category="", milestone="accept").order_by("valid_from")
    assert [(row.minutes, row.valid_to) for row in rows] == [
        (20, LATER - timedelta(days=10)),
        (18, LATER),
        (15, None),
    ]
    assert "already exists" in errors(add(admin, Limit, LATER))


def test_a_row_to_come_is_not_touched_once_it_has_come(
    admin: Client, sign_in: SignIn, reading_at: Callable[[datetime], None]
) -> None:
    add(admin, Limit, TOMORROW)
    row = Limit.objects.get(valid_from=TOMORROW)
    reading_at(NOW + timedelta(days=1))
    client = sign_in(Role.ADMINISTRATOR)
    client.post(url(Limit, "change", row.pk), LIMIT | WORD | {"minutes": "99", "valid_from": LATER.isoformat()})
    assert client.post(url(Limit, "delete", row.pk), {"post": "yes"}).status_code == 403
    row.refresh_from_db()
    assert (row.minutes, row.valid_from) == (15, TOMORROW)


def test_what_is_saved_counts_at_once_and_only_from_its_day_on(admin: Client) -> None:
    def minutes_on(day: date) -> int:
        instant = datetime(day.year, day.month, day.day, 9, tzinfo=SHANGHAI)
        return next(s.minutes for s in rulebook().spell_clocks("general", {}, instant) if s.kind == "accept")

    assert minutes_on(LATER) == 20
    add(admin, Limit, LATER)
    assert [minutes_on(day) for day in (TODAY, LATER - timedelta(days=1), LATER)] == [20, 20, 15]


def test_loading_the_reference_anew_keeps_what_administrators_changed(admin: Client) -> None:
    add(admin, Limit, LATER)
    reference.load()
    assert row_of(Limit).valid_to == LATER
    assert Limit.objects.filter(valid_from=LATER).exists()


@pytest.mark.parametrize("value", ["half", "", "2026-01-01"])
def test_a_figure_is_followed_by_one_of_its_kind(admin: Client, value: str) -> None:
    assert errors(add(admin, Parameter, LATER, value=value))
    assert not Parameter.objects.filter(valid_from=LATER).exists()


def test_a_figure_takes_over_its_meaning(admin: Client) -> None:
    add(admin, Parameter, LATER)
    old, new = Parameter.objects.filter(code="close_share").order_by("valid_from")
    assert (new.meaning, new.meaning_zh) == (old.meaning, old.meaning_zh)


@pytest.mark.parametrize(
    ("model", "typed"),
    [
        (Limit, {"category": "nothing"}),
        (Limit, {"milestone": "lunch"}),
        (Limit, {"minutes": "0"}),
        (Limit, {"when": '{"weather": "rain"}'}),
        (Limit, {"when": '["dn"]'}),
        (Limit, {"milestone": "close", "category": "general"}),
        (RoutingRule, {"unit": "nobody"}),
        (RoutingRule, {"assist": "nobody"}),
        (Parameter, {"code": "nothing"}),
        (Reading, {"unit_low": "700"}),
        (Reading, {"unit_low": ""}),
        (Reading, {"unit_low": "-1"}),
    ],
)
def test_codes_and_figures_that_cannot_be_are_told(admin: Client, model: type[Any], typed: dict[str, str]) -> None:
    assert errors(add(admin, model, LATER, **typed))
    assert not model.objects.filter(valid_from=LATER).exists()


@EVERY_RULE
def test_a_row_that_follows_begins_with_what_is_there(admin: Client, model: type[Any]) -> None:
    row = row_of(model)
    link = f"{url(model, 'add')}?follow={row.pk}"
    assert f'href="{link}"' in admin.get(url(model, "change", row.pk)).text
    page = admin.get(link)
    assert page.status_code == 200
    initial = page.context["adminform"].form.initial
    assert {name: initial[name] for name in DATED[model][0]} == DATED[model][0]
    assert not {"valid_from", "source"} & set(initial)


def test_the_list_tells_rows_in_force_from_those_to_come(admin: Client) -> None:
    add(admin, Limit, LATER)

    def listed(standing: str) -> int:
        page = admin.get(url(Limit, "changelist"), {"standing": standing, "milestone": "accept"})
        return int(page.context["cl"].result_count)

    assert (listed("now"), listed("coming"), listed("past")) == (1, 1, 0)


# ---- people, units, platforms


def test_an_administrator_makes_an_account_that_works(admin: Client) -> None:
    typed = {"username": "new", "password1": "a good password", "password2": "a good password", "name": "新人"}
    answer = admin.post(url(User, "add"), typed | {"role": Role.DISPATCHER, "unit": "dispatch-centre"})
    assert answer.status_code == 302
    answer = Client().post("/sign-in/", {"username": "new", "password": "a good password"}, follow=True)
    assert answer.request["PATH_INFO"] == "/desk/"


def test_passwords_are_reset_and_never_shown(admin: Client) -> None:
    user = User.objects.create_user("forgetful", "old password", name="李", role=Role.HANDLER, unit_id="pipe-network")
    page = admin.get(url(User, "change", user.pk)).text
    assert user.password not in page
    assert 'name="password"' not in page
    signed_in = Client()
    signed_in.force_login(user)
    typed = {"password1": "a new password", "password2": "a new password", "usable_password": "true"}
    assert admin.post(f"/admin/units/user/{user.pk}/password/", typed).status_code == 302
    user.refresh_from_db()
    assert user.check_password("a new password")
    assert signed_in.get("/my/").status_code == 302  # signed out everywhere


def change_user(client: Client, user: User, **changed: str) -> HttpResponse:
    typed = {"username": user.username, "name": user.name, "role": user.role, "is_active": "on", "unit": ""}
    kept = {name: value for name, value in (typed | changed).items() if value}
    return client.post(url(User, "change", user.pk), kept)


def test_roles_change_and_who_has_left_is_made_inactive(admin: Client) -> None:
    user = User.objects.create_user("pipe", "x", name="张强", role=Role.HANDLER, unit_id="pipe-network")
    assert change_user(admin, user, role=Role.UNIT_HEAD, unit="pipe-network").status_code == 302
    assert change_user(admin, user, role=Role.UNIT_HEAD, is_active="").status_code == 302
    user.refresh_from_db()
    assert (user.role, user.is_active) == (Role.UNIT_HEAD, False)
    assert admin.post(url(User, "delete", user.pk), {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("changed", [{"role": Role.AUDITOR}, {"is_active": ""}])
def test_nobody_locks_himself_out(admin: Client, changed: dict[str, str]) -> None:
    own = User.objects.get(role=Role.ADMINISTRATOR)
    assert "You cannot take away your own access" in errors(change_user(admin, own, **changed))
    own.refresh_from_db()
    assert (own.role, own.is_active) == (Role.ADMINISTRATOR, True)


def test_a_platform_is_switched_off_and_its_token_shown_nowhere(admin: Client) -> None:
    token = clients.add(code="hotline", name="Hotline", by=SYSTEM)
    row = IntegrationClient.objects.get()
    page = admin.get(url(IntegrationClient, "change", "hotline")).text
    assert token not in page
    assert row.token_hash not in page + admin.get(url(IntegrationClient, "changelist")).text
    admin.post(url(IntegrationClient, "change", "hotline"), {"name": "Hotline"})
    row.refresh_from_db()
    assert not row.active
    assert admin.get(url(IntegrationClient, "add")).status_code == 403


def test_a_unit_keeps_its_code_and_stays(admin: Client) -> None:
    unit = Unit.objects.get(code="legal")
    typed = {"code": "law", "name": "法务部", "name_en": "Law", "kind": "unit", "article": "15.9", "dispatchable": "on"}
    assert admin.post(url(Unit, "change", "legal"), typed).status_code == 302
    unit.refresh_from_db()
    assert (unit.code, unit.name) == ("legal", "法务部")
    assert not Unit.objects.filter(code="law").exists()
    assert admin.post(url(Unit, "delete", "legal"), {"post": "yes"}).status_code == 403


def test_a_category_keeps_its_code_and_nature(admin: Client) -> None:
    before = Category.objects.filter(code="general").values().get()
    typed = {"code": "other", "name": "一般事项", "name_en": "General", "order": "99", "public_facility": "on"}
    assert admin.post(url(Category, "change", "general"), typed | {"confidential": "on"}).status_code == 302
    after = Category.objects.filter(code="general").values().get()
    assert after == before | {"name": "一般事项", "name_en": "General", "order": 99}
    assert admin.get(url(Category, "add")).status_code == 403


# ---- what is only read


@pytest.fixture
def closed(db: None) -> Ticket:
    """A ticket whose late acceptance is in the ledger."""
    ticket = factories.accepted_late(address="城东区东湖路12号", reporter_name="李建华", reporter_phone="13812342317")
    factories.closed_march()
    return ticket


@pytest.mark.parametrize("model", [Ticket, Event, LedgerEntry, Finding])
def test_records_are_looked_at_and_nothing_else(admin: Client, closed: Ticket, model: type[Any]) -> None:
    row = model.objects.order_by("pk")[0]
    assert admin.get(url(model, "changelist")).status_code == 200
    page = admin.get(url(model, "change", row.pk))
    assert page.status_code == 200
    assert 'name="_save"' not in page.text
    before = list(model.objects.order_by("pk").values())
    for path in (url(model, "add"), url(model, "change", row.pk), url(model, "delete", row.pk)):
        assert admin.post(path, {"post": "yes", "status": "closed", "amount": "0"}).status_code == 403
    admin.post(url(model, "changelist"), {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"})
    assert list(model.objects.order_by("pk").values()) == before


def test_personal_data_is_not_for_administrators(admin: Client, closed: Ticket) -> None:
    pages = [admin.get(url(Ticket, "change", closed.pk)).text]
    pages += [admin.get(url(Event, "change", event.pk)).text for event in Event.objects.filter(ticket=closed)]
    for page in pages:
        assert not [word for word in ("东湖路", "李建华", "13812342317", closed.public_token) if word in page]


def test_confidential_cases_are_not_listed(admin: Client) -> None:
    ticket = factories.dispatched(category="staff_misconduct", unit="discipline")
    for model in (Ticket, Event):
        assert ticket.number not in admin.get(url(model, "changelist")).text
    assert admin.get(url(Ticket, "change", ticket.pk)).status_code == 302


@pytest.mark.parametrize("action", ["accept", "dismiss"])
def test_findings_go_through_the_actions_which_leave_them_to_the_assessors(admin: Client, action: str) -> None:
    factories.accepted_late(at=NOW - timedelta(days=20) + minutes(0))
    factories.accepted_late()
    rows = factories.assessed_march(at=AFTER_MARCH)
    chosen = {"action": action, "_selected_action": [row.pk for row in rows], "reason": "flood"}
    page = admin.post(url(Finding, "changelist"), chosen, follow=True).text
    assert "Only assessors and the approver decide findings." in page
    assert set(Finding.objects.values_list("status", flat=True)) == {"proposed"}


@pytest.mark.parametrize(
    ("action", "reason", "told", "status"),
    [
        ("accept", "", "1 finding decided.", "confirmed"),
        ("dismiss", "flood", "1 finding decided.", "dismissed"),
        ("dismiss", "", "Dismissing needs a reason.", "proposed"),
    ],
)
def test_the_actions_are_those_of_the_month_review(
    admin: Client, monkeypatch: pytest.MonkeyPatch, action: str, reason: str, told: str, status: str
) -> None:
    """Seen through somebody the actions would let decide."""
    monkeypatch.setattr(User, "actor", property(lambda user: factories.APPROVER))
    factories.accepted_late()
    (row,) = factories.assessed_march()
    chosen = {"action": action, "_selected_action": [row.pk], "reason": reason}
    assert told in admin.post(url(Finding, "changelist"), chosen, follow=True).text
    row.refresh_from_db()
    assert (row.status, row.reason) == (status, reason if status != "proposed" else "")


def test_long_lists_count_no_further_than_they_show(
    admin: Client, monkeypatch: pytest.MonkeyPatch, statements: Callable[[Client, str], list[str]]
) -> None:
    monkeypatch.setattr("core.admin.MOST", 2)
    for n in range(4):
        factories.reported(at=factories.T0 + minutes(n))
    assert admin.get(url(Ticket, "changelist")).context["cl"].result_count == 2
    sent = statements(admin, url(Ticket, "changelist"))
    assert not [sql for sql in sent if "COUNT(*)" in sql and "LIMIT" not in sql], sent
