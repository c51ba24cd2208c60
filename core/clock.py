"""Instants and business months.

Instants are stored in UTC and mean Asia/Shanghai at the edges; a business month is half-open,
``[1st 00:00, next 1st 00:00)`` local time, and this module is the only place that says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The system clock. Only doors call it; actions receive ``at``."""
    return datetime.now(UTC)


def local(instant: datetime) -> datetime:
    """The instant as Shanghai wall time."""
    return instant.astimezone(SHANGHAI)


def iso(instant: datetime | None) -> str | None:
    """ISO 8601 with the Shanghai offset, whole seconds where nothing is lost."""
    return None if instant is None else local(instant).isoformat()


def parse_instant(text: object) -> datetime:
    """Read ISO 8601 with an offset. Raises ValueError for anything else, naive times included."""
    if not isinstance(text, str):
        raise ValueError("an instant is ISO 8601 text with an offset")
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None or instant.utcoffset() is None:
        raise ValueError(f"{text!r} carries no offset")
    return instant.astimezone(UTC)


@dataclass(frozen=True, order=True)
class Month:
    """A business month, written ``YYYY-MM``."""

    year: int
    number: int

    @classmethod
    def of(cls, instant: datetime) -> Month:
        """The month an instant belongs to, read in Shanghai."""
        wall = local(instant)
        return cls(wall.year, wall.month)

    @classmethod
    def parse(cls, text: object) -> Month:
        """Read ``YYYY-MM`` of this century; any other year is a typing error. Raises ValueError."""
        found = re.fullmatch(r"(20\d{2})-(0[1-9]|1[0-2])", text, re.ASCII) if isinstance(text, str) else None
        if found is None:
            raise ValueError(f"{text!r} is no month; write YYYY-MM")
        return cls(int(found[1]), int(found[2]))

    @property
    def starts_at(self) -> datetime:
        """First instant of the month."""
        return datetime(self.year, self.number, 1, tzinfo=SHANGHAI).astimezone(UTC)

    @property
    def ends_at(self) -> datetime:
        """First instant of the next month."""
        return self.next().starts_at

    @property
    def first_day(self) -> date:
        return date(self.year, self.number, 1)

    def next(self) -> Month:
        """The month after."""
        return Month(self.year + self.number // 12, self.number % 12 + 1)

    def previous(self) -> Month:
        """The month before."""
        return Month.of(self.starts_at - timedelta(days=1))

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"
