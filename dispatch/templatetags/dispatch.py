"""Small things templates need again and again."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import template
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from dispatch import wording
from dispatch.queries.countdown import Countdown
from dispatch.queries.desk import MOST
from penalties.wording import missed_line

register = template.Library()

register.filter("clock_name", wording.clock_name)
register.filter("tier_name", wording.tier_name)
register.filter("role_name", wording.role_name)
register.filter("missed_line", missed_line)


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """An icon of the sprite; decoration, so hidden from screen readers."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        extra, static("icons.svg"), name,
    )  # fmt: skip


@register.filter
def verb_name(verb: str) -> str:
    """What a verb is called."""
    return str(wording.VERBS.get(verb, verb))


@register.filter
def verdict_name(verdict: str) -> str:
    """What a verdict is called."""
    return str(wording.SHOWN_VERDICTS.get(verdict, verdict))


@register.filter
def at_most(number: int) -> str:
    """A bounded count: 999+ where counting stopped."""
    return f"{MOST}+" if number > MOST else str(number)


@register.filter
def item(mapping: dict[str, Any], key: str) -> Any:
    """The value of a key, the key itself where there is none."""
    return mapping.get(key, key)


@register.filter
def yuan(amount: Decimal | None) -> str:
    """Signed yuan with a real minus sign."""
    if amount is None:
        return ""
    sign = "+" if amount > 0 else "−" if amount < 0 else ""
    return f"{sign}{abs(amount):,.2f}"


@register.filter
def span(length: int | timedelta) -> str:
    """A length, also one given in seconds."""
    return words(length if isinstance(length, timedelta) else timedelta(seconds=length))


@register.filter
def countdown_text(shown: Countdown) -> str:
    """The countdown in words, as the page shows it before its script runs; `static/countdown.js` writes the same."""
    if shown.state == "over":
        return ""
    if shown.state == "standing":
        return _("Verdict on hold")
    if shown.state == "fault":
        return _("System fault reported")
    if shown.state == "review":
        return _("Awaits the check")
    if shown.state == "late":
        return _("%(time)s late") % {"time": words(-shown.left)}
    return _("%(time)s left") % {"time": words(shown.left, clock=True)}


def words(length: timedelta, *, clock: bool = False) -> str:
    """A length in its two largest units; below an hour as minutes and seconds where ``clock`` asks for it."""
    seconds = int(length.total_seconds())
    days, hours, minutes = seconds // 86400, seconds // 3600 % 24, seconds // 60 % 60
    if days:
        return _("%(d)s d %(h)s h") % {"d": days, "h": hours}
    if hours:
        return _("%(h)s h %(m)s min") % {"h": hours, "m": minutes}
    if clock:
        return f"{minutes:02d}:{seconds % 60:02d}"
    return _("%(m)s min") % {"m": minutes} if minutes else _("under 1 min")


@register.simple_tag
def countdown_words() -> SafeString:
    """The same words for the script, as attributes of the body."""
    texts = {
        "left": _("%(time)s left") % {"time": "{t}"},
        "late": _("%(time)s late") % {"time": "{t}"},
        "fault": _("System fault reported"),
        "days": _("%(d)s d %(h)s h") % {"d": "{d}", "h": "{h}"},
        "hours": _("%(h)s h %(m)s min") % {"h": "{h}", "m": "{m}"},
        "minutes": _("%(m)s min") % {"m": "{m}"},
        "moment": _("under 1 min"),
    }
    return _as_data(texts)


@register.simple_tag
def once() -> str:
    """A key of a form: sent twice, it counts once."""
    return uuid4().hex


@register.simple_tag
def send_words() -> SafeString:
    """What the script that sends forms has to say."""
    return _as_data(
        {
            "sending": _("Sending …"),
            "unsent": _("Not sent: no connection. What you typed is kept; try again."),
            "again": _("Try again"),
            "signed-out": _("Not sent: you are signed out. Sign in on another page, then try again here."),
            "broken": _("Not sent: the system did not understand. Try again, or reload the page."),
        }
    )


def _as_data(texts: dict[str, str]) -> SafeString:
    return format_html_join(" ", 'data-text-{}="{}"', texts.items())
