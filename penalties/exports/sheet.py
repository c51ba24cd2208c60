"""Writing one sheet: headers, widths, print set-up, and text that cannot become a formula."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from core.clock import local
from penalties.exports.inert import cleaned, looks_like_formula

A4 = 9
MONEY = "#,##0.00;[Red]-#,##0.00"


@dataclass(frozen=True)
class Column:
    """A column: its header, its width in characters, whether it holds money or long text."""

    header: str
    width: float
    money: bool = False
    wrap: bool = False


@dataclass(frozen=True)
class Formula:
    """A formula and the value it has now, so that the file is right before anybody recalculates it."""

    text: str
    value: Decimal | int


class Formats:
    """The few cell formats of the book; constant memory asks for them to be made once."""

    def __init__(self, book: Workbook) -> None:
        base = {"font_name": "宋体", "font_size": 10, "valign": "vcenter", "border": 1, "border_color": "#BFC5CD"}
        self.title = book.add_format({"font_name": "黑体", "font_size": 15, "align": "center", "valign": "vcenter"})
        self.note = book.add_format({"font_name": "宋体", "font_size": 9, "font_color": "#5A6572", "text_wrap": True})
        self.header = book.add_format(
            base | {"bold": True, "bg_color": "#E8EEF5", "align": "center", "text_wrap": True}
        )
        self.text = book.add_format(base)
        self.wrapped = book.add_format(base | {"text_wrap": True, "valign": "top"})
        # The apostrophe a careful clerk would type: it stays with the cell if somebody edits it.
        self.guarded = book.add_format(base | {"quote_prefix": True, "text_wrap": True, "valign": "top"})
        self.money = book.add_format(base | {"num_format": MONEY})
        self.count = book.add_format(base | {"num_format": "0"})
        self.total_text = book.add_format(base | {"bold": True, "bg_color": "#F6F8FB"})
        self.total_money = book.add_format(base | {"bold": True, "bg_color": "#F6F8FB", "num_format": MONEY})
        self.total_count = book.add_format(base | {"bold": True, "bg_color": "#F6F8FB", "num_format": "0"})


class Sheet:
    """A sheet written top to bottom; ``row`` is the next one, counted from 0."""

    def __init__(self, book: Workbook, formats: Formats, name: str, title: str, columns: Sequence[Column]) -> None:
        self.formats, self.columns = formats, columns
        self.sheet: Worksheet = book.add_worksheet(name)
        self.row = 0
        self._print_set_up(title)
        for index, column in enumerate(columns):
            self.sheet.set_column(index, index, column.width)
        self.sheet.set_row(0, 26)
        self.sheet.merge_range(0, 0, 0, len(columns) - 1, "", formats.title)
        self.sheet.write_string(0, 0, cleaned(title), formats.title)
        self.row = 1
        for index, column in enumerate(columns):
            self.sheet.write_string(self.row, index, column.header, formats.header)
        self.row += 1
        self.sheet.freeze_panes(self.row, 0)
        self.sheet.repeat_rows(0, self.row - 1)

    def _print_set_up(self, title: str) -> None:
        self.sheet.set_paper(A4)
        self.sheet.set_landscape()
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
        # An ampersand begins a code in a header or footer; the title is ours, and is doubled all the same.
        self.sheet.set_footer("&L" + title.replace("&", "&&") + "&R&P / &N")

    def write(self, values: Sequence[Any], *, total: bool = False) -> None:
        """Write one row."""
        for index, (column, value) in enumerate(zip(self.columns, values, strict=True)):
            self._cell(index, column, value, total=total)
        self.row += 1

    def _cell(self, index: int, column: Column, value: Any, *, total: bool) -> None:
        formats = self.formats
        money = formats.total_money if total else formats.money
        count = formats.total_count if total else formats.count
        plain = formats.total_text if total else formats.wrapped if column.wrap else formats.text
        if value is None or value == "":
            self.sheet.write_blank(self.row, index, None, plain)
        elif isinstance(value, Formula):
            style = money if column.money else count
            self.sheet.write_formula(self.row, index, value.text, style, value=_number(value.value))
        elif isinstance(value, Decimal):
            self.sheet.write_number(self.row, index, _number(value), money)
        elif isinstance(value, int):
            self.sheet.write_number(self.row, index, value, count)
        elif isinstance(value, datetime):
            self.sheet.write_string(self.row, index, f"{local(value):%Y-%m-%d %H:%M:%S}", plain)
        else:
            text = cleaned(str(value))
            self.sheet.write_string(self.row, index, text, formats.guarded if looks_like_formula(text) else plain)


def _number(value: Decimal | int) -> float | int:
    """A number as the file format has it. Yuan and fen below a billion are exact to the fen in it."""
    return float(value) if isinstance(value, Decimal) else value
