"""Which clause claims which missed limit, against whom, and which it names beside it (contract, "Late work")."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from penalties import clauses
from penalties.clauses import art_35_01_public_facility_late, art_36_02_late_acceptance, art_36_05_late_answer
from penalties.clauses.liability import liable_for_tier
from tests.penalties.misses import OTHER, TIER, UNIT, miss
from tickets.facts import CHANNELS
from units.actors import CENTRE

HALF = Decimal("0.5")
MILESTONES = ("accept", "on_site", "repair", "start_repair", "close", "correction")

CONTRACT = {
    ("accept", False): "36.2",
    ("accept", True): "36.2",
    ("on_site", False): "35.1",
    ("on_site", True): "35.1",
    ("repair", False): "35.1",
    ("repair", True): "35.1",
    ("start_repair", False): "36.10",
    ("start_repair", True): "36.10",
    ("close", False): "36.5",
    ("close", True): "35.1",
    ("correction", False): None,
    ("correction", True): None,
}


@pytest.mark.parametrize(("milestone", "public"), CONTRACT)
def test_the_clause_proposed_is_the_contracts(milestone: str, public: bool) -> None:
    found = clauses.claim(miss(milestone, public=public), HALF)
    assert (found and found.clause) == CONTRACT[milestone, public]


def test_one_missed_limit_is_claimed_by_one_clause_at_most() -> None:
    for milestone in MILESTONES:
        for public in (True, False):
            claims = [clause(miss(milestone, public=public), HALF) for clause in clauses.CLAUSES]
            assert sum(claim is not None for claim in claims) <= 1, milestone


def test_the_clauses_stand_in_the_order_of_the_articles() -> None:
    codes = [
        next(claim.clause for m in MILESTONES for p in (True, False) if (claim := clause(miss(m, public=p), HALF)))
        for clause in clauses.CLAUSES
    ]
    assert codes == sorted(codes, key=lambda code: tuple(map(int, code.split("."))))


@pytest.mark.parametrize("channel", CHANNELS)
def test_34_2_is_named_beside_for_channels_from_above_and_never_proposed(channel: str) -> None:
    from_above = channel in {"mayor_hotline", "utilities_bureau", "superior", "media", "network"}
    claim = art_36_05_late_answer.claim(miss(channel=channel), HALF)
    assert claim.clause == "36.5"
    assert claim.alternatives == (("36.10", "34.2") if from_above else ("36.10",))


def test_a_public_facility_names_the_loss_beside() -> None:
    for milestone in ("on_site", "repair", "close"):
        claim = art_35_01_public_facility_late.claim(miss(milestone, public=True), HALF)
        assert claim.alternatives == ("32",)


def test_an_acceptance_is_the_units_however_short_it_held_the_ticket() -> None:
    claim = art_36_02_late_acceptance.claim(miss("accept", shares={}), HALF)
    assert (claim.unit, claim.alternatives) == (UNIT, ())


@pytest.mark.parametrize(
    ("held", "liable"),
    [
        (TIER / 2, UNIT),
        (TIER / 2 - timedelta(microseconds=1), None),
        (TIER, UNIT),
        (timedelta(0), None),
    ],
)
def test_a_unit_answers_for_the_tier_from_half_of_it_on(held: timedelta, liable: str | None) -> None:
    missed = miss(shares={UNIT: held, OTHER: TIER - held})
    assert liable_for_tier(missed, HALF) == liable
    assert clauses.claim(missed, HALF).unit == liable


def test_the_share_is_a_figure_of_the_rules() -> None:
    missed = miss(shares={UNIT: TIER / 4})
    assert liable_for_tier(missed, Decimal("0.25")) == UNIT
    assert liable_for_tier(missed, Decimal("0.26")) is None
    assert liable_for_tier(miss(shares={}), Decimal(0)) == UNIT


def test_half_is_of_the_first_length_however_far_the_due_was_moved() -> None:
    moved = miss(first_length=TIER, starts_at=miss().due_at - 2 * TIER, shares={UNIT: TIER / 2, OTHER: TIER * 3 / 2})
    assert liable_for_tier(moved, HALF) == UNIT


def test_the_centre_answers_by_the_same_share() -> None:
    assert liable_for_tier(miss(unit=CENTRE, shares={CENTRE: TIER * 3 / 4, UNIT: TIER / 4}), HALF) == CENTRE
    assert liable_for_tier(miss(unit=CENTRE, shares={CENTRE: TIER / 4, UNIT: TIER * 3 / 4}), HALF) is None
