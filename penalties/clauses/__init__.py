"""The clauses that clocks can see: one file a clause, one tuple in article order.

One fact, one fine: each missed limit is claimed by at most one clause, which names the others beside it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from decimal import Decimal

from penalties.clauses import (
    art_35_01_public_facility_late,
    art_36_02_late_acceptance,
    art_36_05_late_answer,
    art_36_10_late_start,
)
from penalties.facts import Claim, Miss

#: A clause takes a missed limit and the share a unit must have held, and claims it or not.
ClauseFunction = Callable[[Miss, Decimal], Claim | None]

CLAUSES: tuple[ClauseFunction, ...] = (
    art_35_01_public_facility_late.claim,
    art_36_02_late_acceptance.claim,
    art_36_05_late_answer.claim,
    art_36_10_late_start.claim,
)

#: What these clauses are called.
CODES: frozenset[str] = frozenset(sys.modules[clause.__module__].CODE for clause in CLAUSES)

#: The milestones some clause may claim; a late one of any other kind is no matter of the assessment.
CLAIMED = frozenset({"accept", "on_site", "repair", "start_repair", "close"})


def claim(miss: Miss, share: Decimal) -> Claim | None:
    """The claim of the first clause, in article order, that the missed limit falls under."""
    for clause in CLAUSES:
        found = clause(miss, share)
        if found is not None:
            return found
    return None
