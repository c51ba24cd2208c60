"""Instants as whole seconds, months as ``YYYY-MM``, both as Shanghai's wall clock shows them."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

SHANGHAI = timezone(timedelta(hours=8))
MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def seconds(written: str) -> int:
    """The instant of an ISO-8601 text with an offset."""
    return int(datetime.fromisoformat(written).timestamp())


def written(second: int | None) -> str | None:
    """The ISO-8601 text of an instant."""
    return None if second is None else datetime.fromtimestamp(second, SHANGHAI).isoformat()


def month_of(second: int) -> str:
    """The calendar month an instant lies in."""
    return datetime.fromtimestamp(second, SHANGHAI).strftime("%Y-%m")


def first_second(month: str) -> int:
    """The first instant of a month."""
    return seconds(f"{month}-01T00:00:00+08:00")


def month_after(month: str) -> str:
    """The month that follows."""
    return month_of(first_second(month) + 32 * DAY)
