"""The workbook of a month: totals that can be followed and are right as they stand, and nothing in it that runs."""

from __future__ import annotations

import io
from datetime import datetime
from decimal import Decimal

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from core.clock import Month
from dispatch.demo import city
from penalties.actions import assessing, reviewing
from penalties.exports import workbook
from penalties.exports.inert import cleaned
from penalties.exports.sheet import A4
from penalties.models import Finding
from units.actors import SYSTEM, Actor, Role

UNTIL = datetime.fromisoformat("2026-03-18T10:30:00+08:00")
FEBRUARY = Month(2026, 2)
APPROVER = Actor(role=Role.APPROVER, unit="enterprise-management", name="周正")

HOSTILE = [
    "=1+1",
    '=HYPERLINK("http://127.0.0.1","x")',
    "+86 13800000000",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠x",
    "  =1+1",
    "\u200b=1+1",
    "=cmd|' /C calc'!A0",
    '=WEBSERVICE("http://127.0.0.1")',
    "http://127.0.0.1/",
    "\x01\x1f control",
    "'quoted",
    "7" * 40,
]


def book_of(month: Month, *, values: bool) -> openpyxl.Workbook:
    file = io.BytesIO()
    workbook.write(month, file, at=UNTIL)
    return openpyxl.load_workbook(io.BytesIO(file.getvalue()), data_only=values)


def rows_of(sheet: Worksheet) -> list[list[object]]:
    return [list(row) for row in sheet.iter_rows(min_row=3, values_only=True)]


@pytest.fixture
def reviewed(db: None) -> None:
    """February of the demo, partly decided."""
    city.build_week(until=UNTIL, per_day=3, seed=7)
    assessing.assess(month=FEBRUARY, by=SYSTEM, at=UNTIL)
    for place, finding in enumerate(Finding.objects.filter(status="proposed").order_by("pk")):
        if place % 3 == 0:
            reviewing.decide(finding, by=APPROVER, at=UNTIL)
        elif place % 3 == 1:
            reviewing.decide(finding, by=APPROVER, at=UNTIL, amount=Decimal("-250.50"), reason="情节较重")


@pytest.mark.usefixtures("reviewed")
def test_totals_are_right_without_recalculation_and_are_formulas() -> None:
    values, formulas = book_of(FEBRUARY, values=True), book_of(FEBRUARY, values=False)
    confirmed = sum(f.amount for f in Finding.objects.filter(status="confirmed") if f.amount is not None)
    by_unit = rows_of(values.worksheets[0])
    assert Decimal(str(by_unit[-1][5])) == confirmed
    assert sum(int(row[1]) for row in by_unit[:-1]) == by_unit[-1][1] == Finding.objects.count()
    assert all(str(row[5]).startswith("=") for row in rows_of(formulas.worksheets[0]))
    detail = rows_of(values.worksheets[2])
    assert len(detail) == Finding.objects.count() + 1
    assert Decimal(str(detail[-1][12])) == confirmed
    for row in by_unit[:-1]:
        own = [line for line in detail[:-1] if line[4] == row[0]]
        assert Decimal(str(row[5])) == sum((Decimal(str(line[12])) for line in own if line[12]), Decimal(0))


@pytest.mark.usefixtures("reviewed")
def test_the_formulas_a_reader_follows_name_the_right_columns() -> None:
    detail = book_of(FEBRUARY, values=True).worksheets[2]
    header = [cell.value for cell in detail[2]]
    assert (header.index(detail["E2"].value), header.index(detail["M2"].value)) == (4, 12)
    by_unit = book_of(FEBRUARY, values=False).worksheets[0]
    assert "$E:$E" in by_unit["D3"].value
    assert "$M:$M" in by_unit["D3"].value
    assert "$N:$N" in by_unit["C3"].value


@pytest.mark.usefixtures("reviewed")
def test_hostile_text_stays_text() -> None:
    findings = Finding.objects.filter(status="proposed")
    for payload in HOSTILE:
        findings.update(sentence=payload)
        sheet = book_of(FEBRUARY, values=False).worksheets[2]
        cells = [row[8] for row in sheet.iter_rows(min_row=3) if row[8].value == cleaned(payload)]
        assert len(cells) == findings.count(), payload
        assert all(cell.data_type == "s" and cell.hyperlink is None for cell in cells), payload


@pytest.mark.usefixtures("reviewed")
def test_it_prints_on_a4_with_its_headers_on_every_page() -> None:
    for sheet in book_of(FEBRUARY, values=True).worksheets:
        assert int(sheet.page_setup.paperSize) == A4
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_title_rows == "$1:$2"


@pytest.mark.django_db
def test_a_month_without_findings_is_a_book_with_zero_totals() -> None:
    assert rows_of(book_of(FEBRUARY, values=True).worksheets[0])[-1][5] == 0
