"""The table of verbs a page offers: which form goes with each, and which action it calls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import QueryDict

from dispatch import forms
from dispatch.queries.ticket_page import TicketPage
from dispatch.wording import VERBS, Text
from tickets.actions import closing, delaying, dispatching, ending, field_work, following, returning
from tickets.models import Ticket
from units.actors import Actor


@dataclass(frozen=True)
class Act:
    """One verb. ``at_once``: one tap does it, nothing has to be written."""

    verb: str
    run: Callable[..., Ticket]
    form: type[forms.Act]
    icon: str
    at_once: bool = False
    grave: bool = False

    def bind(self, page: TicketPage | None, actor: Actor, data: QueryDict | None = None) -> forms.Act:
        """Its form on a page; ids carry the verb, for a page shows many forms. The forms of ``SHEETS`` need no page."""
        return self.form(data, page=page, actor=actor, auto_id=f"{self.verb}-%s")

    @property
    def label(self) -> Text:
        """What the button says."""
        return VERBS[self.verb]


ACTS: dict[str, Act] = {
    act.verb: act
    for act in (
        Act("dispatch", dispatching.dispatch, forms.Dispatching, "send"),
        Act("answer", dispatching.answer, forms.Answering, "message"),
        Act("grant_return", returning.grant, forms.Reasoned, "check"),
        Act("refuse_return", returning.refuse, forms.Reasoned, "ban"),
        Act("grant_delay", delaying.grant, forms.Granting, "check"),
        Act("refuse_delay", delaying.refuse, forms.Reasoned, "ban"),
        Act("accept", field_work.accept, forms.Noted, "check", at_once=True),
        Act("arrive", field_work.arrive, forms.Noted, "map-pin", at_once=True),
        Act("stop_water", field_work.stop_water, forms.Noted, "droplet-off", at_once=True),
        Act("start_repair", field_work.start_repair, forms.Noted, "tool", at_once=True),
        Act("finish_repair", field_work.finish_repair, forms.Noted, "checks", at_once=True),
        Act("resolve", field_work.resolve, forms.Resolving, "clipboard-check"),
        Act("assign", field_work.assign, forms.Assigning, "user-check"),
        Act("callback", closing.callback, forms.Calling, "phone-call"),
        Act("close", closing.close, forms.Closing, "circle-check"),
        Act("reject", closing.reject, forms.WithReason, "refresh"),
        Act("declare_delay", delaying.declare, forms.Delaying, "hourglass"),
        Act("ask_return", returning.ask, forms.Returning, "arrow-back-up"),
        Act("urge", following.urge, forms.Noted, "bell"),
        Act("supervise", following.supervise, forms.Noted, "eye"),
        Act("supplement", following.supplement, forms.Informing, "plus"),
        Act("merge", ending.merge, forms.Merging, "git-merge", grave=True),
        Act("withdraw", ending.withdraw, forms.WithReason, "x", grave=True),
    )
}

#: What the desk's panel shows together, by the verb it was opened with.
PANELS: dict[str, tuple[str, ...]] = {
    "grant_return": ("grant_return", "refuse_return"),
    "refuse_return": ("grant_return", "refuse_return"),
    "grant_delay": ("grant_delay", "refuse_delay"),
    "refuse_delay": ("grant_delay", "refuse_delay"),
    "close": ("close", "reject"),
    "reject": ("reject", "close"),
}
#: The step that a panel is about: its words are shown above the forms.
ASKED_BY = {
    "grant_return": "ask_return",
    "refuse_return": "ask_return",
    "grant_delay": "declare_delay",
    "refuse_delay": "declare_delay",
    "callback": "resolve",
    "close": "resolve",
    "reject": "resolve",
}
#: What a phone sends in a sheet over the list, whatever the ticket.
SHEETS = ("resolve", "assign", "declare_delay", "ask_return")
