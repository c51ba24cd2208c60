"""The timeline of a ticket: every recorded step as a sentence, with what was said."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dispatch.wording import Text, clock_name, moment, role_name, tier_name
from tickets.models import Event, Ticket
from units.actors import CENTRE, FIELD_ROLES

SENTENCES: dict[str, Text] = {
    "report": gettext_lazy("%(who)s registered the report (%(channel)s), tier %(tier)s"),
    "answer": gettext_lazy("%(who)s answered at once; the ticket ended"),
    "dispatch": gettext_lazy("%(who)s dispatched it to %(unit)s"),
    "assign": gettext_lazy("%(who)s assigned it to %(person)s"),
    "accept": gettext_lazy("%(who)s accepted it"),
    "accept_on_word": gettext_lazy("%(who)s recorded the acceptance on the phone word of %(word_of)s"),
    "arrive": gettext_lazy("%(who)s arrived on site"),
    "stop_water": gettext_lazy("%(who)s stopped the water"),
    "start_repair": gettext_lazy("%(who)s started the repair"),
    "finish_repair": gettext_lazy("%(who)s finished the repair"),
    "resolve": gettext_lazy("%(who)s handed the result in, to be checked"),
    "callback": gettext_lazy("%(who)s called back: %(answers)s"),
    "close": gettext_lazy("%(who)s checked the result and closed the ticket"),
    "reject": gettext_lazy("%(who)s sent it back for rework"),
    "reopen": gettext_lazy("%(who)s reopened the ticket"),
    "ask_return": gettext_lazy("%(who)s asked to return the ticket"),
    "grant_return": gettext_lazy("%(who)s granted the return"),
    "refuse_return": gettext_lazy("%(who)s refused the return"),
    "declare_delay": gettext_lazy("%(who)s declared a delay until %(until)s"),
    "grant_delay": gettext_lazy("%(who)s granted the delay until %(until)s"),
    "refuse_delay": gettext_lazy("%(who)s refused the delay"),
    "reclassify": gettext_lazy("%(who)s reclassified the ticket"),
    "urge": gettext_lazy("%(who)s urged the unit"),
    "supervise": gettext_lazy("%(who)s took it under supervision"),
    "supplement": gettext_lazy("%(who)s added information"),
    "attach": gettext_lazy("%(who)s added photos: %(count)s"),
    "merge": gettext_lazy("%(who)s merged it into %(into)s"),
    "withdraw": gettext_lazy("%(who)s withdrew it"),
    "admit_time": gettext_lazy("%(who)s corrected a time"),
    "system_fault": gettext_lazy("%(who)s reported the system of %(of)s down until %(until)s"),
    "late": gettext_lazy("%(unit)s missed the limit: %(milestone)s"),
}
#: What was said with a step, in the order shown.
SAID: dict[str, Text] = {
    "answer": gettext_lazy("Answer to the customer"),
    "reason": gettext_lazy("Reason"),
    "note": gettext_lazy("Note"),
}
QUESTIONS: dict[str, Text] = {
    "reached": gettext_lazy("reached"),
    "solved": gettext_lazy("solved"),
    "satisfied": gettext_lazy("satisfied"),
}
ICONS = {
    "report": "file-text",
    "answer": "message",
    "dispatch": "send",
    "assign": "user-check",
    "accept": "check",
    "arrive": "map-pin",
    "stop_water": "droplet-off",
    "start_repair": "tool",
    "finish_repair": "checks",
    "resolve": "clipboard-check",
    "callback": "phone-call",
    "close": "circle-check",
    "reject": "refresh",
    "reopen": "refresh",
    "ask_return": "arrow-back-up",
    "grant_return": "arrow-back-up",
    "refuse_return": "ban",
    "declare_delay": "hourglass",
    "grant_delay": "hourglass",
    "refuse_delay": "ban",
    "urge": "bell",
    "supervise": "eye",
    "supplement": "plus",
    "attach": "camera",
    "merge": "git-merge",
    "withdraw": "x",
    "system_fault": "wifi-off",
    "late": "alert-triangle",
}


@dataclass(frozen=True)
class Entry:
    """One line of the timeline."""

    at: datetime
    verb: str
    icon: str
    sentence: str
    said: list[tuple[str, str]]
    #: Names of the photos that came with it.
    photos: list[str]


def timeline(
    events: Iterable[Event], ticket: Ticket, names: Mapping[str, str], *, shown: Callable[[str], str]
) -> list[Entry]:
    """The steps as sentences, newest first. ``names`` are units' names by code; ``shown`` hides what must not be."""
    entries = [
        Entry(
            at=event.at,
            verb=event.verb,
            icon=ICONS.get(event.verb, "circle-check"),
            sentence=shown(_sentence(event, ticket, names)),
            said=[(str(label), shown(str(event.data[name]))) for name, label in SAID.items() if event.data.get(name)],
            photos=[photo["name"] for photo in event.data.get("photos", ())],
        )
        for event in events
    ]
    # Sorted, then turned: of steps at one instant the later stands above.
    return sorted(entries, key=lambda entry: entry.at)[::-1]


def _sentence(event: Event, ticket: Ticket, names: Mapping[str, str]) -> str:
    data = event.data
    word_of = data.get("on_phone_word_of")
    text = SENTENCES.get("accept_on_word" if word_of else event.verb)
    values = {
        "who": _who(event, names),
        "channel": ticket.get_channel_display(),
        "tier": tier_name(str(data.get("tier", ticket.tier))),
        "unit": _unit(data.get("unit"), names),
        "word_of": _unit(word_of, names),
        "of": _unit(data.get("of"), names),
        "person": data.get("person", ""),
        "until": _until(data.get("until")),
        "into": data.get("into", ""),
        "count": len(data.get("photos", ())),
        "milestone": clock_name(str(data.get("milestone", ""))),
        "answers": _answers(data) if event.verb == "callback" else "",
    }
    return str(text) % values if text else f"{values['who']}: {event.verb}"


def _who(event: Event, names: Mapping[str, str]) -> str:
    if event.by_role in FIELD_ROLES:
        return f"{_unit(event.by_unit, names)} {event.by_name}".strip()
    role = role_name(event.by_role)
    return f"{role} {event.by_name}" if event.by_name and event.by_role != "system" else role


def _unit(code: str | None, names: Mapping[str, str]) -> str:
    return names.get(code or CENTRE, code or "")


def _until(text: str | None) -> str:
    instant = parse_datetime(text) if text else None
    return moment(instant) if instant else ""


def _answers(data: Mapping[str, Any]) -> str:
    words = {True: _("yes"), False: _("no"), None: _("not known")}
    each = _("%(question)s: %(answer)s")
    return _(", ").join(
        each % {"question": label, "answer": words[data.get(name)]} for name, label in QUESTIONS.items()
    )
