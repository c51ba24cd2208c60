"""From claims to findings: which missed limits stand together, and in which month.

One finding a clause, subject and matter, dated at its first miss; later misses join it while it is undecided, else they
make a new one. A miss whose month is closed goes to the next open one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from core.clock import Month
from penalties.facts import Claim


@dataclass(frozen=True, slots=True)
class Proposal:
    """A finding to be: claims of one clause, subject and matter, earliest first."""

    clause: str
    unit: str | None
    month: Month
    claims: tuple[Claim, ...]

    @property
    def alternatives(self) -> tuple[str, ...]:
        """The clauses named beside it, without repetition."""
        return tuple(dict.fromkeys(code for claim in self.claims for code in claim.alternatives))


def proposals(claims: Iterable[Claim], *, is_closed: Callable[[Month], bool]) -> list[Proposal]:
    """Join the claims of one matter that no decided finding rests on into proposals."""
    groups: dict[tuple[str, str | None], list[Claim]] = {}
    for claim in sorted(claims, key=lambda c: (c.miss.due_at, c.miss.key)):
        groups.setdefault((claim.clause, claim.unit), []).append(claim)
    return [
        Proposal(clause, unit, open_month(Month.of(group[0].miss.due_at), is_closed), tuple(group))
        for (clause, unit), group in groups.items()
    ]


def open_month(month: Month, is_closed: Callable[[Month], bool]) -> Month:
    """The month itself, or the next one that is still open."""
    while is_closed(month):
        month = month.next()
    return month
