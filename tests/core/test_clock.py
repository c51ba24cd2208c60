"""Instants and business months: half-open, in Shanghai, whatever the machine's zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from core.clock import SHANGHAI, Month, iso, local, parse_instant

TICK = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("instant", "month"),
    [
        ("2026-02-28T23:59:59.999999+08:00", "2026-02"),
        ("2026-03-01T00:00:00+08:00", "2026-03"),
        ("2026-02-28T15:59:59.999999+00:00", "2026-02"),
        ("2026-02-28T16:00:00+00:00", "2026-03"),
        ("2026-02-28T08:00:00-08:00", "2026-03"),
        ("2025-12-31T23:59:59+08:00", "2025-12"),
        ("2025-12-31T16:00:00+00:00", "2026-01"),
        ("2024-02-29T12:00:00+08:00", "2024-02"),
    ],
)
def test_an_instant_belongs_to_the_month_it_has_in_shanghai(instant: str, month: str) -> None:
    assert str(Month.of(parse_instant(instant))) == month


@pytest.mark.parametrize("text", ["2026-01", "2026-02", "2024-02", "2025-12"])
def test_a_month_holds_its_first_instant_and_not_its_end(text: str) -> None:
    month = Month.parse(text)
    assert Month.of(month.starts_at) == month
    assert Month.of(month.ends_at - TICK) == month
    assert Month.of(month.ends_at) == month.next()
    assert Month.of(month.starts_at - TICK) == month.previous()
    assert month.ends_at == month.next().starts_at


@pytest.mark.parametrize(("text", "days"), [("2026-02", 28), ("2024-02", 29), ("2026-04", 30), ("2025-12", 31)])
def test_a_month_is_as_long_as_in_the_calendar(text: str, days: int) -> None:
    month = Month.parse(text)
    assert month.ends_at - month.starts_at == timedelta(days=days)
    assert month.first_day == date(month.year, month.number, 1)


def test_months_go_over_the_year() -> None:
    assert Month(2025, 12).next() == Month(2026, 1)
    assert Month(2026, 1).previous() == Month(2025, 12)
    assert sorted([Month(2026, 1), Month(2025, 12), Month(2025, 2)]) == [
        Month(2025, 2),
        Month(2025, 12),
        Month(2026, 1),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026",
        "2026-1",
        "2026-00",
        "2026-13",
        "26-01",
        "0000-01",
        "2026-01-01",
        " 2026-01",
        "2026-01\n",
        202601,
        None,
    ],
)
def test_what_is_no_month_is_not_read(text: object) -> None:
    with pytest.raises(ValueError, match="no month"):
        Month.parse(text)


@pytest.mark.parametrize(
    "text", ["2026-03-02T09:00:00", "2026-03-02", "yesterday", "", None, 1, True, datetime(2026, 3, 2)]
)
def test_an_instant_without_an_offset_is_not_read(text: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_instant(text)


def test_an_instant_is_kept_in_utc_and_shown_in_shanghai() -> None:
    instant = parse_instant("2026-03-02T01:00:00-05:00")
    assert instant == datetime(2026, 3, 2, 6, tzinfo=UTC)
    assert instant.tzinfo is UTC
    assert iso(instant) == "2026-03-02T14:00:00+08:00"
    assert local(instant).tzinfo is SHANGHAI
    assert iso(instant + TICK) == "2026-03-02T14:00:00.000001+08:00"
    assert iso(None) is None
    assert Month.of(datetime(2026, 3, 1, tzinfo=timezone(timedelta(hours=14)))) == Month(2026, 2)
