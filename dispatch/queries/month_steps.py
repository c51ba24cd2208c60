"""The trace of the assessment in sentences: who did what, when, and what was said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy

from dispatch.wording import Text, role_name
from penalties.models import AssessmentEvent
from units.actors import Role

SENTENCES: dict[str, Text] = {
    "propose": gettext_lazy("%(who)s proposed %(amount)s yuan"),
    "propose_open": gettext_lazy("%(who)s proposed %(amount)s yuan, the unit to be named"),
    "revise": gettext_lazy("%(who)s revised the proposal to %(amount)s yuan"),
    "withdraw_finding": gettext_lazy("%(who)s withdrew the proposal"),
    "confirm": gettext_lazy("%(who)s confirmed %(amount)s yuan for %(unit)s"),
    "confirm_person": gettext_lazy("%(who)s confirmed %(amount)s yuan"),
    "dismiss": gettext_lazy("%(who)s dismissed it"),
    "bulk_confirm": gettext_lazy("%(who)s accepted %(count)s findings at once"),
    "bulk_dismiss": gettext_lazy("%(who)s dismissed %(count)s findings at once"),
    "export": gettext_lazy("%(who)s took the month out as a file"),
    "close_month": gettext_lazy("%(who)s closed the month: %(entries)s ledger entries, %(total)s yuan"),
}
ICONS = {
    "propose": "flag",
    "revise": "refresh",
    "withdraw_finding": "arrow-back-up",
    "confirm": "circle-check",
    "dismiss": "ban",
    "bulk_confirm": "checks",
    "bulk_dismiss": "ban",
    "export": "download",
    "close_month": "lock",
}


@dataclass(frozen=True)
class Step:
    """One line of the trace."""

    at: datetime
    verb: str
    icon: str
    sentence: str
    reason: str


def step(event: AssessmentEvent, names: Mapping[str, str]) -> Step:
    """A recorded step in words. ``names`` are units' names by code."""
    data = event.data
    unit = data.get("unit")
    form = {"propose": "propose" if unit else "propose_open", "confirm": "confirm" if unit else "confirm_person"}
    text = SENTENCES.get(form.get(event.verb, event.verb))
    values = {
        "who": _who(event),
        "amount": _yuan(data.get("amount")),
        "unit": names.get(unit, unit) if unit else "",
        "count": data.get("count", ""),
        "entries": data.get("entries", ""),
        "total": _yuan(data.get("total")),
    }
    return Step(
        at=event.at,
        verb=event.verb,
        icon=ICONS.get(event.verb, "circle-check"),
        sentence=str(text) % values if text else f"{values['who']}: {event.verb}",
        reason=str(data.get("reason") or ""),
    )


def _who(event: AssessmentEvent) -> str:
    role = role_name(event.by_role)
    return f"{role} {event.by_name}" if event.by_name and event.by_role != Role.SYSTEM else role


def _yuan(text: str | None) -> str:
    """An amount of the trace, with the minus sign of the pages."""
    if text is None:
        return ""
    return f"{Decimal(text):,.2f}".replace("-", "−")
