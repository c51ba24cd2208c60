"""The words of the pages: what verbs, facts, clocks, verdicts and roles are called. Chinese is in the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.clock import local
from tickets.models import Category
from tickets.wording import MILESTONES, VERDICTS
from units.models import User

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Text: TypeAlias = "str | _StrPromise"

VERBS: dict[str, Text] = {
    "answer": pgettext_lazy("action", "answer at once"),
    "dispatch": pgettext_lazy("action", "dispatch"),
    "assign": pgettext_lazy("action", "assign"),
    "accept": pgettext_lazy("action", "accept"),
    "arrive": pgettext_lazy("action", "arrive"),
    "stop_water": pgettext_lazy("action", "stop water"),
    "start_repair": pgettext_lazy("action", "start repair"),
    "finish_repair": pgettext_lazy("action", "finish repair"),
    "resolve": pgettext_lazy("action", "hand in the result"),
    "callback": pgettext_lazy("action", "callback"),
    "close": pgettext_lazy("action", "check and close"),
    "reject": pgettext_lazy("action", "send back for rework"),
    "ask_return": pgettext_lazy("action", "ask to return"),
    "grant_return": pgettext_lazy("action", "grant the return"),
    "refuse_return": pgettext_lazy("action", "refuse the return"),
    "declare_delay": pgettext_lazy("action", "declare a delay"),
    "grant_delay": pgettext_lazy("action", "grant the delay"),
    "refuse_delay": pgettext_lazy("action", "refuse the delay"),
    "urge": pgettext_lazy("action", "urge"),
    "supervise": pgettext_lazy("action", "supervise"),
    "supplement": pgettext_lazy("action", "supplement"),
    "merge": pgettext_lazy("action", "merge"),
    "withdraw": pgettext_lazy("action", "withdraw"),
}

FACTS: dict[str, Text] = {
    "matter": gettext_lazy("Matter concerned"),
    "in_warranty": gettext_lazy("Within warranty"),
    "pressure": gettext_lazy("Water pressure"),
    "buildings": gettext_lazy("Buildings affected"),
    "well": gettext_lazy("Kind of well"),
    "cover": gettext_lazy("Well cover"),
    "outside_shutoff": gettext_lazy("Outside help needed to shut off"),
    "meter_removed": gettext_lazy("Meter was removed"),
    "paid_at": gettext_lazy("Arrears paid at"),
    "dn": gettext_lazy("Pipe diameter (mm)"),
    "serious": gettext_lazy("Serious"),
    "area": gettext_lazy("Service area"),
}

CHOICES: dict[str, dict[str, Text]] = {
    "pressure": {
        "none": pgettext_lazy("pressure", "none"),
        "low": pgettext_lazy("pressure", "low"),
    },
    "well": {
        "meter": pgettext_lazy("well", "meter well"),
        "valve": pgettext_lazy("well", "valve well"),
    },
    "cover": {
        "intact": pgettext_lazy("cover", "intact"),
        "missing": pgettext_lazy("cover", "missing"),
        "damaged": pgettext_lazy("cover", "damaged"),
    },
}

#: What units say most often; a tap says it for them.
COMMON_DELAY_REASONS: tuple[Text, ...] = (
    gettext_lazy("Waiting for parts"),
    gettext_lazy("Time of the shut-off to be agreed with the residents"),
    gettext_lazy("No work possible at night"),
    gettext_lazy("Customer not at home"),
)
COMMON_RETURN_REASONS: tuple[Text, ...] = (
    gettext_lazy("Not within this unit's duties"),
    gettext_lazy("Another service area"),
    gettext_lazy("Still in warranty"),
    gettext_lazy("Beyond the apron of the building"),
)

#: Two verdicts are told apart where the word alone would mislead.
SHOWN_VERDICTS: dict[str, Text] = {
    **VERDICTS,
    "provisional": pgettext_lazy("verdict", "in time (to be checked)"),
    "standing": pgettext_lazy("verdict", "verdict on hold"),
}

OTHER_ROLES: dict[str, Text] = {
    "integration_client": gettext_lazy("partner platform"),
    "system": gettext_lazy("the system"),
}

TIERS: dict[str, Text] = {"h": gettext_lazy("%(n)s h"), "d": gettext_lazy("%(n)s days")}


def role_name(role: str) -> str:
    """What a role is called."""
    return str(dict(User.RoleChoice.choices).get(role) or OTHER_ROLES.get(role) or role)


def clock_name(kind: str) -> str:
    """What a clock is called."""
    return str(MILESTONES.get(kind, kind))


def tier_name(tier: str) -> str:
    """A tier as people say it."""
    text = TIERS.get(tier[-1:])
    return str(text) % {"n": tier[:-1]} if text and tier[:-1].isdigit() else tier


def fact_lines(facts: Mapping[str, Any], categories: Mapping[str, Category]) -> list[tuple[str, str]]:
    """Facts as name and value, in words."""
    return [(str(FACTS.get(name, name)), _fact(name, value, categories)) for name, value in facts.items()]


def moment(instant: datetime) -> str:
    """An instant to the minute, Shanghai time."""
    return f"{local(instant):%Y-%m-%d %H:%M}"


def _fact(name: str, value: Any, categories: Mapping[str, Category]) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name == "matter" and value in categories:
        return str(categories[value])
    if name in CHOICES and isinstance(value, str):
        return str(CHOICES[name].get(value, value))
    if name == "paid_at" and isinstance(value, str) and (instant := parse_datetime(value)):
        return moment(instant)
    return str(value)
