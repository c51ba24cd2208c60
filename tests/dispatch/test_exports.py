"""A month as a file, from the page and from the API: who may take it, what it is called, and the trace it leaves."""

from __future__ import annotations

import io
import tempfile
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import openpyxl
import pytest
from django.db import connections
from django.test import Client

from penalties.actions import exporting, reviewing
from penalties.exports import workbook
from penalties.models import AssessmentEvent, Finding
from tests import factories
from tests.api.conftest import admit
from tests.api.contract import check
from tests.dispatch.conftest import SignIn
from tests.factories import AFTER_MARCH, ASSESSOR, MARCH, T0, minutes
from units.actors import ROLES, Role

READERS = {Role.ASSESSOR, Role.APPROVER, Role.LEADER, Role.AUDITOR}
OTHERS = sorted(ROLES - READERS - {Role.INTEGRATION_CLIENT, Role.SYSTEM})
PAGE, CALL = "/months/2026-03.xlsx", "/api/v1/assessments/2026-03.xlsx"


@pytest.fixture(autouse=True)
def _april(reading_at: Callable[[datetime], None]) -> None:
    reading_at(AFTER_MARCH)


def bytes_of(answer: Any) -> bytes:
    assert answer.status_code == 200, answer.content
    return b"".join(answer.streaming_content)


def book(answer: Any) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(bytes_of(answer)), data_only=True)


def numbers(sheet: Any) -> list[str]:
    """The tickets on the sheet of details."""
    return [row[6].value for row in sheet.iter_rows(min_row=3) if row[6].value]


@pytest.mark.parametrize("path", [PAGE, CALL])
@pytest.mark.parametrize("role", sorted(READERS))
def test_readers_take_the_workbook_and_leave_a_trace(sign_in: SignIn, role: str, path: str) -> None:
    ticket = factories.accepted_late()
    factories.assessed_march()
    assert numbers(book(sign_in(role).get(path)).worksheets[2]) == [ticket.number]
    step = AssessmentEvent.objects.get(verb="export")
    assert (step.month, step.finding, step.by_role, step.at) == ("2026-03", None, role, AFTER_MARCH)
    assert step.by_name.startswith("张")
    assert step.by_user is not None


@pytest.mark.parametrize("path", [PAGE, CALL])
@pytest.mark.parametrize("role", OTHERS)
def test_nobody_else_gets_it(sign_in: SignIn, role: str, path: str) -> None:
    assert sign_in(role).get(path).status_code == 403
    assert not AssessmentEvent.objects.filter(verb="export").exists()


