"""The demo: a believable week and a present with every state, the same for the same seed and instant."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import transaction

from core.clock import Month
from dispatch.demo import city
from penalties.actions import assessing
from penalties.models import AssessmentMonth, Finding, LedgerEntry
from tickets.models import Event, Ticket
from tickets.moves import STATUSES
from units.actors import SYSTEM

UNTIL = datetime.fromisoformat("2026-03-18T10:30:00+08:00")


def history() -> list[tuple[str, str, datetime]]:
    """What happened, without what is drawn at random for secrecy."""
    return list(Event.objects.order_by("ticket__number", "seq").values_list("ticket__number", "verb", "at"))


@pytest.mark.django_db
def test_the_present_has_every_state() -> None:
    city.build_week(until=UNTIL, per_day=2, seed=7)
    assert set(Ticket.objects.values_list("status", flat=True)) == set(STATUSES)
    assert Ticket.objects.live().filter(return_asked_at__isnull=False).exists()
    assert Ticket.objects.live().filter(delay_until__isnull=False).exists()
    assert Ticket.objects.live().filter(late_at__isnull=False).exists()


@pytest.mark.django_db
def test_the_week_lies_in_the_past_month_and_can_be_assessed() -> None:
    city.build_week(until=UNTIL, per_day=6, seed=7)
    february = Month(2026, 2)
    week = Ticket.objects.filter(reported_at__gte=february.starts_at, reported_at__lt=february.ends_at)
    assert week.count() >= 6 * 7
    assert not week.live().exists()
    assessing.assess(month=february, by=SYSTEM, at=UNTIL)
    found = Finding.objects.filter(month_id="2026-02")
    assert found.count() >= 5
    assert found.filter(status="undetermined").exists()
    assert found.filter(unit="dispatch-centre").exists()


@pytest.mark.django_db
def test_the_same_seed_and_instant_give_the_same_city() -> None:
    played = []
    for _turn in range(2):
        with transaction.atomic():
            city.build_week(until=UNTIL, per_day=1, seed=3)
            first = Ticket.objects.order_by("pk").values_list("number", flat=True)[0]
            offset = int(first.split("-")[1])
            played.append([(int(number.split("-")[1]) - offset, verb, at) for number, verb, at in history()])
            transaction.set_rollback(True)
    assert played[0] == played[1]


@pytest.mark.django_db
def test_a_month_has_a_cold_week_and_two_bursts_with_many_callers() -> None:
    city.build(until=UNTIL, months=1, per_day=2, seed=7)
    merged = Ticket.objects.filter(status="merged").values_list("merged_into__category", flat=True)
    assert list(merged).count("public_pipe_burst") == 24 + 17
    frozen = Ticket.objects.filter(category="meter_well_damage", reported_at__month=2)
    cold = frozen.filter(reported_at__day__gte=15, reported_at__day__lt=22)
    assert cold.count() > frozen.count() / 3
    assert not Ticket.objects.filter(reported_at__lt=Month(2026, 2).starts_at).exists()


@pytest.mark.django_db
def test_last_month_is_under_review_and_the_one_before_is_closed() -> None:
    city.build(until=UNTIL, months=2, per_day=1, seed=7)
    assert AssessmentMonth.objects.get(pk="2026-01").status == "closed"
    assert AssessmentMonth.objects.get(pk="2026-02").status == "reviewing"
    assert Finding.objects.filter(month_id="2026-02", status="confirmed").exists()
    assert Finding.objects.filter(month_id="2026-02", status="proposed").exists()
    assert LedgerEntry.objects.filter(month_id="2026-01").exists()
