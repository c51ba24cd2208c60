"""Why, in a sentence a unit head accepts: what was due, what happened, how long it took, under which article."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.clock import local
from penalties.amounts import Range
from penalties.facts import Miss
from penalties.ledger import Proposal

MILESTONES = {
    "accept": gettext_lazy("acceptance"),
    "on_site": gettext_lazy("arrival on site"),
    "repair": gettext_lazy("repair"),
    "start_repair": gettext_lazy("start of repair"),
    "close": gettext_lazy("hand-in of the result (tier)"),
    "correction": gettext_lazy("corrected answer"),
}


def sentence(proposal: Proposal, money: Range, *, names: Mapping[str, str]) -> str:
    """The reason for a proposal, in the language of the company. ``names`` are units' names by code."""
    with translation.override(settings.LANGUAGE_CODE):
        unit = names.get(proposal.unit, proposal.unit) if proposal.unit else _("A unit still to be named")
        parts = [_missed(claim.miss) for claim in proposal.claims]
        head = _("Ticket %(number)s: %(unit)s missed %(count)d limit(s).") % {
            "number": proposal.claims[0].miss.matter.number,
            "unit": unit,
            "count": len(parts),
        }
        tail = _("Clause %(clause)s; proposed %(amount)s yuan, range %(low)s to %(high)s.") % {
            "clause": proposal.clause,
            "amount": money.proposed,
            "low": money.low,
            "high": money.high,
        }
        held = _shares(proposal, names)
        return " ".join([head, *parts, *([held] if held else []), tail])


def _missed(miss: Miss) -> str:
    values = {
        "milestone": MILESTONES.get(miss.milestone, miss.milestone),
        "start": _moment(miss.starts_at),
        "due": _moment(miss.due_at),
        "allowed": duration(miss.due_at - miss.starts_at),
        "rule": miss.rule,
    }
    if miss.met_at is None:
        return _("%(milestone)s: from %(start)s, %(allowed)s allowed (%(rule)s), due %(due)s, not done by then.") % values
    values |= {"met": _moment(miss.met_at), "over": duration(miss.met_at - miss.due_at)}
    return (
        _("%(milestone)s: from %(start)s, %(allowed)s allowed (%(rule)s), due %(due)s, done %(met)s, %(over)s late.")
        % values
    )


def _shares(proposal: Proposal, names: Mapping[str, str]) -> str:
    shares = next((claim.miss.shares for claim in proposal.claims if claim.miss.shares), {})
    if not shares:
        return ""
    parts = [f"{names.get(unit, unit)} {duration(held)}" for unit, held in shares.items()]
    return _("Held until then by: %(parts)s.") % {"parts": _(", ").join(parts)}


def _moment(instant: datetime) -> str:
    return f"{local(instant):%Y-%m-%d %H:%M:%S}"


def duration(length: timedelta) -> str:
    """A length in days, hours, minutes and seconds, in the reader's language."""
    seconds = int(length.total_seconds())
    days, rest = divmod(seconds, 86400)
    hours, rest = divmod(rest, 3600)
    minutes, seconds = divmod(rest, 60)
    units = (
        (days, _("%(n)d d")),
        (hours, _("%(n)d h")),
        (minutes, _("%(n)d min")),
        (seconds, _("%(n)d s")),
    )
    return " ".join(text % {"n": value} for value, text in units if value) or _("%(n)d s") % {"n": 0}
