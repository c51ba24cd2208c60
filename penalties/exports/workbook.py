"""The monthly workbook for the enterprise management department: summaries, detail with evidence, clauses in force.

Totals are formulas over the detail sheet, so a reader can follow them, and carry their values, so they are right in a
viewer that never recalculates. Rows stream from a server-side cursor: memory does not grow with the month.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, BinaryIO

from django.conf import settings
from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils import translation
from django.utils.translation import gettext as _
from xlsxwriter import Workbook

from core.clock import Month, local
from penalties.exports.sheet import Column, Formats, Formula, Sheet
from penalties.models import AssessmentMonth, Finding, Reading
from penalties.queries import findings_of
from penalties.wording import missed_line
from units.models import Unit

ZERO = Decimal("0.00")


def write(month: Month, file: BinaryIO, *, at: datetime, findings: QuerySet[Finding] | None = None) -> None:
    """Write the workbook of a month into ``file``, in the language of the company.

    ``findings`` are those of the month the reader may see; without them all are written.
    """
    everything = Finding.objects.filter(month_id=str(month))
    seen = everything if findings is None else findings
    # What the library lays down meanwhile goes with the folder, also where the file is never finished.
    with translation.override(settings.LANGUAGE_CODE), tempfile.TemporaryDirectory() as folder:
        book = Workbook(
            file,
            {
                "constant_memory": True,
                "tmpdir": folder,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        # The file says when it was made by the clock of the system, not of the library.
        book.set_properties({"title": _title(month), "created": local(at).replace(tzinfo=None)})
        formats = Formats(book)
        names = {unit.code: unit.name for unit in Unit.objects.all()}
        try:
            _by_unit(book, formats, month, names, seen)
            _by_person(book, formats, month, names, seen)
            _detail(book, formats, month, names, seen)
            _clauses(book, formats, month)
            left_out = everything.count() - seen.count() if findings is not None else 0
            _about(book, formats, month, at, left_out=left_out)
            book.close()
        finally:
            for sheet in book.worksheets():
                sheet.row_data_fh.close()


def _title(month: Month) -> str:
    return _("Rewards and penalties, %(month)s") % {"month": month}


def _by_unit(book: Workbook, formats: Formats, month: Month, names: dict[str, str], seen: QuerySet[Finding]) -> None:
    columns = [
        Column(_("Unit"), 24),
        Column(_("Findings"), 10),
        Column(_("Confirmed"), 10),
        Column(_("Rewards (yuan)"), 15, money=True),
        Column(_("Penalties (yuan)"), 15, money=True),
        Column(_("Net (yuan)"), 15, money=True),
    ]
    sheet = Sheet(book, formats, _("By unit"), _title(month) + " · " + _("by unit"), columns)
    rows: Any = seen.filter(person="").values("unit").annotate(**_sums()).order_by("unit")
    _summary(sheet, ((names.get(row["unit"], _("to be named")), row) for row in rows), key="E")


def _by_person(book: Workbook, formats: Formats, month: Month, names: dict[str, str], seen: QuerySet[Finding]) -> None:
    columns = [
        Column(_("Person"), 24),
        Column(_("Findings"), 10),
        Column(_("Confirmed"), 10),
        Column(_("Rewards (yuan)"), 15, money=True),
        Column(_("Penalties (yuan)"), 15, money=True),
        Column(_("Net (yuan)"), 15, money=True),
    ]
    sheet = Sheet(book, formats, _("By person"), _title(month) + " · " + _("by person"), columns)
    rows: Any = seen.exclude(person="").values("person", "of_unit").annotate(**_sums()).order_by("of_unit", "person")
    _summary(sheet, ((_person(row["person"], row["of_unit"], names), row) for row in rows), key="F")


def _person(person: str, of_unit: str | None, names: dict[str, str]) -> str:
    return f"{person}({names.get(of_unit, of_unit)})" if of_unit else person


def _sums() -> dict[str, Any]:
    return {
        "findings": Count("id"),
        "confirmed": Count("id", filter=Q(status=Finding.Status.CONFIRMED)),
        "rewards": Sum("amount", filter=Q(amount__gt=0), default=ZERO),
        "penalties": Sum("amount", filter=Q(amount__lt=0), default=ZERO),
    }


def _summary(sheet: Sheet, rows: Iterable[tuple[str, dict[str, Any]]], *, key: str) -> None:
    """Rows of subjects with counts and sums over the detail sheet, and their total. ``key`` is the detail column
    that holds the subject.
    """
    detail = "'" + _("Detail") + "'!"
    subject, money, status = (f"{detail}${c}:${c}" for c in (key, "M", "N"))
    confirmed = str(Finding.Status.CONFIRMED.label)
    first = sheet.row + 1
    totals: dict[str, Any] = {"findings": 0, "confirmed": 0, "rewards": ZERO, "penalties": ZERO}
    for name, row in rows:
        here = f"$A{sheet.row + 1}"
        line = sheet.row + 1
        for column in totals:
            totals[column] += row[column]
        sheet.write(
            [
                name,
                Formula(f"=COUNTIF({subject},{here})", row["findings"]),
                Formula(f'=COUNTIFS({subject},{here},{status},"{confirmed}")', row["confirmed"]),
                Formula(f'=SUMIFS({money},{subject},{here},{money},">0")', row["rewards"]),
                Formula(f'=SUMIFS({money},{subject},{here},{money},"<0")', row["penalties"]),
                Formula(f"=D{line}+E{line}", row["rewards"] + row["penalties"]),
            ]
        )
    last = sheet.row
    if last < first:
        sheet.write([_("Total"), 0, 0, ZERO, ZERO, ZERO], total=True)
        return
    values = [*totals.values(), totals["rewards"] + totals["penalties"]]
    formulas = [Formula(f"=SUM({c}{first}:{c}{last})", v) for c, v in zip("BCDEF", values, strict=True)]
    sheet.write([_("Total"), *formulas], total=True)


def _detail(book: Workbook, formats: Formats, month: Month, names: dict[str, str], seen: QuerySet[Finding]) -> None:
    columns = [
        Column(_("No."), 6),
        Column(_("Clause"), 8),
        Column(_("Clause title"), 22, wrap=True),
        Column(_("Occurred"), 19),
        Column(_("Unit"), 16),
        Column(_("Person"), 14),
        Column(_("Ticket"), 17),
        Column(_("Missed limits"), 26, wrap=True),
        Column(_("Why"), 60, wrap=True),
        Column(_("Measures"), 18, wrap=True),
        Column(_("Other clauses"), 12),
        Column(_("Proposed (yuan)"), 13, money=True),
        Column(_("Decided (yuan)"), 13, money=True),
        Column(_("Status"), 12),
        Column(_("Reason"), 24, wrap=True),
        Column(_("Decided by"), 10),
        Column(_("Decided at"), 19),
    ]
    sheet = Sheet(book, formats, _("Detail"), _title(month) + " · " + _("detail"), columns)
    count, proposed, decided = 0, ZERO, ZERO
    first = sheet.row + 1
    for finding in _streamed(findings_of(month, among=seen).select_related("reading")):
        count += 1
        proposed += finding.proposed
        decided += finding.amount or ZERO
        sheet.write(
            [
                count,
                finding.clause_id,
                finding.clause.title_zh,
                finding.occurred_at,
                _subject(finding, names),
                _person(finding.person, finding.of_unit_id, names),
                finding.ticket.number if finding.ticket else "",
                "\n".join(map(missed_line, finding.misses)),
                finding.sentence,
                finding.reading.measures_zh,
                "、".join(finding.alternatives),
                finding.proposed,
                finding.amount,
                str(finding.get_status_display()),
                finding.reason,
                finding.decided_by,
                finding.decided_at,
            ]
        )
    last = sheet.row
    if count:
        sheet.sheet.autofilter(first - 2, 0, last - 1, len(columns) - 1)
    blank: list[Any] = [None] * len(columns)
    blank[0] = _("Total")
    blank[11] = Formula(f"=SUM(L{first}:L{last})", proposed) if count else ZERO
    blank[12] = Formula(f"=SUM(M{first}:M{last})", decided) if count else ZERO
    sheet.write(blank, total=True)


def _streamed(rows: QuerySet[Finding]) -> Iterable[Finding]:
    return rows.iterator(chunk_size=2000)


def _subject(finding: Finding, names: dict[str, str]) -> str:
    if finding.person:
        return ""
    return names.get(finding.unit_id, finding.unit_id) if finding.unit_id else _("to be named")


def _clauses(book: Workbook, formats: Formats, month: Month) -> None:
    columns = [
        Column(_("Clause"), 9),
        Column(_("Clause title"), 36, wrap=True),
        Column(_("Direction"), 8),
        Column(_("Unit from (yuan)"), 14, money=True),
        Column(_("Unit to (yuan)"), 14, money=True),
        Column(_("Person from (yuan)"), 14, money=True),
        Column(_("Person to (yuan)"), 14, money=True),
        Column(_("Rate (%)"), 12),
        Column(_("Measures"), 30, wrap=True),
        Column(_("In force from"), 13),
    ]
    sheet = Sheet(book, formats, _("Clauses"), _title(month) + " · " + _("clauses in force"), columns)
    last_day = local(month.ends_at - timedelta(seconds=1)).date()
    rows = Reading.objects.filter(Q(valid_to=None) | Q(valid_to__gt=last_day), valid_from__lte=last_day)
    for row in rows.select_related("clause").order_by(F("clause__order")):
        rate = f"{row.rate_low:g}–{row.rate_high:g}" if row.rate_low is not None and row.rate_high is not None else ""
        sheet.write(
            [
                row.clause_id,
                row.clause.title_zh,
                str(row.clause.get_direction_display()),
                row.unit_low,
                row.unit_high,
                row.person_low,
                row.person_high,
                rate,
                row.measures_zh,
                row.valid_from.isoformat(),
            ]
        )


def _about(book: Workbook, formats: Formats, month: Month, at: datetime, *, left_out: int) -> None:
    sheet = Sheet(
        book,
        formats,
        _("About"),
        _title(month) + " · " + _("about this file"),
        [Column("", 22), Column("", 80, wrap=True)],
    )
    row = AssessmentMonth.objects.filter(pk=str(month)).first()
    status = row.standing_label(at) if row else _("not assessed yet")
    sheet.write([_("Month"), str(month)])
    sheet.write([_("Status"), status])
    sheet.write([_("Assessed at"), row.assessed_at if row else None])
    sheet.write([_("Closed at"), row.closed_at if row else None])
    sheet.write([_("Closed by"), row.closed_by if row else None])
    sheet.write([_("File made at"), at])
    sheet.write(
        [_("Amounts"), _("Yuan; rewards positive, penalties negative. Undecided findings have no decided amount.")]
    )
    sheet.write([_("Totals"), _("Sums over the sheet of details; filters there do not change them.")])
    if left_out:
        sheet.write(
            [_("Left out"), _("%(count)d confidential findings, which this reader may not see.") % {"count": left_out}]
        )
