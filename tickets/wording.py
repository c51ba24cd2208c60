"""The words pages, commands and findings share for clocks: milestones, verdicts, moments and lengths."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.clock import local

MILESTONES = {
    "accept": gettext_lazy("acceptance"),
    "on_site": gettext_lazy("arrival on site"),
    "repair": gettext_lazy("repair"),
    "start_repair": gettext_lazy("start of repair"),
    "close": gettext_lazy("hand-in of the result (tier)"),
    "correction": gettext_lazy("corrected answer"),
}

#: How a clock names its rule: article and first day (``tickets.limits.LimitRow.rule``).
RULE = re.compile(r"Art\. (\S+) @ (\S+)")

VERDICTS = {
    "pending": gettext_lazy("pending"),
    "met": gettext_lazy("met"),
    "late": gettext_lazy("late"),
    "excused": gettext_lazy("excused"),
    "cancelled": gettext_lazy("cancelled"),
}


def rule_name(rule: str) -> tuple[str, str]:
    """Article and version of a rule."""
    found = RULE.fullmatch(rule)
    if not found:
        return rule, ""
    return _("Art. %(article)s") % {"article": found[1]}, _("since %(day)s") % {"day": found[2]}


def moment(instant: datetime) -> str:
    """An instant as Shanghai wall time, to the second."""
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
