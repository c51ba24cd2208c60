"""Why, in a sentence a unit head accepts: what was due, what happened, how long it took, under which article."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from core.clock import local
from penalties.amounts import Range
from penalties.facts import Miss
from penalties.ledger import Proposal
from tickets.wording import MILESTONES, duration, moment, rule_name


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


def missed_line(miss: Mapping[str, Any]) -> str:
    """A missed limit as a finding keeps it, in a few words."""
    kind = MILESTONES.get(miss["milestone"], miss["milestone"])
    due = local(datetime.fromisoformat(miss["due_at"]))
    if miss["met_at"] is None:
        return _("%(kind)s: not done by %(due)s") % {"kind": kind, "due": f"{due:%m-%d %H:%M}"}
    return _("%(kind)s: %(over)s late") % {"kind": kind, "over": duration(datetime.fromisoformat(miss["met_at"]) - due)}


def _missed(miss: Miss) -> str:
    values = {
        "milestone": MILESTONES.get(miss.milestone, miss.milestone),
        "start": moment(miss.starts_at),
        "due": moment(miss.due_at),
        "allowed": duration(miss.due_at - miss.starts_at),
        "rule": _(", ").join(part for part in rule_name(miss.rule) if part),
    }
    if miss.met_at is None:
        return (
            _("%(milestone)s: from %(start)s, %(allowed)s allowed (%(rule)s), due %(due)s, not done by then.") % values
        )
    values |= {"met": moment(miss.met_at), "over": duration(miss.met_at - miss.due_at)}
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