@pytest.mark.parametrize("path", [PAGE, CALL])
def test_its_name_is_chinese_and_has_a_plain_one_beside_it(sign_in: SignIn, path: str) -> None:
    answer = sign_in(Role.LEADER).get(path)
    assert answer["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    kind, plain, full = answer["Content-Disposition"].split("; ")
    assert (kind, plain) == ("attachment", 'filename="assessment-2026-03.xlsx"')
    assert full.isascii()
    assert unquote(full) == "filename*=UTF-8''2026年3月奖惩考核.xlsx"
    assert int(answer["Content-Length"]) == len(bytes_of(answer))
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/months/2026-05.xlsx", "/months/2026-13.xlsx", "/months/now.xlsx"])
def test_a_month_that_is_none_or_ahead_is_not_found(sign_in: SignIn, path: str) -> None:
    client = sign_in(Role.AUDITOR)
    assert client.get(path).status_code == 404
    assert client.get(path.replace("/months/", "/api/v1/assessments/")).status_code == 404
    assert not AssessmentEvent.objects.filter(verb="export").exists()


def test_confidential_cases_stay_out_and_are_counted(sign_in: SignIn) -> None:
    shown = factories.accepted_late()
    ticket = factories.dispatched(category="staff_misconduct", unit="discipline")
    factories.field_work.accept(ticket, by=factories.handler_of("discipline"), at=T0 + minutes(21))
    factories.field_work.resolve(ticket, by=factories.handler_of("discipline"), at=T0 + minutes(22))
    factories.assessed_march()
    taken = book(sign_in(Role.AUDITOR).get(PAGE))
    assert numbers(taken.worksheets[2]) == [shown.number]
    assert taken.worksheets[0].cell(3, 2).value == 1
    about = {row[0].value: row[1].value for row in taken.worksheets[4].iter_rows(min_row=3)}
    assert about["未列入"] == "保密认定 1 条，导出人无权查阅。"
    whole = book(sign_in(Role.AUDITOR, "discipline").get(PAGE))
    assert set(numbers(whole.worksheets[2])) == {shown.number, ticket.number}


def test_a_month_that_waits_for_its_assessment_is_not_called_running(sign_in: SignIn) -> None:
    factories.assessed_march(at=T0)
    about = {row[0].value: row[1].value for row in book(sign_in(Role.LEADER).get(PAGE)).worksheets[4].iter_rows()}
    assert about["状态"] == "待考核"


def test_a_file_that_fails_is_not_half_sent_and_leaves_nothing_behind(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(workbook, "_clauses", broken)
    client = sign_in(Role.LEADER)
    client.raise_request_exception = False
    assert client.get(PAGE).status_code == 500
    assert not AssessmentEvent.objects.exists()
    assert list(tmp_path.iterdir()) == []


def test_all_sheets_are_of_one_view_of_the_month(committed: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody decides while the file is written: the sums above and the lines below still agree."""
    factories.accepted_late()
    (finding,) = factories.assessed_march()
    sheet_of_persons = workbook._by_person

    def decided_meanwhile(*args: Any) -> None:
        def decide() -> None:
            reviewing.decide(finding, by=ASSESSOR, at=AFTER_MARCH)
            connections.close_all()

        other = threading.Thread(target=decide)
        other.start()
        other.join()
        sheet_of_persons(*args)

    monkeypatch.setattr(workbook, "_by_person", decided_meanwhile)
    file = io.BytesIO()
    exporting.export(MARCH, file, by=ASSESSOR, at=AFTER_MARCH)
    assert Finding.objects.get().status == "confirmed"
    taken = openpyxl.load_workbook(io.BytesIO(file.getvalue()), data_only=True)
    assert taken.worksheets[0].cell(3, 3).value == 0
    assert taken.worksheets[2].cell(3, 14).value == "待审定"


def test_the_api_reads_a_month_a_page_at_a_time(sign_in: SignIn) -> None:
    for n in range(5):
        factories.accepted_late(at=T0 + minutes(n // 2))
    rows = factories.assessed_march()
    reviewing.decide(rows[0], by=ASSESSOR, at=AFTER_MARCH, reason="so")
    client, seen, path = sign_in(Role.AUDITOR), [], "/api/v1/assessments/2026-03/?page_size=2"
    while path:
        told = check(client.get(path))
        assert told["totals"] == [
            {"unit": "pipe-network", "count": 5, "undecided": 4, "proposed": "-400.00", "confirmed": "-100.00"}
        ]
        seen += [(row["id"], row["status"], row["amount"]) for row in told["results"]]
        path = told["next"]
    assert seen == [(rows[0].pk, "confirmed", "-100.00"), *((row.pk, "proposed", None) for row in rows[1:])]
    assert told["status"] == "reviewing"


@pytest.mark.parametrize(
    ("query", "count"),
    [("unit=pipe-network", 1), ("unit=legal", 0), ("unit=%00", 0), ("clause=36.2", 1), ("status=confirmed", 0)],
)
def test_the_api_narrows_what_it_lists(sign_in: SignIn, query: str, count: int) -> None:
    factories.accepted_late()
    factories.assessed_march()
    assert len(check(sign_in(Role.LEADER).get(f"/api/v1/assessments/2026-03/?{query}"))["results"]) == count


@pytest.mark.parametrize("query", ["status=odd", "cursor=x", "page_size=0", "stranger=1"])
def test_the_api_refuses_what_it_does_not_know(sign_in: SignIn, query: str) -> None:
    answer = sign_in(Role.LEADER).get(f"/api/v1/assessments/2026-03/?{query}")
    assert answer.status_code == 400
    check(answer)


@pytest.mark.parametrize("role", OTHERS)
def test_the_api_is_for_readers_alone(sign_in: SignIn, role: str) -> None:
    answer = sign_in(role).get("/api/v1/assessments/2026-03/")
    assert (answer.status_code, check(answer)["code"]) == (403, "wrong_role")


def test_strangers_and_platforms_are_turned_away(db: None) -> None:

    for path in (CALL, "/api/v1/assessments/2026-03/"):
        assert Client().get(path).status_code == 401
        assert admit("hotline").get(path).status_code == 403
    assert Client().get(PAGE).status_code == 302


@pytest.mark.parametrize("count", [1, 6])
def test_a_page_of_the_api_takes_three_statements(
    sign_in: SignIn, statements: Callable[[Client, str], list[str]], count: int
) -> None:
    for n in range(count):
        factories.accepted_late(at=T0 + minutes(n))
    factories.assessed_march()
    sent = statements(sign_in(Role.LEADER), "/api/v1/assessments/2026-03/")
    assert len(sent) == 3, sent
